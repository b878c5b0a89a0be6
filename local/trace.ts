import Table from 'cli-table3';
import { parseArgs } from 'node:util';
import { type InvitationApi, type ShownInvitation, makeInvitationApi } from './demo/invitationApi';
import { useDemoSettings } from './demo/settings';
import { makeSimulatorControl } from './demo/simulatorControl';
import { type LocalApp, startLocal } from './startLocal';
import { keepTelemetry } from './trace/memory';
import { treesOf } from './trace/spanTree';

const USAGE = `npm run trace [-- --json]

Runs one invitation through the whole app on this machine, from the request over a reminder to the redemption, and prints
its traces: the request's, and what is linked to it. Nobody is really mailed.
  --json  prints the spans and figures as JSON instead`;

const EMAIL = 'admin@fabrikam.com';
const ANY_PORT = { functions: 0, tables: 0, serviceBus: 0, graph: 0 };
const LIMIT_MS = 60_000;

async function main(): Promise<void> {
  const { json = false, help = false } = parseArgs({
    options: { json: { type: 'boolean' }, help: { type: 'boolean' } },
  }).values;
  if (help) {
    console.log(USAGE);
    return;
  }
  useDemoSettings(process.env);
  Object.assign(process.env, { REMIND_AFTER: 'PT2S', WAKE_SCHEDULE: '*/1 * * * * *', SYNC_SCHEDULE: '*/1 * * * * *' });
  const kept = keepTelemetry();
  const local = await startLocal({ ports: ANY_PORT, onLog: () => undefined });
  const id = await liveThrough(local).finally(() => local.stop());
  const [spans, figures] = [kept.spans(), await kept.figures()];
  if (json) {
    console.log(JSON.stringify({ invitationId: id, spans, figures }));
    return;
  }
  console.log(`${treesOf(id, spans)}\n`);
  const table = new Table({ head: ['figure', 'value'], style: { head: [], border: [] }, chars: PLAIN });
  table.push(...figures.map(([what, value]) => [what, value]));
  console.log(table.toString());
}

const PLAIN = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };

/** Invited, reminded, accepted. */
async function liveThrough({ baseUrl, graphUrl }: LocalApp): Promise<string> {
  const limit = AbortSignal.timeout(LIMIT_MS);
  const api = makeInvitationApi(baseUrl, limit);
  const { id } = await api.post({ invitedUserEmailAddress: EMAIL });
  await until(api, id, ({ sends }) => sends.length > 1);
  await makeSimulatorControl(graphUrl).accept(EMAIL);
  await until(api, id, ({ status }) => status === 'accepted');
  return id;
}

/** `get` gives up when the time is over. */
async function until(api: InvitationApi, id: string, isSo: (invitation: ShownInvitation) => boolean): Promise<void> {
  while (!isSo(await api.get(id))) await new Promise((resolve) => setTimeout(resolve, 200));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
