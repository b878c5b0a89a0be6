import { type Instant, toMs } from '../../shared/domain/time';
import type { WakeUp } from '../../shared/domain/nextStep';
import { type Gate, makeGate } from '../../shared/graph/gate';
import { TICK_OVERLAP_MS } from '../../shared/workflow/sendHint';
import { makeWakeInvitations } from '../../shared/workflow/wakeInvitations';
import { makeClock } from './clock';
import { makeGateTable } from './gateTable';
import { makeGraphLimit } from './graphLimit';
import { makeLine } from './line';
import { type Load, type StepWeight, makeLoad, weightOf } from './load';
import { instantOf, numberOf, productWith } from './product';
import { makeQueued } from './queued';
import { logNormal, makeRandom } from './random';
import type { StepName, Steps } from './steps';
import { makeWakeUpStore } from './wakeUpStore';
import { MAX_CONCURRENT_CALLS, makeWorker } from './worker';

export interface DrainOptions {
  invitations: number;
  /** GRAPH_INVITATIONS_PER_SECOND. */
  perSecond: number;
  graph: { perSecond: number; burst: number; callMedianMs: number; callP99Ms: number };
  tableCallMs: number;
  queueCallMs: number;
  instances: number;
  partitions: number;
  /** How fast bulk calls of a thousand are stored, one after the other, from the start on. */
  storedPerSecond: number;
  seed: number;
}

export interface TenantDrain {
  invited: number;
  accepted: number;
  /** Neither: in the tables or in somebody's hands when the last of the others was mailed. */
  waiting: number;
  /** From the first bulk call to the last acceptance. */
  seconds: number;
  storedAfterSeconds: number;
  refused: number;
  steps: Partial<Record<StepName, number>>;
  ticks: number;
  tickPages: number;
  gateCalls: { get: number; update: number };
  messages: number;
  /** Of all instances together, with a message in hand. */
  activeSeconds: number;
  acceptedByMinute: number[];
  load: Load;
}

const START_MS = Date.parse('2026-03-02T09:00:00.000Z');
const BULK = 1000;
const GIVES_UP_AFTER_MS = 7 * 24 * 3_600_000;
/** As shared/queue/hintSender.ts sends them, one batch after the other. */
const HINTS_A_BATCH = 100;
/** As in shared/gatesOf.ts. */
const MOST_WAIT_MS = 30_000;

