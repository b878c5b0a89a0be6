import { percentile } from '../statistics';
import { openConnection } from './connection';
import { startGraph } from './graphProcess';
import { startHost } from './hostProcess';
import { paced } from './load';
import { peopleOf } from './people';
import { until } from './until';
import type { Stage } from './stage';

export interface WhileDrainingOptions {
  seed: number;
  /** How long each measurement goes on. */
  seconds: number;
  log: (line: string) => void;
}

export interface Latency {
  p50Ms: number;
  p99Ms: number;
}

export interface WhileDraining {
  idle: Latency;
  draining: Latency;
  /** Sent while requests were timed. */
  sentPerSecond: number;
}

/** A busy hour of a big tenant: nearly as many requests a second as Graph takes invitations. */
const PER_SECOND = 25;
const PACE = 30;
const WARM_UP_SECONDS = 4;

/**
 * How long POST takes, a fixed number a second, in a host that does nothing else and in one whose queue function sends at
 * the pace of Graph's limit meanwhile: one instance does both, as it is deployed.
 */
export async function measureWhileDraining(stage: Stage, options: WhileDrainingOptions): Promise<WhileDraining> {
  const { seed, seconds, log } = options;
  const graph = await startGraph({ latency: { medianMs: 100, p99Ms: 500 } });
  const env = { ...stage.env, GRAPH_BASE_URL: graph.baseUrl, GRAPH_INVITATIONS_PER_SECOND: String(PACE) };
  const only = ['requestInvitation', 'bulkInvitations', 'advanceInvitation'];
  const host = await startHost({ files: 'functions/*.js', only, env });
  const posts = (group: string, count: number) => ({
    port: host.port,
    path: '/api/invitations',
    bodies: peopleOf(seed, group, count).map((each) => JSON.stringify(each)),
    connections: 64,
    perSecond: PER_SECOND,
  });
  // Approval keeps them from being sent: what is timed first must leave nothing for the queue function to do.
  const held = (group: string, count: number) => {
    const load = posts(group, count);
    return { ...load, bodies: load.bodies.map((body) => body.replace('{', '{"approval":{"required":true},')) };
  };
  try {
    await paced(held('warm', WARM_UP_SECONDS * PER_SECOND));
    const idle = latencyOf(await paced(held('idle', seconds * PER_SECOND)));
    log(`POST while idle: p50 ${idle.p50Ms.toFixed(1)} ms, p99 ${idle.p99Ms.toFixed(1)} ms`);
    await fill(host.port, seed);
    const sentBefore = await graph.sent();
    await until(async () => (await graph.sent()) > sentBefore, 'the queue drains');
    await paced(held('warmer', WARM_UP_SECONDS * PER_SECOND));
    const sentOnce = await graph.sent();
    const load = await paced(held('draining', seconds * PER_SECOND));
    const draining = latencyOf(load);
    const sentPerSecond = ((await graph.sent()) - sentOnce) / load.seconds;
    log(`POST while draining: p50 ${draining.p50Ms.toFixed(1)} ms, p99 ${draining.p99Ms.toFixed(1)} ms`);
    return { idle, draining, sentPerSecond };
  } finally {
    await host.end();
    await graph.close();
  }
}

const latencyOf = ({ latenciesMs }: { latenciesMs: number[] }): Latency => ({
  p50Ms: percentile(latenciesMs, 50),
  p99Ms: percentile(latenciesMs, 99),
});

/** More invitations than can be sent while requests are timed. */
async function fill(port: number, seed: number): Promise<void> {
  const connection = await openConnection(port);
  const body = JSON.stringify({ invitations: peopleOf(seed, 'queued', 1000) });
  const { status } = await connection.post('/api/invitations/bulk', body);
  connection.close();
  if (status !== 202) throw new Error(`A bulk call answered ${status}.`);
}
