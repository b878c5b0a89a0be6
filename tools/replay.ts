import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { applyLocalSettings } from '../local/localSettings';
import { openTables } from '../shared/clients/adapters';
import type { WebhookEvent } from '../shared/domain/webhookEvent';
import { readSettings } from '../shared/settings';
import { requireLayout } from '../shared/tables/openTables';
import { type WebhookEvents, makeWebhookEvents } from '../shared/tables/webhookEvents';
import { makeKeptEvents } from '../shared/workflow/webhooks/keptEvents';
import { discarded, eventsTable, listed, verdict } from './replay/report';

const FINE = 0;
const NOT_ALL = 1;
const CANT_READ = 2;

const USAGE = `npm run replay -- --source NAME [--list | --discard] [--wait SECONDS] [--json]

Puts the webhook events back that nothing could be made of, once the mapping is mended and deployed: the app, which has to
be running, tries them within a minute. Doing it twice does no harm. Nothing of a payload is shown.
  --source NAME   the source
  --list          only shows which events are kept, and why
  --discard       forgets them, with what they said
  --wait SECONDS  how long to wait for what comes of them (180)
  --json          one JSON object instead of text
Exit code: 0 all done, or nothing kept; 1 some are kept, or not through yet; 2 can't read.`;

const LOOKS_EVERY_MS = 1000;

/** `npm run replay`. Gives the exit code; throws where it can't read. */
async function main(): Promise<number> {
  const { source, list, discard, wait, json, help } = parseArgs({
    options: {
      source: { type: 'string' },
      list: { type: 'boolean' },
      discard: { type: 'boolean' },
      wait: { type: 'string', default: '180' },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  }).values;
  if (help === true || source === undefined || !/^\d{1,6}$/.test(wait) || (list === true && discard === true)) {
    console.log(USAGE);
    return help === true ? FINE : CANT_READ;
  }
  const { webhookEvents, keptEvents } = await open();
  await requireSource(source, webhookEvents);
  const print = (events: WebhookEvent[], text: string): void => {
    if (json === true) console.log(JSON.stringify({ source, events }));
    else console.log(events.length === 0 ? text : `${eventsTable(events)}\n${text}`);
  };

  const kept = await keptEvents.list(source);
  if (list === true || kept.length === 0) {
    print(kept, listed(source, kept));
    return kept.length === 0 ? FINE : NOT_ALL;
  }
  if (discard === true) {
    await keptEvents.discard(kept);
    print(kept, discarded(source, kept));
    return FINE;
  }
  await keptEvents.replay(kept);
  const events = await outcomesOf(kept, webhookEvents, Number(wait) * 1000);
  print(events, verdict(source, events));
  return events.every(({ status }) => status === 'done') ? FINE : NOT_ALL;
}

async function open() {
  applyLocalSettings(join(__dirname, '..', '..', 'local.settings.json'));
  // Nothing is sent from here, so what names the broker may be left out.
  const settings = readSettings({ ServiceBusConnection: 'none', ...process.env });
  const tables = await openTables(settings);
  await requireLayout(tables, { partitions: settings.PARTITIONS, hashKey: settings.HASH_KEY });
  const webhookEvents = makeWebhookEvents(tables, settings.HASH_KEY);
  const retainMs = settings.RETAIN_DAYS * 24 * 3600_000;
  return { webhookEvents, keptEvents: makeKeptEvents({ webhookEvents, retainMs, now: tables.clock.now }) };
}

async function requireSource(source: string, { sources }: WebhookEvents): Promise<void> {
  const names = await sources();
  if (names.includes(source)) return;
  const others = names.length === 0 ? 'nobody did' : `these did: ${names.join(', ')}`;
  throw new Error(`No source of the name ${source} ever sent an event; ${others}.`);
}

/** The events once each was tried, or when the time is over. One that is deleted meanwhile was done. */
async function outcomesOf(put: WebhookEvent[], { read }: WebhookEvents, waitMs: number): Promise<WebhookEvent[]> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    const events: WebhookEvent[] = [];
    for (const event of put) {
      const found = (await read(event.source, event.key))?.event;
      events.push(found ?? { ...event, status: 'done' });
    }
    const isThrough = events.every(({ status, tries }) => status !== 'pending' || tries > 0);
    if (isThrough || performance.now() > deadline) return events;
    await sleep(LOOKS_EVERY_MS);
  }
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = CANT_READ;
  },
);