/** One tenant stores its invitations by bulk calls and sends them all: real gate, tick and domain, on a clock that jumps. */
export async function drainTenant(options: DrainOptions, { steps }: Pick<Steps, 'steps'>): Promise<TenantDrain> {
  const { invitations, graph, partitions, tableCallMs } = options;
  const random = makeRandom(options.seed);
  const product = productWith({ GRAPH_INVITATIONS_PER_SECOND: String(options.perSecond) });
  const clock = makeClock(START_MS);
  const now = (): Instant => instantOf(clock.nowMs());
  const load = makeLoad(partitions);
  const weights = Object.fromEntries(Object.entries(steps).map(([name, cost]) => [name, weightOf(cost)])) as Record<
    StepName,
    StepWeight
  >;
  const done: TenantDrain = {
    invited: 0,
    accepted: 0,
    waiting: 0,
    seconds: 0,
    storedAfterSeconds: 0,
    refused: 0,
    steps: {},
    ticks: 0,
    tickPages: 0,
    gateCalls: { get: 0, update: 0 },
    messages: 0,
    activeSeconds: 0,
    acceptedByMinute: [],
    load,
  };
  const sinceStart = (): number => clock.nowMs() - START_MS;
  const count = (nth: number, step: StepName, atMs = sinceStart()): void => {
    done.steps[step] = (done.steps[step] ?? 0) + 1;
    load.step(atMs, queued.partition(nth), weights[step]);
  };

  const wakeUps = makeWakeUpStore(partitions, (partition, entities) => {
    done.tickPages += 1;
    load.step(sinceStart(), parseInt(partition, 16), { requests: 1, entities });
  });
  const queued = makeQueued(invitations, START_MS, product, wakeUps);
  const gates = makeGateTable(clock, tableCallMs, (operation) => {
    done.gateCalls[operation] += 1;
    load.gate(sinceStart());
  });
  const gate = (): Gate => {
    const bootMs = random.below(1e6);
    return makeGate({
      gates,
      limit: 'invitations',
      pace: { perSecond: options.perSecond, burstMs: product.settings.GRAPH_INVITATIONS_BURST },
      now,
      monotonicMs: () => clock.nowMs() - bootMs,
      sleep: clock.sleep,
      random: random.uniform,
      mostWaitMs: MOST_WAIT_MS,
    });
  };

  const line = makeLine<number>();
  /** Sent, and received when its time has come. */
  const sendMessage = (nth: number, at: Instant): void => {
    done.messages += 1;
    load.messages(sinceStart(), 1);
    clock.at(toMs(at), () => {
      line.push(nth);
      handOut();
    });
  };
  const handOut = (): void => {
    while (line.size > 0) {
      const free = workers.reduce((best, worker) => (worker.busy() < best.busy() ? worker : best));
      if (free.busy() >= MAX_CONCURRENT_CALLS) return;
      load.messages(sinceStart(), 1);
      free.take(line.shift() as number, handOut);
    }
  };
  /** A wake-up before the next tick gets its hint at once. */
  const hint = (nth: number, wakeUp: WakeUp | undefined): void => {
    if (wakeUp && toMs(wakeUp.at) <= clock.nowMs() + product.tickMs + TICK_OVERLAP_MS) sendMessage(nth, wakeUp.at);
  };

  const limit = makeGraphLimit(graph, START_MS);
  const callMs = logNormal(random, graph.callMedianMs, graph.callP99Ms);
  let over = (): void => undefined;
  const workers = Array.from({ length: options.instances }, () =>
    makeWorker({
      clock,
      now,
      queued,
      gate: gate(),
      callMs,
      tableCallMs,
      callGraph: limit,
      onStep: count,
      onPostponed: (nth, until) => hint(nth, queued.postpone(nth, until, now())),
      onRefused: () => void (done.refused += 1),
      onAccepted: (nth) => {
        queued.sent(nth, now());
        done.accepted += 1;
        const minute = Math.floor(sinceStart() / 60_000);
        while (done.acceptedByMinute.length <= minute) done.acceptedByMinute.push(0);
        done.acceptedByMinute[minute] = (done.acceptedByMinute[minute] ?? 0) + 1;
        done.seconds = sinceStart() / 1000;
        if (done.accepted === invitations) over();
      },
    }),
  );

  const front = gate();
  const store = async (): Promise<void> => {
    for (let from = 0; from < invitations; from += BULK) {
      const to = Math.min(invitations, from + BULK);
      const place = await front.foresee();
      for (let nth = from; nth < to; nth += 1) {
        const wakeUp = queued.store(nth, random.below(partitions), place(), now());
        count(nth, 'bulk', sinceStart() + ((nth - from) * 1000) / options.storedPerSecond);
        done.invited += 1;
        hint(nth, wakeUp);
      }
      await front.reserve(to - from);
      await clock.sleep(((to - from) * 1000) / options.storedPerSecond);
    }
    done.storedAfterSeconds = sinceStart() / 1000;
  };

  const wake = makeWakeInvitations({
    tables: wakeUps.tables,
    hints: {
      send: async (hints) => {
        for (const [nth, { id, at }] of hints.entries()) {
          if (nth % HINTS_A_BATCH === 0) await clock.sleep(options.queueCallMs);
          sendMessage(numberOf(id), at);
        }
        return true;
      },
      check: () => Promise.resolve(),
    },
    partitions,
    tickMs: product.tickMs,
    gates: { invitations: gate() },
    now,
  });
  const tick = (): void => {
    done.ticks += 1;
    clock.stir();
    wake().then(() => clock.at(clock.nowMs() + product.tickMs, tick), clock.fail);
  };

  await clock.run(
    new Promise<void>((resolve) => {
      over = resolve;
      clock.at(START_MS + product.tickMs, tick);
      clock.at(START_MS + GIVES_UP_AFTER_MS, () =>
        clock.fail(new Error(`Only ${done.accepted} of ${invitations} were accepted in a week.`)),
      );
      store().catch(clock.fail);
    }),
  );
  done.waiting = wakeUps.size();
  done.activeSeconds = workers.reduce((total, worker) => total + worker.activeMs(), 0) / 1000;
  return done;
}
