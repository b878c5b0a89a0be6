import type { AddressInfo, Server, Socket } from 'node:net';
import { listenForAmqp, type AmqpHandlers } from './amqpServer';
import { refuseAttach } from './attach';
import { grantToken } from './cbs';
import { createEntity, type Entity } from './entity';
import { acceptSending } from './incomingLink';
import { manage } from './management';
import { acceptReceiving } from './outgoingLink';
import { countMessages } from './queue/queue';
import { wipe } from './queue/transitions';
import { acceptReplying, acceptRequests } from './requestReply';
import type { RheaReceiver, RheaSender } from './rhea';

const HOST = '127.0.0.1';
const DEAD_LETTER_QUEUE = '/$DeadLetterQueue';
const MANAGEMENT = '/$management';
const CBS = '$cbs';

export interface ServiceBusStandInOptions {
  /** 0: any free port. */
  port: number;
  queues: string[];
  /** 60,000 when left out. */
  lockDurationMs?: number;
  /** 10 when left out. */
  maxDeliveryCount?: number;
  /** Off when left out or 0. */
  duplicateDetectionMs?: number;
  onLog?: (line: string) => void;
}

export interface ServiceBusStandIn {
  port: number;
  /** For an unmodified @azure/service-bus client. */
  connectionString: string;
  /** Locked and deferred messages count as active. Throws for a queue that there is not. */
  counts(queue: string): { active: number; scheduled: number; deadLetter: number };
  /** Loses every message, as a broker does that comes back with an empty disk. */
  wipe(): void;
  /** Drops all connections at once. */
  close(): Promise<void>;
}

/**
 * Starts an in-memory Service Bus for one machine: plain AMQP on the loopback address, no authentication, no sessions,
 * topics or transactions. Messages last as long as the process.
 *
 * Rejects when the port is taken.
 */
export async function startServiceBus(options: ServiceBusStandInOptions): Promise<ServiceBusStandIn> {
  const entities = createEntities(options);
  const server = listenForAmqp(HOST, options.port, routeLinks(entities, options.onLog ?? (() => undefined)));
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await listening(server, options.port);
  const { port } = server.address() as AddressInfo;

  return {
    port,
    connectionString: `Endpoint=sb://${HOST}:${port};SharedAccessKeyName=local;SharedAccessKey=local;UseDevelopmentEmulator=true;`,
    counts(queue) {
      const entity = entities.get(toKey(queue));
      const deadLetters = entities.get(toKey(queue + DEAD_LETTER_QUEUE));
      if (!entity || !deadLetters) throw new Error(`There is no queue ${queue}.`);
      return { ...countMessages(entity.queue), deadLetter: countMessages(deadLetters.queue).active };
    },
    wipe: () => entities.forEach(({ queue }) => wipe(queue)),
    close: () =>
      new Promise((resolve) => {
        for (const entity of entities.values()) entity.stop();
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function createEntities(options: ServiceBusStandInOptions): Map<string, Entity> {
  const rules = {
    now: Date.now,
    lockDurationMs: options.lockDurationMs ?? 60_000,
    maxDeliveryCount: options.maxDeliveryCount ?? 10,
  };
  const entities = new Map<string, Entity>();
  for (const name of options.queues) {
    const deadLetters = createEntity({ ...rules, duplicateDetectionMs: 0, deadLetterSource: name });
    const duplicateDetectionMs = options.duplicateDetectionMs ?? 0;
    entities.set(toKey(name), createEntity({ ...rules, duplicateDetectionMs, deadLetters: deadLetters.queue }));
    entities.set(toKey(name + DEAD_LETTER_QUEUE), deadLetters);
  }
  return entities;
}

/** Names of queues are the same in capitals and small letters. */
const toKey = (address: string): string => address.toLowerCase();

function routeLinks(entities: Map<string, Entity>, onLog: (line: string) => void): AmqpHandlers {
  const isManagement = (address: string) => address.endsWith(MANAGEMENT);
  const findEntity = (address: string) =>
    entities.get(toKey(isManagement(address) ? address.slice(0, -MANAGEMENT.length) : address));

  function refuse(link: RheaSender | RheaReceiver, address: string): void {
    onLog(`Refused a link to ${address}: there is no such queue.`);
    refuseAttach(link, {
      condition: 'amqp:not-found',
      description: `The messaging entity '${address}' could not be found.`,
    });
  }

  return {
    onLog,
    onReceiverAttached(link) {
      const address = link.source?.address ?? '';
      const entity = findEntity(address);
      if (address === CBS || (entity && isManagement(address))) acceptReplying(link);
      else if (entity) acceptReceiving(link, entity);
      else refuse(link, address);
    },
    onSenderAttached(link) {
      const address = link.target?.address ?? '';
      const entity = findEntity(address);
      if (address === CBS) acceptRequests(link, grantToken);
      else if (!entity) refuse(link, address);
      else if (isManagement(address)) acceptRequests(link, (request) => manage(entity, request));
      else acceptSending(link, entity);
    },
  };
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === 'EADDRINUSE';
      const message = `Port ${port} is taken: set SERVICE_BUS_PORT to a free port for Service Bus.`;
      reject(isTaken ? new Error(message, { cause: error }) : error);
    });
  });
}
