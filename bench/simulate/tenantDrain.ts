import type { WakeUp } from '../../shared/domain/nextStep';
import { type Instant, toMs } from '../../shared/domain/time';
import { type Gate, makeGate } from '../../shared/graph/gate';
import type { Gates } from '../../shared/tables/gates';
import { TICK_OVERLAP_MS } from '../../shared/workflow/sendHint';
import { type Clock, makeClock } from './clock';
import { makeGateTable } from './gateTable';
import { makeGraphLimit } from './graphLimit';
import { type Product, instantOf, productWith } from './product';
import { type Queued, makeQueued } from './queued';
import { makeQueue } from './queue';
import { type Random, logNormal, makeRandom } from './random';
import type { Steps } from './steps';
import { type Tally, type TenantDrain, makeTally } from './tally';
import { startTicks } from './ticks';
import { makeWakeUpStore } from './wakeUpStore';
import { makeWorker } from './worker';

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

const START_MS = Date.parse('2026-03-02T09:00:00.000Z');
const GIVES_UP_AFTER_MS = 7 * 24 * 3_600_000;
/** As in shared/gatesOf.ts. */
const MOST_WAIT_MS = 30_000;

/** One tenant stores its invitations by bulk calls and sends them all: real gate, tick and domain, on a clock that jumps. */
export async function drainTenant(options: DrainOptions, costs: Pick<Steps, 'steps' | 'timers'>): Promise<TenantDrain> {
  const { invitations, graph, partitions, tableCallMs, queueCallMs } = options;
  const random = makeRandom(options.seed);
  const product = productWith({ GRAPH_INVITATIONS_PER_SECOND: String(options.perSecond) });
  const clock = makeClock(START_MS);
  const now = (): Instant => instantOf(clock.nowMs());
  const tally = makeTally(partitions, costs, () => clock.nowMs() - START_MS);
  const { done } = tally;

  const wakeUps = makeWakeUpStore(partitions, (partition, entities) => {
    tally.page(parseInt(partition, 16), entities);
    return clock.sleep(tableCallMs);
  });
  const queued = makeQueued(invitations, START_MS, product, wakeUps);
  const gates = makeGateTable(clock, tableCallMs, tally.gate);
  const gate = (): Gate => gateOf(gates, options, { clock, now, random, product });
  let over = (): void => undefined;
  /** A wake-up before the next tick gets its hint at once, or when `laterMs` have passed. */
  const hint: HintOf = (nth, wakeUp, laterMs) => {
    if (!wakeUp || toMs(wakeUp.at) > clock.nowMs() + product.tickMs + TICK_OVERLAP_MS) return;
    if (laterMs === 0) queue.send(nth, wakeUp.at);
    else clock.at(clock.nowMs() + laterMs, () => queue.send(nth, wakeUp.at));
  };

  const callGraph = makeGraphLimit(graph, START_MS);
  const callMs = logNormal(random, graph.callMedianMs, graph.callP99Ms);
  const workers = Array.from({ length: options.instances }, () =>
    makeWorker({
      clock,
      now,
      queued,
      gate: gate(),
      callMs,
      tableCallMs,
      callGraph,
      onStep: (nth, step) => tally.step(step, queued.partition(nth)),
      onPostponed: (nth, until, refused) => {
        if (refused) queued.takeBack(nth);
        hint(nth, queued.postpone(nth, until, now()), 0);
      },
      onRefused: () => void (done.refused += 1),
      onAccepted: (nth) => {
        queued.sent(nth, now());
        tally.accepted();
        if (done.accepted === invitations) over();
      },
    }),
  );
  const queue = makeQueue(clock, workers, tally.message);
  const stored = () => storeAll({ options, clock, now, random, queued, gate: gate(), hint, tally });
  const told = { onTick: tally.tick, onTickOver: tally.tickOver };
  startTicks({ clock, now, gate: gate(), queue, wakeUps, partitions, tickMs: product.tickMs, queueCallMs, ...told });

  await clock.run(
    new Promise<void>((resolve) => {
      over = () => {
        clock.stir();
        resolve();
      };
      clock.at(START_MS + GIVES_UP_AFTER_MS, () => {
        clock.stir();
        clock.fail(new Error(`Only ${done.accepted} of ${invitations} were accepted in a week.`));
      });
      stored().catch(clock.fail);
    }),
  );
  return {
    ...done,
    waiting: wakeUps.size(),
    messages: queue.sent(),
    mostQueued: queue.longest(),
    activeSeconds: workers.reduce((total, worker) => total + worker.activeMs(), 0) / 1000,
  };
}

interface Running {
  clock: Clock;
  now: () => Instant;
  random: Random;
}

/** Of one instance: its monotonic clock began at a time of its own. */
function gateOf(
  gates: Gates,
  { perSecond }: DrainOptions,
  { clock, now, random, product }: Running & { product: Product },
): Gate {
  const bootMs = random.below(1e6);
  return makeGate({
    gates,
    limit: 'invitations',
    pace: { perSecond, burstMs: product.settings.GRAPH_INVITATIONS_BURST },
    now,
    monotonicMs: () => clock.nowMs() - bootMs,
    sleep: clock.sleep,
    random: random.uniform,
    mostWaitMs: MOST_WAIT_MS,
  });
}

type HintOf = (nth: number, wakeUp: WakeUp | undefined, laterMs: number) => void;

interface Storing extends Running {
  options: DrainOptions;
  queued: Queued;
  gate: Gate;
  hint: HintOf;
  tally: Tally;
}

const BULK = 1000;

/** Bulk calls one after the other, each with its places in line, as storeInvitations takes them. */
async function storeAll({ options, clock, now, random, queued, gate, hint, tally }: Storing): Promise<void> {
  const { invitations, partitions, storedPerSecond } = options;
  const eachMs = 1000 / storedPerSecond;
  for (let from = 0; from < invitations; from += BULK) {
    const to = Math.min(invitations, from + BULK);
    const place = await gate.foresee();
    for (let nth = from; nth < to; nth += 1) {
      const partition = random.below(partitions);
      const wakeUp = queued.store(nth, partition, place(), now());
      tally.step('bulk', partition, (nth - from) * eachMs);
      // As makeHintBatch sends them: while the others are stored.
      hint(nth, wakeUp, (nth - from) * eachMs);
    }
    await gate.reserve(to - from);
    await clock.sleep((to - from) * eachMs);
  }
  tally.stored();
}
