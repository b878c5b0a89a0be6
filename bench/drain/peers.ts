import { ServiceBusClient } from '@azure/service-bus';
import { startBroker } from './brokerProcess';
import { type Circumstances, behaviourFor } from './circumstances';
import { type Drained, type Second, drainedOf, reachedPercent, secondsOf } from './drained';
import { type SimulatedGraph, startGraph } from './graphProcess';
import { PEER_QUEUE, type Peer, startPeer } from './peerProcess';
import { peopleOf } from './people';
import type { StrategyName } from './strategies';
import { watch } from './watch';

export const PEERS = {
  sequential: 'a loop',
  promiseAll: 'Promise.all',
  pool16: '16 at a time',
  pool64: '64 at a time',
  batch20: '$batch of 20',
  queueFunction: 'a queue function',
} as const satisfies Record<StrategyName | 'queueFunction', string>;

export type PeerName = keyof typeof PEERS;

export interface PeerRun extends Drained {
  /** Of the invitations, how many had got through when ours had all done. */
  reachedPercent: number;
  /** Of the queue function: messages that came ten times in vain. */
  deadLettered: number;
  seconds: Second[];
}

export interface PeerOptions extends Circumstances {
  seed: number;
  /** Instances of the queue function. */
  processes: number;
  /** As long as ours took. */
  mostMs: number;
}

/** Runs one peer against a simulated Graph of its own, as fresh as the one that ours met, for as long as ours took. */
export async function runPeer(name: PeerName, options: PeerOptions): Promise<PeerRun> {
  const graph = await startGraph(behaviourFor(options), options.seed);
  try {
    return await (name === 'queueFunction' ? runQueueFunction(graph, options) : runList(graph, name, options));
  } finally {
    await graph.end();
  }
}

async function runList(graph: SimulatedGraph, strategy: StrategyName, options: PeerOptions): Promise<PeerRun> {
  const peer = startPeer(graph.url, { type: 'list', strategy });
  try {
    return await measure(graph, [peer], options);
  } finally {
    await peer.end();
  }
}

async function runQueueFunction(graph: SimulatedGraph, options: PeerOptions): Promise<PeerRun> {
  const broker = await startBroker([PEER_QUEUE]);
  const { connectionString } = broker;
  const peers = Array.from({ length: options.processes }, () =>
    startPeer(graph.url, { type: 'queue', connectionString }),
  );
  try {
    await fill(connectionString, emailsOf(options));
    const run = await measure(graph, peers, options);
    return { ...run, deadLettered: (await broker.lengthOf(PEER_QUEUE)).deadLetter };
  } finally {
    await Promise.all([...peers, broker].map(({ end }) => end()));
  }
}

async function fill(connectionString: string, emails: string[]): Promise<void> {
  const client = new ServiceBusClient(connectionString);
  const sender = client.createSender(PEER_QUEUE);
  for (let from = 0; from < emails.length; from += 100) {
    await sender.sendMessages(emails.slice(from, from + 100).map((body) => ({ body })));
  }
  await client.close();
}

const emailsOf = ({ seed, invitations }: PeerOptions) => peopleOf(seed, 'peer', invitations);

async function measure(graph: SimulatedGraph, peers: Peer[], options: PeerOptions): Promise<PeerRun> {
  const { invitations, limit, mostMs } = options;
  await Promise.all(peers.map(({ warmUp }) => warmUp()));
  const startedAt = Date.now();
  const over: { failure?: unknown }[] = [];
  for (const peer of peers) {
    peer.run(emailsOf(options)).then(
      () => over.push({}),
      (failure: unknown) => over.push({ failure }),
    );
  }
  const { calls, others } = await watch(graph, options, startedAt, { mostMs, isOver: () => over.length > 0 });
  const failed = over.find(({ failure }) => failure !== undefined);
  if (failed) throw failed.failure;
  return {
    ...drainedOf(calls, invitations, limit, others),
    reachedPercent: reachedPercent(calls, invitations, mostMs),
    deadLettered: 0,
    seconds: secondsOf(calls),
  };
}
