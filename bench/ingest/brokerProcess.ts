import { type ServiceBusStandIn, startServiceBus } from '../../local/serviceBus/startServiceBus';
import { answerParent, startChild } from './child';

/** The Service Bus stand-in in a process of its own, so that its work takes no time from what is measured. */
export async function startBroker(queues: string[]): Promise<{ connectionString: string; close: () => Promise<void> }> {
  const child = startChild(__filename);
  return { connectionString: (await child.ask('start', queues)) as string, close: child.end };
}

if (require.main === module) {
  let bus: ServiceBusStandIn | undefined;
  answerParent({
    start: async (queues) => {
      bus ??= await startServiceBus({ port: 0, queues: queues as string[] });
      return bus.connectionString;
    },
  });
}
