import { stringifyExactly } from '../../shared/domain/exactJson';
import { CliFault, endpointFault } from '../cliFault';
import { inParallel } from '../inParallel';
import type { CallApi } from '../api/callApi';
import { JSON_TYPE, fail } from '../api/invitations';
import type { ReadableEntry, UnreadableEntry } from '../people/people';
import type { Chunk, Plan } from './plan';
import { type ApiResult, type Result, batchOf, resultOf, resultOfAnswer } from './result';

/** How many requests are under way at once where the app takes no bulk. */
const AT_ONCE = 8;

export interface Delivery {
  /** Told of each answer: the entries that it settles, each with all of its results. */
  onResults: (settled: Map<ReadableEntry, Result[]>) => void;
  /** Told of entries whose request begins. */
  onStart: (entries: ReadableEntry[]) => void;
  /** Told of entries whose request is known to have done nothing. */
  onUnsent: (entries: ReadableEntry[]) => void;
  /** Told of each line that can't be read, when its turn comes. */
  onUnreadable: (entry: UnreadableEntry) => void;
}

/**
 * Sends every chunk of a plan: by POST /invitations/bulk, or one by one where the app has no such route or there is only
 * one. Rejects at the first thing that concerns the endpoint and not an entry; what was told before has happened.
 */
export async function deliver(call: CallApi, plan: Plan, delivery: Delivery): Promise<void> {
  let inBulk = plan.total > 1;
  for await (const chunk of plan.chunks(delivery.onUnreadable)) {
    inBulk &&= await sendChunk(call, chunk, delivery);
    if (!inBulk) await sendSingly(call, plan, chunk.entries, delivery);
  }
}

/** False where the app has no route for bulk. */
async function sendChunk(call: CallApi, chunk: Chunk, delivery: Delivery): Promise<boolean> {
  const asked = {
    headers: { ...JSON_TYPE, 'idempotency-key': chunk.idempotencyKey },
    body: bulkBody(chunk.entries),
    mayBeMissing: true,
  };
  const answer = await watched(chunk.entries, delivery, () => call('POST', '/invitations/bulk', asked));
  if (answer.status === 404) {
    delivery.onUnsent(chunk.entries);
    return false;
  }
  const batch = batchOf(answer.body);
  if (!batch) return fail(answer);
  delivery.onResults(resultsByEntry(chunk.entries, batch));
  return true;
}

/** A share of several people has a result for each of them. */
function resultsByEntry(entries: ReadableEntry[], batch: ApiResult[]): Map<ReadableEntry, Result[]> {
  const results = new Map(entries.map((entry): [ReadableEntry, Result[]] => [entry, []]));
  batch.forEach((given, position) => {
    const entry = entries[given.index ?? position];
    if (entry) results.get(entry)?.push(resultOf(entry, given));
  });
  const silent = entries.find((entry) => results.get(entry)?.length === 0);
  if (silent) throw endpointFault(`The endpoint said nothing about line ${silent.line}. Send the file again.`);
  return results;
}

export const bulkBody = (entries: ReadableEntry[]): string =>
  stringifyExactly({ invitations: entries.map(({ body }) => body) });

/** In the file's order, a few at once. After the first that fails for the endpoint's sake no more begin. */
async function sendSingly(call: CallApi, plan: Plan, entries: ReadableEntry[], delivery: Delivery): Promise<void> {
  let hasFailed = false;
  await inParallel(entries, AT_ONCE, async (entry) => {
    if (hasFailed) return;
    try {
      const results = await watched([entry], delivery, () => sendOne(call, entry, plan.keyOf(entry)));
      delivery.onResults(new Map([[entry, results]]));
    } catch (error) {
      hasFailed = true;
      throw error;
    }
  });
}

async function watched<T>(
  entries: ReadableEntry[],
  { onStart, onUnsent }: Delivery,
  send: () => Promise<T>,
): Promise<T> {
  onStart(entries);
  try {
    return await send();
  } catch (error) {
    if (error instanceof CliFault && error.isUnsent) onUnsent(entries);
    throw error;
  }
}

async function sendOne(call: CallApi, entry: ReadableEntry, idempotencyKey: string): Promise<Result[]> {
  const { status, body } = await call('POST', '/invitations', {
    headers: { ...JSON_TYPE, 'idempotency-key': idempotencyKey },
    body: stringifyExactly(entry.body),
  });
  // A share with several recipients is answered as a batch of its own.
  const batch = status < 300 ? batchOf(body) : undefined;
  return batch ? batch.map((given) => resultOf(entry, given)) : [resultOfAnswer(entry, status, body)];
}
