import type { TableClient, TransactionAction } from '@azure/data-tables';
import type { Adapters } from '../../shared/clients/adapters';

/** Told of each effect on the world outside the process: right before it, right after it. */
export interface Watch {
  /** Gives the effect its number. */
  before: (seam: string) => number;
  after: (seam: string, nth: number) => void;
  /** Between the check of the lease and the socket: nothing of the product runs in between. */
  between: (seam: string, nth: number) => void;
}

export function watching(watch: Watch) {
  return async <T>(seam: string, effect: (nth: number) => Promise<T>): Promise<T> => {
    const nth = watch.before(seam);
    const result = await effect(nth);
    watch.after(seam, nth);
    return result;
  };
}

type Around = ReturnType<typeof watching>;

/** The product's own adapters with every effect between two calls of `watch`. Reads of tables are no effects. */
export function withSeams(adapters: Adapters, watch: Watch): Adapters {
  const { tables, hints, callGraph } = adapters;
  const around = watching(watch);
  const watched = (client: TableClient, name: string) => watchTable(client, name, around);
  return {
    ...adapters,
    tables: {
      ...tables,
      invitations: watched(tables.invitations, 'invitation'),
      idempotencyKeys: watched(tables.idempotencyKeys, 'idempotency key'),
      invitedUsers: watched(tables.invitedUsers, 'link of user'),
      gates: watched(tables.gates, 'gate'),
      subscriptions: watched(tables.subscriptions, 'subscription'),
      webhooks: watched(tables.webhooks, 'webhook event'),
      sourceLinks: watched(tables.sourceLinks, 'link of source'),
    },
    hints: {
      check: hints.check,
      send: (sent, ...rest) =>
        sent.length === 0 ? hints.send(sent, ...rest) : around('hint', () => hints.send(sent, ...rest)),
    },
    callGraph: (call) => {
      const seam = `Graph ${call.method} ${resourceOf(call.path)}`;
      const { mayStillCall } = call;
      if (!mayStillCall) return around(seam, () => callGraph(call));
      return around(seam, (nth) => {
        const checked = (): boolean => {
          const may = mayStillCall();
          if (may) watch.between(seam, nth);
          return may;
        };
        return callGraph({ ...call, mayStillCall: checked });
      });
    },
  };
}

/** What of Graph a path leads to: the first name, but of an item what is asked of it, and of users what has changed. */
const resourceOf = (path: string): string =>
  /^\/drives\/.*?\/(invite|permissions)/.exec(path)?.[1] ??
  (/^\/users\/(delta)/.exec(path) ?? path.split(/[/?]/))[1] ??
  '';

const WRITES: ReadonlySet<PropertyKey> = new Set([
  'submitTransaction',
  'createEntity',
  'updateEntity',
  'upsertEntity',
  'deleteEntity',
]);

function watchTable(client: TableClient, name: string, around: Around): TableClient {
  return new Proxy(client, {
    get: (target, property) => {
      const value: unknown = Reflect.get(target, property);
      if (typeof value !== 'function') return value;
      const call = value.bind(target) as (...given: unknown[]) => Promise<unknown>;
      if (!WRITES.has(property)) return call;
      return (...given: unknown[]) => {
        // A key and its expiry are a transaction too, and count as a write of the key.
        const isTransaction = property === 'submitTransaction' && name === 'invitation';
        const seam = isTransaction ? `${kindOf(given[0] as TransactionAction[])} transaction` : `write ${name}`;
        return around(seam, () => call(...given));
      };
    },
  });
}

/** What a transaction is for, told by what stands in it: a person's lock comes with an intent and goes with its outcome. */
function kindOf(actions: TransactionAction[]): string {
  if (actions[0]?.[0] === 'create') return 'request';
  const lock = actions.find(([, { rowKey }]) => rowKey.startsWith('l-'));
  if (lock) return lock[0] === 'create' ? 'intent' : 'outcome';
  return actions.some(([, { rowKey }]) => rowKey.startsWith('k-')) ? 'decision' : 'progress';
}
