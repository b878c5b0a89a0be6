import { RestError, type TableClient, type TableEntity, type TransactionAction } from '@azure/data-tables';
import type { ServiceBusClient, ServiceBusMessage } from '@azure/service-bus';
import type { Services } from '../../shared/clients';
import type { Adapters } from '../../shared/clients/adapters';
import { connect } from '../../shared/clients/connect';
import { makeHintSender } from '../../shared/queue/hintSender';
import { readSettings } from '../../shared/settings';
import { TABLES, type Tables } from '../../shared/tables/openTables';
import { makeServerClock } from '../../shared/tables/serverClock';
import type { Operation, TableName } from './operations';

export interface Recorder {
  services: Services;
  /** What was asked for since the last call, in that order. */
  taken: () => Operation[];
}

/**
 * The product over tables that agree to everything, as a fresh account would, and a queue that takes everything: what it asks of them is written down. Lists (the subscriptions, twice a minute) are answered and left out,
 * in favour of whoever does the same again.
 */
export function startRecorder(environment: Record<string, string>): Recorder {
  let operations: Operation[] = [];
  const note = (operation: Operation): void => void operations.push(operation);
  const settings = readSettings(environment);
  const queue = () =>
    Promise.resolve({
      createSender: () => ({
        sendMessages: (messages: ServiceBusMessage[]) => {
          note({ type: 'send', messages });
          return Promise.resolve();
        },
      }),
    } as unknown as ServiceBusClient);
  const hints = makeHintSender(queue, settings.INVITATIONS_QUEUE);
  const adapters = { ...nothingElse, tables: recordingTables(note), hints };
  return {
    services: connect(settings, adapters),
    taken: () => {
      const taken = operations;
      operations = [];
      return taken;
    },
  };
}

const refuse = (): never => {
  throw new Error('A request reached for what a request does not need: the recording would be wrong.');
};

/** Taking a request asks nothing of these. */
const nothingElse: Omit<Adapters, 'tables' | 'hints'> = {
  eventHints: { send: refuse, check: refuse },
  webhookHints: { send: refuse, check: refuse },
  callHost: refuse,
  callGraph: refuse,
  accessToken: refuse,
};

type Note = (operation: Operation) => void;

function recordingTables(note: Note): Tables {
  const names = Object.keys(TABLES) as TableName[];
  const clients = Object.fromEntries(names.map((name) => [name, recordingClient(name, note)]));
  return { ...clients, clock: makeServerClock() } as unknown as Tables;
}

const NO_ENTITIES = { byPage: () => NO_PAGES, [Symbol.asyncIterator]: () => NO_PAGES };
const NO_PAGES = { next: () => Promise.resolve({ done: true }), [Symbol.asyncIterator]: () => NO_PAGES };

/** Keeps what is written by itself, such as the gate, which the product reads back; of transactions it keeps nothing. */
function recordingClient(table: TableName, note: Note): Partial<TableClient> {
  const kept = new Map<string, TableEntity>();
  const keep = (entity: TableEntity) => {
    kept.set(`${entity.partitionKey} ${entity.rowKey}`, entity);
    note({ type: 'upsert', table, entity });
    return Promise.resolve({ etag: ETAG });
  };
  return {
    submitTransaction: (actions: TransactionAction[]) => {
      note({ type: 'transaction', table, actions });
      const subResponses = actions.map(() => ({ status: 204, etag: ETAG }));
      return Promise.resolve({ status: 202, subResponses, getResponseForEntity: () => undefined });
    },
    createEntity: keep,
    updateEntity: keep,
    upsertEntity: keep,
    getEntity: ((partitionKey: string, rowKey: string) => {
      note({ type: 'read', table, partitionKey, rowKey });
      const entity = kept.get(`${partitionKey} ${rowKey}`);
      return entity
        ? Promise.resolve({ ...entity, etag: ETAG })
        : Promise.reject(new RestError('There is nothing.', { statusCode: 404 }));
    }) as TableClient['getEntity'],
    listEntities: (() => NO_ENTITIES) as unknown as TableClient['listEntities'],
  };
}

const ETAG = 'W/"recorded"';
