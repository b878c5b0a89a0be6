import type { TransactionAction } from '@azure/data-tables';
import type { WebhookEvent } from '../domain/webhookEvent';

/**
 * Table Webhooks: one partition a source, and one that lists the sources. Of an event, in one transaction:
 *
 *     e-{key}               the event
 *     d-{key}               what it says, sealed; gone once the event is done
 *     w-{wakeUpAt}-{key}    its wake-up: always exactly one, for what is due or for its deletion
 *     k-{receivedAt}-{key}  while it is kept for a replay
 */
export const rowKeys = {
  event: (key: string) => `e-${key}`,
  content: (key: string) => `d-${key}`,
  wakeUp: ({ wakeUpAt, key }: WebhookEvent) => `w-${wakeUpAt}-${key}`,
  kept: ({ receivedAt, key }: WebhookEvent) => `k-${receivedAt}-${key}`,
};

/** Of the event: what a row key has behind its kind and its time. */
export const keyIn = (rowKey: string): string => rowKey.slice(rowKey.lastIndexOf('-') + 1);

export interface StoredWebhookEvent {
  event: WebhookEvent;
  etag: string;
}

export type EventEntity = Omit<WebhookEvent, 'source' | 'key'> & { partitionKey: string; rowKey: string };

export const toEventEntity = ({ source, key, ...rest }: WebhookEvent): EventEntity => ({
  partitionKey: source,
  rowKey: rowKeys.event(key),
  ...rest,
});

export const fromEventEntity = (entity: EventEntity): WebhookEvent => {
  const { partitionKey: source, rowKey, status, receivedAt, dueAt, wakeUpAt, triedSince, tries, outcome } = entity;
  const { traceparent } = entity;
  return {
    ...{ source, key: keyIn(rowKey), status, receivedAt, dueAt, wakeUpAt, triedSince, tries, outcome },
    ...(traceparent === undefined ? {} : { traceparent }),
  };
};

/** A binary property holds 64 KiB, an entity 1 MiB. */
const PIECE_BYTES = 64 * 1024;
const PIECES = 15;

/** The longest content: what is sealed has its nonce and tag beside it. */
export const MOST_CONTENT_BYTES = PIECES * PIECE_BYTES - 1024;

export const toPieces = (bytes: Buffer): Record<string, Uint8Array> =>
  Object.fromEntries(
    Array.from({ length: Math.ceil(bytes.length / PIECE_BYTES) }, (_, index) => [
      `piece${index}`,
      bytes.subarray(index * PIECE_BYTES, (index + 1) * PIECE_BYTES),
    ]),
  );

export function fromPieces(entity: Record<string, unknown>): Buffer {
  const pieces = Array.from({ length: PIECES }, (_, index) => entity[`piece${index}`]);
  return Buffer.concat(pieces.filter((piece) => piece instanceof Uint8Array));
}

/** The one transaction of a change, derived from how the event was and how it shall be. */
export function webhookTransactionOf(
  { event: before, etag }: StoredWebhookEvent,
  after: WebhookEvent | 'delete',
): TransactionAction[] {
  const { source: partitionKey, key } = before;
  const remove = (rowKey: string): TransactionAction => ['delete', { partitionKey, rowKey }];
  const put = (rowKey: string): TransactionAction => ['upsert', { partitionKey, rowKey }, 'Replace'];
  const [wasKept, wasDone] = [before.status === 'kept', before.status === 'done'];
  if (after === 'delete') {
    return [
      remove(rowKeys.event(key)),
      // Deletes in a transaction know no ETag. An event that was put back meanwhile has moved its wake-up, and nothing happens.
      remove(rowKeys.wakeUp(before)),
      ...(wasDone ? [] : [remove(rowKeys.content(key))]),
      ...(wasKept ? [remove(rowKeys.kept(before))] : []),
    ];
  }
  const isKept = after.status === 'kept';
  const isMoved = rowKeys.wakeUp(before) !== rowKeys.wakeUp(after);
  return [
    ['update', { ...toEventEntity(after) }, 'Replace', { etag }],
    ...(isMoved ? [remove(rowKeys.wakeUp(before)), put(rowKeys.wakeUp(after))] : []),
    ...(after.status === 'done' && !wasDone ? [remove(rowKeys.content(key))] : []),
    ...(isKept && !wasKept ? [put(rowKeys.kept(after))] : []),
    ...(wasKept && !isKept ? [remove(rowKeys.kept(before))] : []),
  ];
}
