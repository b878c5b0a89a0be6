import type { BehaviourPatch } from '../../local/graph/behaviour';
import { readSettings } from '../../shared/settings';
import { prepareTables } from '../../shared/tables/openTables';
import { TablesUnavailableError } from '../../shared/tables/tablesError';
import { makeBroker } from './broker';
import { makeGraphTenant } from './graphTenant';
import { isSettled, storedInvitations } from './reading';
import { between, seededBytes, seededRandom } from './seededRandom';
import { type TableCall, type TableFault, stormTables } from './tableClient';
import { makeTableServer } from './tableServer';
import { makeVirtualClock } from './virtualClock';
import { type Worker, makeWorker } from './worker';

export interface WorldOptions {
  seed: number;
  /** People, the last `shares` of whom an item is shared with; the others are invited as guests. */
  invitations: number;
  shares?: number;
  settings?: Record<string, string>;
  graph?: BehaviourPatch;
}

export type World = ReturnType<typeof makeWorld>;

export const WORKERS = 4;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
const STARTS_AT_MS = Date.UTC(2026, 2, 2, 9);
/** As in host.json. */
const MAX_CONCURRENT_CALLS = 64;
const CLIENT_RETRY_MS = 5_000;
const LOOKS_EVERY_MS = 5_000;
const REST_MOST_MS = 3 * HOUR_MS;

const SETTINGS = {
  TablesConnection: 'stood in for',
  ServiceBusConnection: 'stood in for',
  HASH_KEY: 'only-for-these-storms',
  INVITE_REDIRECT_URL: 'https://myapp.contoso.com',
};

/** Every fiftieth is one whom Graph refuses, so that "ends where it must" is more than one status. */
export const addressOf = (index: number): string =>
  `${index % 50 === 7 ? 'group-' : 'person-'}${index}@fabrikam.example`;

export const isRefused = (address: string): boolean => address.startsWith('group-');

/** One of a few items. */
const shareOf = (index: number): object => ({
  kind: 'driveItem',
  target: `/drives/b!x/items/01ABC${index % 5}`,
  roles: ['read'],
  recipients: [{ email: addressOf(index) }],
});

/** Tables, broker, Graph, four instances of the app, timers and callers, all on one virtual clock and one seed. */
export function makeWorld({ seed, invitations, shares = 0, settings: given = {}, graph }: WorldOptions) {
  const random = seededRandom(seed);
  const clock = makeVirtualClock(STARTS_AT_MS);
  const settings = readSettings({ ...SETTINGS, ...given });
  const server = makeTableServer(clock.nowMs);
  const broker = makeBroker(clock, random);
  const tenant = makeGraphTenant(clock, random, graph ?? {});
  const tables: { faultOf: (call: TableCall) => TableFault } = { faultOf: () => 'none' };
  const timers = { atOnce: 1 };
  const taken = new Map<string, string>();
  const shared = new Set(Array.from({ length: shares }, (_, index) => addressOf(invitations - 1 - index)));
  const weather = { faults: 0 };
  let heldMs = 0;

  const layout = { partitions: settings.PARTITIONS, hashKey: settings.HASH_KEY };
  const workers = Array.from({ length: WORKERS }, () => {
    const offsetMs = between(random, 0, HOUR_MS);
    const monotonicMs = () => clock.nowMs() - STARTS_AT_MS + offsetMs;
    const connected = stormTables({ server, clock, random, monotonicMs, faultOf: (call) => tables.faultOf(call) });
    const worker = makeWorker({
      settings,
      clock,
      monotonicMs,
      tables: connected,
      hints: broker.hints,
      callGraph: tenant.callGraph,
      random,
      randomBytes: seededBytes(random),
      onHeld: (ms) => (heldMs = Math.max(heldMs, ms)),
    });
    return { ...worker, open: () => prepareTables(connected, layout) };
  });
  const workerAt = (index: number): Worker => workers[index % WORKERS]!;
  for (const worker of workers) broker.attach({ ...worker, maxConcurrentCalls: MAX_CONCURRENT_CALLS });

  /** Every instance lays out the tables, and learns the table server's time by it. */
  const open = async (): Promise<void> => {
    await Promise.all(workers.map((worker) => worker.open()));
  };

  /** A caller who repeats the request with the same key until it is taken. */
  const request = async (index: number): Promise<void> => {
    const body = index < invitations - shares ? { invitedUserEmailAddress: addressOf(index) } : shareOf(index);
    for (let attempt = 0; ; attempt += 1) {
      const result = await workerAt(index + attempt)
        .request({ body, caller: 'hr', idempotencyKey: `joiner-${index}` })
        .catch(unlessTablesAreAway);
      if (result?.type === 'accepted') return void taken.set(addressOf(index), result.stored.invitation.id);
      if (result && result.type !== 'inProgress') throw new Error(`Request ${index}: ${result.type}`);
      await clock.sleep(CLIENT_RETRY_MS);
    }
  };

  const requestAll = async (overMs: number): Promise<void> => {
    const each = Array.from({ length: invitations }, async (_, index) => {
      await clock.sleep(Math.floor((index * overMs) / invitations));
      await request(index);
    });
    await Promise.all(each);
  };

  const tickEveryMinute = (): void => {
    for (let index = 0; index < timers.atOnce; index += 1) void workerAt(index).tick();
    clock.at(clock.nowMs() + MINUTE_MS, tickEveryMinute);
  };
  clock.at(STARTS_AT_MS + MINUTE_MS, tickEveryMinute);

  const isAtRest = (mailsEach: number): boolean =>
    taken.size === invitations &&
    broker.isIdle() &&
    storedInvitations(server).every((stored) => isSettled(stored, mailsEach));

  /** Waits until nothing is in hand and everybody who is not refused was mailed so often, `mostMs` at most. */
  const rest = async (mailsEach = 1, mostMs = REST_MOST_MS): Promise<void> => {
    const latestMs = clock.nowMs() + mostMs;
    while (!isAtRest(mailsEach) && clock.nowMs() <= latestMs) await clock.sleep(LOOKS_EVERY_MS);
  };

  return {
    invitations,
    isShare: (address: string): boolean => shared.has(address),
    /** Counted by whoever makes the weather, so that a storm that struck nothing is seen. */
    weather,
    startedAtMs: STARTS_AT_MS,
    random,
    clock,
    server,
    broker,
    tenant,
    tables,
    timers,
    taken,
    open,
    requestAll,
    rest,
    heldMs: () => heldMs,
  };
}

function unlessTablesAreAway(error: unknown): undefined {
  if (!(error instanceof TablesUnavailableError)) throw error;
  return undefined;
}
