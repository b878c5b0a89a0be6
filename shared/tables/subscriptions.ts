import { odata } from '@azure/data-tables';
import type { EventType } from '../domain/events';
import type { Subscription, SubscriptionFilters } from '../domain/subscription';
import type { Instant } from '../domain/time';
import { makeSeal } from '../seal';
import type { Tables } from './openTables';
import { calling, readOrUndefined, refusalOf } from './tablesError';

/** A subscription as it was read. `secret`: what its events are signed with, as `whsec_` and base64. */
export interface StoredSubscription {
  subscription: Subscription;
  secret: string;
  etag: string;
}

interface SubscriptionEntity {
  partitionKey: string;
  rowKey: string;
  /** URL and secret, as JSON, sealed: a callback URL of Logic Apps is a secret too, for whoever has it can post to it. */
  sealed: string;
  /** In the open for people who browse the table. */
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
  const { toEntity, fromEntity } = converters(hashKey);

  const create = async (subscription: Subscription, secret: string): Promise<void> => {
    await calling('create subscription', () => table.createEntity(toEntity(subscription, secret)));
  };

  const read = async (id: string): Promise<StoredSubscription | undefined> => {
    const found = await readOrUndefined('read subscription', () =>
      table.getEntity<SubscriptionEntity>(PARTITION, id.toLowerCase()),
    );
    return found && fromEntity(found);
  };

  /** The oldest first. There are about twenty, so this is one page. */
  const list = (): Promise<Subscription[]> =>
    calling('read subscriptions', async () => {
      const found: Subscription[] = [];
      const filter = odata`PartitionKey eq ${PARTITION}`;
      for await (const entity of table.listEntities<SubscriptionEntity>({ queryOptions: { filter } })) {
        found.push(fromEntity(entity).subscription);
      }
      return found.sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
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
          table.updateEntity(toEntity(changed, stored.secret), 'Replace', { etag }),
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

  return { create, read, list, change, remove };
}

export type Subscriptions = ReturnType<typeof makeSubscriptions>;

function converters(hashKey: string) {
  const { seal, open } = makeSeal(hashKey, 'subscription');

  const toEntity = (subscription: Subscription, secret: string): SubscriptionEntity => {
    const { id, url, events, filters, createdBy, createdAt, activeFrom, status, failures } = subscription;
    const bytes = Buffer.from(JSON.stringify({ url, secret }));
    return {
      partitionKey: PARTITION,
      rowKey: id,
      sealed: seal(bytes, id).toString('base64'),
      host: new URL(url).host,
      status,
      events: JSON.stringify(events),
      filters: JSON.stringify(filters),
      createdBy,
      createdAt,
      activeFrom,
      failures,
      lastFailure: subscription.lastFailure ? JSON.stringify(subscription.lastFailure) : '',
      endedAt: subscription.endedAt ?? '',
    };
  };

  /** Throws where it was sealed with another HASH_KEY, with which the app would not have started. */
  const fromEntity = (entity: SubscriptionEntity & { etag: string }): StoredSubscription => {
    const { rowKey: id, createdBy, createdAt, activeFrom, status, failures, lastFailure, endedAt, etag } = entity;
    const bytes = open(Buffer.from(entity.sealed, 'base64'), id);
    if (!bytes) throw new Error(`Subscription ${id} can’t be opened: it was not written with this HASH_KEY.`);
    const { url, secret } = JSON.parse(bytes.toString()) as { url: string; secret: string };
    const subscription: Subscription = {
      id,
      url,
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
    return { subscription, secret, etag };
  };

  return { toEntity, fromEntity };
}
