import { odata } from '@azure/data-tables';
import type { EventType } from '../domain/events';
import type { Subscription, SubscriptionFilters } from '../domain/subscription';
import type { Instant } from '../domain/time';
import { makeSeal } from '../seal';
import type { Tables } from './openTables';
import { calling, readOrUndefined, refusalOf } from './tablesError';

/** A subscription as it was read. */
export interface StoredSubscription {
  subscription: Subscription;
  /** A `Target`, sealed: a callback URL of Logic Apps is a secret too, for whoever has it can post to it. */
  sealed: string;
  etag: string;
}

/** Where events are posted to, and what they are signed with: `whsec_` and base64. */
export interface Target {
  url: string;
  secret: string;
}

interface SubscriptionEntity {
  partitionKey: string;
  rowKey: string;
  sealed: string;
  host: string;
  status: Subscription['status'];
  events: string;
  filters: string;
  createdBy: string;
  createdAt: Instant;
  activeFrom: Instant;
  failures: number;
  lastFailure: string;
  endedAt: string;
}

const PARTITION = 'subscription';
const MOST_TRIES = 10;

export function makeSubscriptions(tables: Tables, hashKey: string) {
  const table = tables.subscriptions;
  const sealing = makeSeal(hashKey, 'subscription');

  const create = async (subscription: Subscription, target: Target): Promise<void> => {
    const sealed = sealing.seal(Buffer.from(JSON.stringify(target)), subscription.id).toString('base64');
    await calling('create subscription', () => table.createEntity(toEntity(subscription, sealed)));
  };

  /** Undefined where it was not sealed for this subscription with this HASH_KEY. */
  const open = ({ subscription, sealed }: StoredSubscription): Target | undefined => {
    const bytes = sealing.open(Buffer.from(sealed, 'base64'), subscription.id);
    return bytes && (JSON.parse(bytes.toString()) as Target);
  };

  const read = async (id: string): Promise<StoredSubscription | undefined> => {
    const found = await readOrUndefined('read subscription', () =>
      table.getEntity<SubscriptionEntity>(PARTITION, id.toLowerCase()),
    );
    return found && fromEntity(found);
  };

  /** The oldest first. There are about twenty, so this is one page. */
  const list = (): Promise<StoredSubscription[]> =>
    calling('read subscriptions', async () => {
      const found: StoredSubscription[] = [];
      const filter = odata`PartitionKey eq ${PARTITION}`;
      for await (const entity of table.listEntities<SubscriptionEntity>({ queryOptions: { filter } })) {
        found.push(fromEntity(entity));
      }
      return found.sort((a, b) => (a.subscription.createdAt < b.subscription.createdAt ? -1 : 1));
    });

  /**
   * Reads, applies, writes, and again when somebody else was faster. `apply` gives undefined where there is nothing to
   * change. Undefined where it is deleted by now, and when others were faster each time: what is noted of failures is
   * worth no more.
   */
  const change = async (
    id: string,
    apply: (subscription: Subscription) => Subscription | undefined,
  ): Promise<Subscription | undefined> => {
    for (let attempt = 1; attempt <= MOST_TRIES; attempt += 1) {
      const stored = await read(id);
      if (!stored) return undefined;
      const changed = apply(stored.subscription);
      if (!changed) return stored.subscription;
      try {
        const { etag } = stored;
        await calling('write subscription', () =>
          table.updateEntity(toEntity(changed, stored.sealed), 'Replace', { etag }),
        );
        return changed;
      } catch (error) {
        if (refusalOf(error) === undefined) throw error;
      }
    }
    return undefined;
  };

  /** False where there is none. */
  const remove = async (id: string): Promise<boolean> => {
    try {
      await calling('delete subscription', () => table.deleteEntity(PARTITION, id.toLowerCase()));
      return true;
    } catch (error) {
      if (refusalOf(error) !== 404) throw error;
      return false;
    }
  };

  return { create, open, read, list, change, remove };
}

export type Subscriptions = ReturnType<typeof makeSubscriptions>;

const toEntity = (subscription: Subscription, sealed: string): SubscriptionEntity => {
  const { id, events, filters, lastFailure, endedAt, ...rest } = subscription;
  return {
    partitionKey: PARTITION,
    rowKey: id,
    ...rest,
    sealed,
    events: JSON.stringify(events),
    filters: JSON.stringify(filters),
    lastFailure: lastFailure ? JSON.stringify(lastFailure) : '',
    endedAt: endedAt ?? '',
  };
};

function fromEntity(entity: SubscriptionEntity & { etag: string }): StoredSubscription {
  const { rowKey: id, host, createdBy, createdAt, activeFrom, status, failures, lastFailure, endedAt } = entity;
  const subscription: Subscription = {
    id,
    host,
    events: JSON.parse(entity.events) as EventType[],
    filters: JSON.parse(entity.filters) as SubscriptionFilters,
    createdBy,
    createdAt,
    activeFrom,
    status,
    failures,
    ...(lastFailure === '' ? {} : { lastFailure: JSON.parse(lastFailure) as { at: Instant; reason: string } }),
    ...(endedAt === '' ? {} : { endedAt }),
  };
  return { subscription, sealed: entity.sealed, etag: entity.etag };
}
