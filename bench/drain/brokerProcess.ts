import { type ServiceBusStandIn, startServiceBus } from '../../local/serviceBus/startServiceBus';
import { answerParent, startChild } from '../ingest/child';

export interface QueueLength {
  /** Waiting or in somebody's hands. */
  active: number;
  scheduled: number;
  deadLetter: number;
}

export interface Broker {
  connectionString: string;
  lengthOf: (queue: string) => Promise<QueueLength>;
  end: () => Promise<void>;
}

/** The Service Bus stand-in in a process of its own, which tells how long its queues are. */
export async function startBroker(queues: string[]): Promise<Broker> {
  const child = startChild(__filename);
  const connectionString = (await child.ask('start', queues)) as string;
  return {
    connectionString,
    lengthOf: async (queue) => (await child.ask('lengthOf', queue)) as QueueLength,
    end: child.end,
  };
}

if (require.main === module) {
  let bus: ServiceBusStandIn | undefined;
  answerParent({
    start: async (queues) => {
      bus ??= await startServiceBus({ port: 0, queues: queues as string[] });
      return bus.connectionString;
    },
    lengthOf: (queue) => bus?.counts(queue as string),
  });
}
