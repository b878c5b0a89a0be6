import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_EVENTS_QUEUE, DEFAULT_QUEUE, DEFAULT_WEBHOOKS_QUEUE } from '../../shared/triggerDefaults';
import { until } from '../ingest/until';
import { percentile } from '../statistics';
import { sumOf } from '../tables/counts';
import { type TableProcess, startTableProcess } from '../tables/process';
import { type Broker, startBroker } from './brokerProcess';
import { type Circumstances, behaviourFor } from './circumstances';
import { type Drained, type Second, drainedOf, secondsOf } from './drained';
import { type SimulatedGraph, startGraph } from './graphProcess';
import { peopleOf } from './people';
import { type Seeder, startSeeder } from './seedProcess';
import { type Watched, watch } from './watch';
import { type Worker, type WorkerReport, startWorker } from './workerProcess';

/** How ours is set up for a run. */
export interface Setup extends Circumstances {
  workers: number;
  /** GRAPH_INVITATIONS_PER_SECOND: a number where the limit is known, `auto` where it has to be learned. */
  perSecond: string;
  /** More settings of the workers. */
  settings: Record<string, string>;
  /** In place of host.json's maxConcurrentCalls. */
  concurrency?: number;
  seed: number;
}

export interface OurRun extends Drained {
  /** 99 of 100 calls took no longer, as the workers saw it and as the simulator had it. */
  sendP99Ms: number;
  graphP99Ms: number;
  /** For the whole way of one invitation, from the queue on. */
  tableRequests: number;
  messages: number;
  cpuMs: number;
  /** Of the time of a core, for each worker while it drained. */
  cpuPercentOfWorkers: number[];
  /** Look-ups and whatever else Graph was asked. */
  otherRequests: number;
  statuses: Record<string, number>;
  errors: string[];
  seconds: Second[];
  /** Once a second: queue, gate and counts as they were then. */
  looks: object[];
}

/** Tables, queue and Graph, each in a process of its own; what the gate learned stays from run to run. */
export interface Scene {
  tables: TableProcess;
  broker: Broker;
  graph: SimulatedGraph;
  close: () => Promise<void>;
}

const PRACTISED_EACH = 20;
/** Longer than a worker trusts what it read of the gate, and than an empty bucket needs. */
const FORGOTTEN_MS = 6_000;

const QUEUES = [DEFAULT_QUEUE, DEFAULT_EVENTS_QUEUE, DEFAULT_WEBHOOKS_QUEUE];

export async function startScene(setup: Setup): Promise<Scene> {
  const [tables, broker, graph] = await Promise.all([
    startTableProcess(),
    startBroker(QUEUES),
    startGraph(behaviourFor(setup), setup.seed),
  ]);
  const close = async () => {
    await Promise.all([tables.close(), broker.end(), graph.end()]);
  };
  return { tables, broker, graph, close };
}

const environmentOf = ({ tables, broker, graph }: Scene, setup: Setup): Record<string, string> => ({
  HASH_KEY: 'only-for-this-benchmark',
  INVITE_REDIRECT_URL: 'https://myapp.contoso.com',
  QUOTA_PER_CALLER: '0',
  // What met a 503 without a Retry-After is looked for after this; it isn't in the drain time.
  RESOLVE_AFTER: 'PT10S',
  TablesConnection: tables.connectionString,
  ServiceBusConnection: broker.connectionString,
  GRAPH_BASE_URL: graph.url,
  GRAPH_INVITATIONS_PER_SECOND: setup.perSecond,
  ...setup.settings,
});

/** At the slowest, and then some for what met a 503. */
const mostMsFor = (idealMs: number): number => 3 * idealMs + 60_000;

/** Queues the invitations, lets the workers go, and tells what Graph saw of it. `group` keeps runs on one scene apart. */
export async function runOurs(scene: Scene, setup: Setup, group: string): Promise<OurRun> {
  const env = environmentOf(scene, setup);
  const seeder = startSeeder(env);
  const workers = Array.from({ length: setup.workers }, (_, nth) => startWorker(env, workerOptions(setup, nth)));
  try {
    await Promise.all(workers.map(({ warmUp }) => warmUp()));
    await practise(scene, setup, seeder, workers, `${group}.before`);
    await seeder.seed(peopleOf(setup.seed, group, setup.invitations));
    return await measure(scene, setup, seeder, workers);
  } finally {
    await Promise.all([...workers, seeder].map(({ end }) => end()));
  }
}

