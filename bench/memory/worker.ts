import { writeHeapSnapshot } from 'node:v8';
import { HttpRequest } from '@azure/functions';
import { openAdapters } from '../../shared/clients/adapters';
import { connect } from '../../shared/clients/connect';
import { bulkAnswer } from '../../shared/http/bulkAnswer';
import { readBulk } from '../../shared/http/readBulk';
import { readSettings } from '../../shared/settings';
import { within } from '../../shared/telemetry/invocation';
import { heapAfterCollection, peakOf } from './heap';
import { makeHintQueue } from './hintQueue';

/** What the parent asks for, as JSON in the first argument. */
export interface MemoryPlan {
  invitations: number;
  /** A sample so often, at the first `baseline` and at the end, and heap snapshots at these two; all of them in thousands. */
  every: number;
  baseline: number;
  /** Where snapshots go. */
  folder: string;
  /** Sizes of the bulk calls whose peak is looked at, one after the other. */
  bulks: number[];
  seed: number;
}

export type MemoryMessage =
  | { type: 'sample'; done: number; bytes: number }
  | { type: 'snapshot'; done: number; file: string }
  | { type: 'bulk'; entries: number; bodyBytes: number; peakBytes: number }
  | { type: 'done' };

const A_CALL = 1000;
const REDEEMED_OF_A_CALL = 10;
const CALLER = 'bench';

type Services = ReturnType<typeof connect>;

/** A host's whole work in this process: bulk requests, sends, ticks, redemptions and lists, and nothing left under way at a sample. */
async function main(plan: MemoryPlan): Promise<void> {
  const settings = readSettings(process.env);
  const adapters = await openAdapters(settings);
  const queue = makeHintQueue(adapters.tables.clock.now);
  const services = connect(settings, { ...adapters, hints: queue.hints });
  const drain = () => queue.drain(({ id, wakeUp }) => services.advanceInvitation(id, wakeUp));
  await services.syncRedemptions();
  for (let done = 0; done < plan.invitations;) {
    const emails = peopleOf(plan.seed, done, Math.min(A_CALL, plan.invitations - done));
    await invite(services, bodyOf(emails));
    await drain();
    await lookAround(services, settings.GRAPH_BASE_URL, emails.slice(0, REDEEMED_OF_A_CALL));
    done += emails.length;
    const isTold = done === plan.baseline || done === plan.invitations;
    if (isTold || done % plan.every === 0) await sample(done, plan, settings.GRAPH_CALL_TIMEOUT);
  }
  for (const [nth, entries] of plan.bulks.entries()) {
    const body = bodyOf(peopleOf(plan.seed, plan.invitations + nth * A_CALL, entries));
    const peakBytes = await peakOf(() => invite(services, body), settings.GRAPH_CALL_TIMEOUT);
    tell({ type: 'bulk', entries, bodyBytes: Buffer.byteLength(body), peakBytes });
    await drain();
  }
  tell({ type: 'done' });
}

const peopleOf = (seed: number, from: number, count: number): string[] =>
  Array.from({ length: count }, (_, nth) => `person.${from + nth}.of.${seed}@fabrikam.com`);

const bodyOf = (emails: string[]): string =>
  JSON.stringify({ invitations: emails.map((invitedUserEmailAddress) => ({ invitedUserEmailAddress })) });

/** A bulk request from its bytes to its answer's, as the HTTP function does it. */
async function invite(services: Services, body: string): Promise<void> {
  const url = 'http://127.0.0.1/api/invitations/bulk';
  const headers = { 'content-type': 'application/json' };
  const read = await readBulk(new HttpRequest({ method: 'POST', url, headers, body: { string: body } }));
  if (!read.ok) throw new Error(`The body was not read: ${JSON.stringify(read.answer)}`);
  const asked = { entries: read.entries, caller: CALLER, seesOnlyOwn: false, idempotencyKey: undefined };
  const result = await services.bulkInvitations(asked);
  if (result.type !== 'bulk') throw new Error(`The bulk request was refused: ${result.type}`);
  const refused = result.outcomes.find(({ outcome }) => outcome.type !== 'accepted');
  if (refused) throw new Error(`One of a bulk request was refused: ${JSON.stringify(refused)}`);
  JSON.stringify(bulkAnswer(result.batchId, result.outcomes, url, services.invitations.now()));
}

/** What timers and people do meanwhile: some redeem, which is noticed, a tick runs, and somebody looks at a list. */
async function lookAround(services: Services, graphUrl: string, redeeming: string[]): Promise<void> {
  for (const email of redeeming) {
    await fetch(`${graphUrl}/_simulator/redemptions`, { method: 'POST', body: JSON.stringify({ email }) });
  }
  const synced = await services.syncRedemptions();
  if (synced.type !== 'synced' || synced.redeemed !== redeeming.length) {
    throw new Error(`${redeeming.length} redeemed, and it noticed ${JSON.stringify(synced)}.`);
  }
  await services.wakeInvitations();
  await services.listInvitations({ filter: { status: 'pendingAcceptance' }, pageSize: 100 });
}

async function sample(done: number, plan: MemoryPlan, limitsMs: number): Promise<void> {
  const { baseline, invitations, folder } = plan;
  tell({ type: 'sample', done, bytes: await heapAfterCollection(limitsMs) });
  if (done !== baseline && done !== invitations) return;
  const file = writeHeapSnapshot(`${folder}/${done}.heapsnapshot`);
  tell({ type: 'snapshot', done, file });
}

const tell = (message: MemoryMessage): void => void process.send?.(message);

/** Lines are made, as in a function, and go nowhere. */
const invocation = {
  log: { log: () => undefined, warn: () => undefined, error: () => undefined },
  messageId: undefined,
  traceparent: undefined,
  handsOnTrace: true,
};

process.once('disconnect', () => process.exit());
void within(invocation, () => main(JSON.parse(process.argv[2] ?? '{}') as MemoryPlan)).then(
  () => process.exit(),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
