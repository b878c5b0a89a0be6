import { type TransactionAction, odata } from '@azure/data-tables';
import type { EventType } from '../domain/events';
import { partitionOfId } from '../domain/ids';
import type { Status } from '../domain/invitation';
import type { Instant } from '../domain/time';
import { EVENTS, type EventKey, eventKey, parseEventKey } from './keys';
import type { Tables } from './openTables';
import { calling, readOrUndefined, refusalOf } from './tablesError';

/** What stands in an event's entity beside its key: nothing of a person. */
export interface EventEntity {
  rowKey: string;
  type: EventType;
  /** When it happened. */
  at: Instant;
  status: Status;
  attempts: number;
}

/** An event on its way to one subscription. */
export type DueEvent = EventKey & Omit<EventEntity, 'rowKey'>;

/** The events that wait to be delivered, in table Invitations; `transactionOf` writes them. */
export function makeDueEvents(tables: Tables) {
  const table = tables.invitations;

  /** Undefined where it is delivered, dropped, or due at another time by now. */
  const read = async (key: EventKey): Promise<DueEvent | undefined> => {
    const found = await readOrUndefined('read event', () =>
      table.getEntity<EventEntity>(partitionOfId(key.invitationId), eventKey(key)),
    );
    if (!found) return undefined;
    const { type, at, status, attempts } = found;
    return { ...key, type, at, status, attempts };
  };

  /**
   * Puts it off in one transaction, of which only one of several movers gets the answer that it happened. False for the
   * others, and after a lost answer: then it is due at its new time all the same.
   */
  const move = async (from: DueEvent, to: DueEvent): Promise<boolean> => {
    const partitionKey = partitionOfId(from.invitationId);
    const { type, at, status, attempts } = to;
    const actions: TransactionAction[] = [
      ['delete', { partitionKey, rowKey: eventKey(from) }],
      ['create', { partitionKey, rowKey: eventKey(to), type, at, status, attempts }],
    ];
    try {
      await calling('move event', () => table.submitTransaction(actions));
      return true;
    } catch (error) {
      if (refusalOf(error) === undefined) throw error;
      return false;
    }
  };

  /** It is not there afterwards, whoever removed it. */
  const remove = async (event: EventKey): Promise<void> => {
    try {
      await calling('remove event', () => table.deleteEntity(partitionOfId(event.invitationId), eventKey(event)));
    } catch (error) {
      if (refusalOf(error) !== 404) throw error;
    }
  };

  /**
   * Keys of the events of one partition that are due before `until` and behind `after`, earliest first: reads what it gives,
   * no more. Fewer than `most` only where there are no more.
   */
  const dueBefore = async (partition: string, until: Instant, most: number, after?: EventKey): Promise<EventKey[]> => {
    const behind = after ? eventKey(after) : EVENTS;
    const filter = odata`PartitionKey eq ${partition} and RowKey gt ${behind} and RowKey lt ${EVENTS + until}`;
    const pages = table
      .listEntities<{ rowKey: string }>({ queryOptions: { filter, select: ['RowKey'] } })
      .byPage({ maxPageSize: Math.min(most, 1000) });
    return calling('read due events', async () => {
      const due: EventKey[] = [];
      for await (const page of pages) {
        due.push(...page.flatMap(({ rowKey }) => parseEventKey(rowKey) ?? []));
        if (due.length >= most) break;
      }
      return due.slice(0, most);
    });
  };

  return { read, move, remove, dueBefore };
}

export type DueEvents = ReturnType<typeof makeDueEvents>;