/**
 * A few invitations through each worker, so that its code is compiled: what loading costs is measured for itself
 * (bench/coldStart), and so many workers that begin at once on a few cores would measure little else. Buckets are full after it, and the gate knows what
 * it knew before.
 */
async function practise(scene: Scene, setup: Setup, seeder: Seeder, workers: Worker[], group: string): Promise<void> {
  const { broker, graph } = scene;
  const gate = await seeder.gate();
  // Without a Retry-After a 503 is waited for long; what practises needs none.
  await graph.behave({ unavailable: { rate: 0 } });
  const count = PRACTISED_EACH * workers.length;
  await seeder.seed(peopleOf(setup.seed, group, count));
  await Promise.all(workers.map(({ go }) => go()));
  const isDone = async () => {
    const [{ accepted }, { active, scheduled }] = await Promise.all([graph.counts(), broker.lengthOf(DEFAULT_QUEUE)]);
    return accepted >= count && active + scheduled === 0;
  };
  await until(isDone, 'the workers have practised');
  await Promise.all(workers.map(({ rest }) => rest()));
  await seeder.restoreGate(gate);
  await sleep(FORGOTTEN_MS);
  await graph.reset();
}

const workerOptions = ({ concurrency }: Setup, nth: number) => ({
  hasTimers: nth === 0,
  ...(concurrency === undefined ? {} : { concurrency }),
});

async function measure(scene: Scene, setup: Setup, seeder: Seeder, workers: Worker[]): Promise<OurRun> {
  const { tables, broker, graph } = scene;
  const before = await seeder.statuses();
  await tables.reset();
  const startedAt = Date.now();
  await Promise.all(workers.map(({ go }) => go()));
  const look = async () => ({
    queue: await broker.lengthOf(DEFAULT_QUEUE),
    gate: await seeder.gate(),
  });
  const ideal = drainedOf([], setup.invitations, setup.limit).idealMs;
  const watched = await watch(graph, setup, startedAt, { mostMs: mostMsFor(ideal), look });
  const reports = await Promise.all(workers.map(({ report }) => report()));
  // Each look reads the gate, which is ours to do and not the product's.
  const tableRequests = sumOf(await tables.counts()).requests - watched.looks.length;
  const statuses = withoutThose(before, await settledStatuses(seeder));
  return {
    ...ofGraph(watched, setup),
    ...ofWorkers(reports, watched, setup),
    tableRequests: tableRequests / setup.invitations,
    statuses,
  };
}

function ofGraph({ calls, requests, others, looks }: Watched, setup: Setup) {
  const sends = requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/invitations'));
  return {
    ...drainedOf(calls, setup.invitations, setup.limit, others),
    graphP99Ms: p99Of(sends.map(({ latencyMs }) => latencyMs)),
    otherRequests: (requests.length - sends.length) / setup.invitations,
    seconds: secondsOf(calls),
    looks,
  };
}

function ofWorkers(reports: WorkerReport[], { elapsedMs }: Watched, { invitations }: Setup) {
  const sum = (valueOf: (report: WorkerReport) => number) =>
    reports.reduce((total, report) => total + valueOf(report), 0) / invitations;
  return {
    sendP99Ms: p99Of(reports.flatMap(({ sendMs }) => sendMs)),
    messages: sum(({ messages }) => messages),
    cpuMs: sum(({ cpuMs }) => cpuMs),
    cpuPercentOfWorkers: reports.map(({ cpuMs }) => Math.round((100 * cpuMs) / elapsedMs)),
    errors: reports.flatMap(({ errors }) => errors).slice(0, 5),
  };
}

const p99Of = (values: number[]): number => (values.length === 0 ? Number.NaN : percentile(values, 99));

/** Those of before are queued where they were seeded for this run. */
const withoutThose = (before: Record<string, number>, all: Record<string, number>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(all)
      .map(([status, count]): [string, number] => [status, status === 'queued' ? count : count - (before[status] ?? 0)])
      .filter(([, count]) => count > 0),
  );

const MOST_LOOKS = 20;

/** The last outcomes are written a moment after Graph has answered. */
async function settledStatuses(seeder: Seeder): Promise<Record<string, number>> {
  for (let tries = 0; ; tries += 1) {
    const statuses = await seeder.statuses();
    if ((statuses['queued'] ?? 0) === 0 || tries === MOST_LOOKS) return statuses;
    await sleep(250);
  }
}
