import { ServiceBusClient, type ServiceBusReceivedMessage, type ServiceBusReceiver } from '@azure/service-bus';
import {
  startServiceBus,
  type ServiceBusStandIn,
  type ServiceBusStandInOptions,
} from '../../../local/serviceBus/startServiceBus';

export const QUEUE = 'invitations';

const clients: ServiceBusClient[] = [];
const buses: ServiceBusStandIn[] = [];

// Clients first: one whose broker is gone waits for it before it closes.
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await Promise.all(buses.splice(0).map((bus) => bus.close()));
});

export async function startBus(options: Partial<ServiceBusStandInOptions> = {}): Promise<ServiceBusStandIn> {
  const bus = await startServiceBus({ port: 0, queues: [QUEUE], ...options });
  buses.push(bus);
  return bus;
}

/** An unmodified client that gives up soon. */
export function connect(bus: ServiceBusStandIn): ServiceBusClient {
  const client = new ServiceBusClient(bus.connectionString, {
    retryOptions: { maxRetries: 1, retryDelayInMs: 50, timeoutInMs: 5_000 },
  });
  clients.push(client);
  return client;
}

/** A bus, and a client of it with a sender and a peek-lock receiver. */
export async function openQueue(options: Partial<ServiceBusStandInOptions> = {}) {
  const bus = await startBus(options);
  const client = connect(bus);
  const sender = client.createSender(QUEUE);
  const receiver = client.createReceiver(QUEUE, { maxAutoLockRenewalDurationInMs: 0 });
  const deadLetters = client.createReceiver(QUEUE, { subQueueType: 'deadLetter', maxAutoLockRenewalDurationInMs: 0 });
  return { bus, client, sender, receiver, deadLetters };
}

/** The next message; it is waited for. */
export async function receiveOne(receiver: ServiceBusReceiver): Promise<ServiceBusReceivedMessage> {
  const [message] = await receiver.receiveMessages(1, { maxWaitTimeInMs: 10_000 });
  if (!message) throw new Error('No message came in 10 seconds.');
  return message;
}
