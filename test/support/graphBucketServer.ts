import type { GateState } from '../../shared/domain/gate';
import type { GatePace } from '../../shared/domain/graphBucket';
import { type Instant, toInstant, toMs } from '../../shared/domain/time';
import { type Gate, makeGate } from '../../shared/graph/gate';
import type { Gates } from '../../shared/tables/gates';
import { type Random, seededRandom } from '../storm/seededRandom';
import { type VirtualClock, makeVirtualClock } from '../storm/virtualClock';

/*
 * Graph's side of the gate, and a whole drain against it in virtual time: instances that share one entity send invitations
 * by the real gate, while Graph keeps a strict bucket of tokens.
 */

const START_MS = Date.parse('2026-03-02T09:00:00.000Z');

/** The entity of a gate in memory, with etags as Tables keeps them. */
export function gateTable() {
  let entity: { state: GateState; etag: string } | undefined;
  const counts = { reads: 0, writes: 0 };
  const gates: Gates = {
    read: () => {
      counts.reads += 1;
      return Promise.resolve(entity);
    },
    write: (_limit, state, etag) => {
      if (etag !== entity?.etag) return Promise.resolve(false);
      counts.writes += 1;
      entity = { state, etag: String(counts.writes) };
      return Promise.resolve(true);
    },
  };
  return {
    gates,
    counts,
    state: () => entity?.state,
    put: (state: GateState) => (entity = { state, etag: `put ${counts.writes}` }),
  };
}

export interface GraphLimit {
  perSecond: number;
  burst: number;
  /** A refused call takes a token too. */
  drains: boolean;
}

/** A strict bucket of tokens: a call without a token is refused, with whole seconds of Retry-After. */
export function makeGraphBucketServer({ perSecond, burst, drains }: GraphLimit, nowMs: () => number) {
  const bucket = { tokens: burst, atMs: nowMs(), perSecond };

  const fill = (): void => {
    const came = ((nowMs() - bucket.atMs) * bucket.perSecond) / 1000;
    bucket.tokens = Math.min(burst, bucket.tokens + came);
    bucket.atMs = nowMs();
  };

  return {
    /** Undefined: accepted. */
    call: (): { retryAfterMs: number } | undefined => {
      fill();
      const isAccepted = bucket.tokens >= 1;
      if (isAccepted || drains) bucket.tokens = Math.max(-burst, bucket.tokens - 1);
      if (isAccepted) return undefined;
      const seconds = Math.ceil((1 - bucket.tokens) / bucket.perSecond);
      return { retryAfterMs: Math.max(1, seconds) * 1000 };
    },
    /** Another app takes a part of the limit, or leaves it again. */
    leave: (left: number): void => {
      fill();
      bucket.perSecond = left;
    },
  };
}

export interface Drain {
  pace: GatePace;
  graph: GraphLimit;
  invitations: number;
  instances: number;
  seed: number;
  /** What other apps leave of the limit, from when on. */
  left?: { atMs: number; perSecond: number }[];
  /** Instances' clocks are off by so much at most. */
  clocksDifferMs?: number;
}

export interface Drained {
  seconds: number;
  /** Of what is accepted at best, in percent of its time. */
  share: number;
  /** Percent of all invitations. */
  refused: number;
  state: GateState | undefined;
}

/** As in host.json. */
const MAX_CONCURRENT_CALLS = 64;
const TABLE_CALL_MS = 4;
const REFUSAL_TAKES_MS = 20;
const MEDIAN_CALL_MS = 350;
const CALL_SPREAD = 0.75;
const GIVES_UP_AFTER_MS = 3_600_000;

