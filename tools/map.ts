import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { applyLocalSettings } from '../local/localSettings';
import { rulesOf } from '../shared/clients/policyOf';
import type { RequestRules } from '../shared/domain/parseRequest';
import { readSettings } from '../shared/settings';
import { requestFaults } from '../shared/webhooks/actions';
import { readEvents } from '../shared/webhooks/events';
import { mapEvent, selectEvent } from '../shared/webhooks/mapEvent';
import { readSources } from '../shared/webhooks/readSources';
import { type Sandbox, makeSandbox } from '../shared/webhooks/sandbox';
import type { Source, Sources } from '../shared/webhooks/source';
import { type Result, isFine, report } from './map/report';

const FINE = 0;
const NOT_FINE = 1;
const CANT_READ = 2;

const USAGE = `npm run map -- [--source NAME] [--sources FILE] [--fetched FILE] [--json] PAYLOAD

Shows what a webhook source makes of a payload, checked by the rules of POST /invitations. Nothing is verified, fetched,
kept or sent.
  PAYLOAD         a file with the body of a webhook; - for standard input
  --source NAME   the source; may be left out when there is one only
  --sources FILE  the sources, instead of the setting SOURCES
  --fetched FILE  what the URL that is to be fetched would answer
  --json          one JSON object instead of text
Exit code: 0 it would be acted on, or the filter ignores it; 1 it would be kept for a replay; 2 can't read.`;

/** `npm run map`. Gives the exit code; throws where it can't read. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      source: { type: 'string' },
      sources: { type: 'string' },
      fetched: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  const [payload, ...others] = positionals;
  if (values.help === true || payload === undefined || others.length > 0) {
    console.log(USAGE);
    return values.help === true ? FINE : CANT_READ;
  }
  applyLocalSettings(join(__dirname, '..', '..', 'local.settings.json'));
  const source = pick(readSources(values.sources ?? process.env['SOURCES'], withoutSecrets), values.source);
  const fetched = values.fetched === undefined ? undefined : readFileSync(values.fetched, 'utf8');

  const results = await resultsOf(source, readFileSync(payload === '-' ? 0 : payload), fetched);
  console.log(values.json === true ? JSON.stringify({ source: source.name, results }) : report(results));
  return results.every(isFine) ? FINE : NOT_FINE;
}

/** Nothing is verified, so secrets that are not set on this machine are no fault; any text of the least length will do. */
const withoutSecrets = new Proxy(process.env, {
  get: (environment, name) => environment[String(name)] ?? 'A'.repeat(16),
});

function pick(sources: Sources, name: string | undefined): Source {
  const names = [...sources.keys()];
  if (names.length === 0) throw new Error('There are no sources: set SOURCES, or give --sources FILE.');
  const source = name === undefined && sources.size === 1 ? [...sources.values()][0] : sources.get(name ?? '');
  if (source) return source;
  throw new Error(
    `${name === undefined ? 'Give --source' : `There is no source ${name}`}: there are ${names.join(', ')}.`,
  );
}

async function resultsOf(source: Source, rawBody: Buffer, fetched: string | undefined): Promise<Result[]> {
  const read = readEvents(source, { headers: new Headers(), rawBody });
  if (!read.ok) throw new Error(`The payload can’t be read: ${read.reason}.`);
  const rules = requestRules();
  const sandbox = makeSandbox();
  try {
    const results: Result[] = [];
    for (const event of read.events) results.push(await resultOf(source, event, { fetched, rules, sandbox }));
    return results;
  } finally {
    await sandbox.close();
  }
}

async function resultOf(
  source: Source,
  event: string,
  { fetched, rules, sandbox }: { fetched: string | undefined; rules: RequestRules; sandbox: Sandbox },
): Promise<Result> {
  const selected = await selectEvent(source, event, { headers: new Headers(), sandbox });
  const result: Result = {
    selected,
    faults: [],
    ...(typeof source.eventId === 'object' ? { eventIdHeader: source.eventId.header } : {}),
  };
  if (selected.type !== 'selected' || (source.fetch && fetched === undefined)) return result;
  const mapped = await mapEvent(source, event, { sandbox, ...(fetched === undefined ? {} : { fetched }) });
  return { ...result, mapped, faults: mapped.type === 'actions' ? requestFaults(mapped.actions, rules) : [] };
}

/** The rules of this machine's settings. What is no rule for a request may be left out here. */
function requestRules(): RequestRules {
  const unused = { TablesConnection: 'none', ServiceBusConnection: 'none', HASH_KEY: 'not-needed-for-this' };
  return rulesOf(readSettings({ ...unused, ...process.env }));
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = CANT_READ;
  },
);
