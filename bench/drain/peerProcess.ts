import { ServiceBusClient } from '@azure/service-bus';
import { answerParent, startChild } from '../ingest/child';
import { defaultClient } from './peerClient';
import { requestFor } from './people';
import { STRATEGIES, type StrategyName } from './strategies';

export interface Peer {
  /** Everything loaded, and the queue there. */
  warmUp: () => Promise<void>;
  /** Resolves when it has done what it can. */
  run: (emails: readonly string[]) => Promise<void>;
  end: () => Promise<void>;
}

export type PeerWork = { type: 'list'; strategy: StrategyName } | { type: 'queue'; connectionString: string };

/** What people use today, in a process of its own. */
export function startPeer(graphUrl: string, work: PeerWork): Peer {
  const child = startChild(__filename);
  return {
    warmUp: async () => {
      await child.ask('warmUp', { graphUrl, work });
    },
    run: async (emails) => {
      await child.ask('run', emails);
    },
    end: child.end,
  };
}

export const PEER_QUEUE = 'peer';
/** As a function's host has it by default. */
const CONCURRENCY = 16;

/** Invites whom each message names; what fails after the client's retries goes back to the queue. */
async function receive(graphUrl: string, connectionString: string): Promise<void> {
  const client = defaultClient(graphUrl);
  const receiver = new ServiceBusClient(connectionString).createReceiver(PEER_QUEUE);
  receiver.subscribe(
    {
      processMessage: async (message) => {
        await client.api('/invitations').post(requestFor(message.body as string));
      },
      processError: () => Promise.resolve(),
    },
    { maxConcurrentCalls: CONCURRENCY },
  );
  // Until the process is ended: a function has no end.
  await new Promise(() => undefined);
}

if (require.main === module) {
  let ready: { graphUrl: string; work: PeerWork } | undefined;
  answerParent({
    warmUp: (argument) => {
      ready = argument as typeof ready;
    },
    run: async (argument) => {
      if (!ready) throw new Error('Warm up first.');
      const { graphUrl, work } = ready;
      if (work.type === 'queue') await receive(graphUrl, work.connectionString);
      else await STRATEGIES[work.strategy](defaultClient(graphUrl), argument as string[]);
    },
  });
}