/** Sends all invitations as instances do: look the person up, take a token, note the intent, call Graph. */
export async function drain(wanted: Drain): Promise<Drained> {
  const { graph, invitations, instances, left = [] } = wanted;
  const random = seededRandom(wanted.seed);
  const clock = makeVirtualClock(START_MS);
  const server = makeGraphBucketServer(graph, clock.nowMs);
  const table = gateTable();
  const slow = slowly(table.gates, clock);
  const tally = { waiting: invitations, accepted: 0, refused: 0, lastMs: START_MS };
  for (const { atMs, perSecond } of left) clock.at(START_MS + atMs, () => server.leave(perSecond));
  const each = Array.from({ length: instances }, () => ({ busy: 0, ...instanceOf(wanted, slow, clock, random) }));

  const send = async ({ gate, now }: { gate: Gate; now: () => Instant }): Promise<Instant | undefined> => {
    const shutUntil = await gate.shutUntil();
    if (shutUntil !== undefined) return shutUntil;
    await clock.sleep(callMs(random));
    const token = await gate.take(0);
    if (!token.ok) return token.until;
    await clock.sleep(8 + 8 * random());
    const beganAt = now();
    const tookMs = callMs(random);
    await clock.sleep(tookMs / 2);
    const refusal = server.call();
    if (refusal) {
      tally.refused += 1;
      await clock.sleep(REFUSAL_TAKES_MS);
      await gate.refused({ beganAt, ...refusal, why: 'TooManyRequests' });
      return gate.retryPlace(now());
    }
    tally.accepted += 1;
    tally.lastMs = clock.nowMs();
    await clock.sleep(tookMs / 2);
    await gate.answered(beganAt, undefined);
    return undefined;
  };

  await clock.run(
    new Promise<void>((resolve, reject) => {
      const fill = (): void => {
        if (tally.accepted === invitations) resolve();
        for (const instance of each) {
          while (tally.waiting > 0 && instance.busy < MAX_CONCURRENT_CALLS) start(instance);
        }
      };
      const start = (instance: (typeof each)[number]): void => {
        tally.waiting -= 1;
        instance.busy += 1;
        const done = (again: Instant | undefined): void => {
          instance.busy -= 1;
          if (again !== undefined) clock.at(toMs(again), comeAgain);
          fill();
        };
        send(instance).then(done).catch(reject);
      };
      const comeAgain = (): void => {
        tally.waiting += 1;
        fill();
      };
      clock.at(START_MS + GIVES_UP_AFTER_MS, () =>
        reject(new Error(`Only ${tally.accepted} were accepted in an hour.`)),
      );
      fill();
    }),
  );
  const tookMs = tally.lastMs - START_MS;
  return {
    seconds: tookMs / 1000,
    share: (100 * bestMs(graph, invitations, left)) / tookMs,
    refused: (100 * tally.refused) / invitations,
    state: table.state(),
  };
}

/** An instance's gate and clock: its monotonic clock began at a time of its own. */
function instanceOf(wanted: Drain, gates: Gates, clock: VirtualClock, random: Random) {
  const bootMs = Math.floor(random() * 1e6);
  const offMs = Math.round((wanted.clocksDifferMs ?? 0) * (2 * random() - 1));
  const now = () => toInstant(clock.nowMs() + offMs);
  const gate = makeGate({
    gates,
    limit: 'invitations',
    pace: wanted.pace,
    now,
    monotonicMs: () => clock.nowMs() - bootMs,
    sleep: clock.sleep,
    random,
    mostWaitMs: 30_000,
  });
  return { gate, now };
}

const slowly = (gates: Gates, { sleep }: VirtualClock): Gates => ({
  read: async (limit) => {
    await sleep(TABLE_CALL_MS);
    return gates.read(limit);
  },
  write: async (limit, state, etag) => {
    await sleep(TABLE_CALL_MS);
    return gates.write(limit, state, etag);
  },
});

/** Log-normal, as calls over a network are. */
const callMs = (random: Random): number => {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return MEDIAN_CALL_MS * Math.exp(CALL_SPREAD * normal);
};

/** How long somebody takes who knows Graph's bucket at every moment. */
function bestMs(
  { perSecond, burst }: GraphLimit,
  invitations: number,
  left: { atMs: number; perSecond: number }[],
): number {
  let need = invitations - burst;
  let atMs = 0;
  let rate = perSecond;
  for (const change of left) {
    const came = ((change.atMs - atMs) * rate) / 1000;
    if (came >= need) break;
    need -= came;
    ({ atMs, perSecond: rate } = change);
  }
  return atMs + (need * 1000) / rate;
}
