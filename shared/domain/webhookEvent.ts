import { type Instant, addMs } from './time';

/**
 * `pending`: has to be looked at, now or again. `done`: all that it asked for is written; only its key is left, for
 * repeats. `kept`: nothing could be made of it, so it waits, with what it said, until somebody replays it.
 */
export type WebhookEventStatus = 'pending' | 'done' | 'kept';

/** An event of a source that was verified. What it says is stored beside it, sealed. */
export interface WebhookEvent {
  source: string;
  /** Keyed hash of what the source calls the event. */
  key: string;
  status: WebhookEventStatus;
  /** Its place among the events of its source: a later one decides. */
  receivedAt: Instant;
  /** Not before then: the next look while pending, its deletion otherwise. */
  dueAt: Instant;
  /** When the timer looks after it; later than `dueAt` where a hint was sent. */
  wakeUpAt: Instant;
  /** Since when it is tried: its reception, or its last replay. */
  triedSince: Instant;
  tries: number;
  /** Of the last try: what was done, or why not. Quotes nothing of the payload. */
  outcome: string;
  /** Of the request that it came with; for traces alone. */
  traceparent?: string;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 3600_000;

/** How long the hint has before the timer sends another. */
const HINT_HAS_MS = MINUTE_MS;

/** What fails for so long is kept for a person. */
export const TRIED_FOR_MS = DAY_MS;

/** Longer than any sender repeats an event, and as long as idempotency keys are kept. */
const REPEATS_KNOWN_FOR_MS = 7 * DAY_MS;

const MOST_WAIT_MS = 60 * MINUTE_MS;

/** As its first transaction writes it. Its hint goes out right after. */
export const receivedEvent = (
  source: string,
  key: string,
  receivedAt: Instant,
  traceparent?: string,
): WebhookEvent => ({
  source,
  key,
  status: 'pending',
  receivedAt,
  dueAt: receivedAt,
  wakeUpAt: addMs(receivedAt, HINT_HAS_MS),
  triedSince: receivedAt,
  tries: 0,
  outcome: '',
  ...(traceparent === undefined ? {} : { traceparent }),
});

/** What is due for an event now. */
export function dueFor({ status, dueAt }: WebhookEvent, now: Instant): 'try' | 'delete' | 'nothing' {
  if (now < dueAt) return 'nothing';
  return status === 'pending' ? 'try' : 'delete';
}

/** What one try of an event came to. No text quotes the payload. */
export type Tried =
  | { type: 'done'; outcome: string }
  /** The payload, the mapping or the rules for requests are at fault: trying again alone would not help. */
  | { type: 'kept'; outcome: string }
  /** It would not help either, and whether the mapping is at fault nobody knows. */
  | { type: 'givenUp'; outcome: string }
  /** Something was away. */
  | { type: 'again'; outcome: string; retryAfterMs?: number };

/**
 * The event after a try; undefined where that changes nothing, because another worker was through before. A minute is
 * waited after the first vain try, then twice as long each time up to an hour, and longer where the other side asks for it.
 */
export function afterTry(
  event: WebhookEvent,
  tried: Tried,
  now: Instant,
  { retainMs }: { retainMs: number },
): WebhookEvent | undefined {
  if (event.status !== 'pending') return undefined;
  const { outcome } = tried;
  const counted = { ...event, tries: event.tries + 1, outcome };
  switch (tried.type) {
    case 'done':
      return { ...counted, status: 'done', ...waking(addMs(now, REPEATS_KNOWN_FOR_MS)) };
    case 'kept':
    case 'givenUp':
      return { ...counted, status: 'kept', ...waking(addMs(now, retainMs)) };
    case 'again': {
      const waitMs = Math.min(MINUTE_MS * 2 ** Math.min(event.tries, 10), MOST_WAIT_MS);
      const next = addMs(now, Math.max(waitMs, Math.min(tried.retryAfterMs ?? 0, MOST_WAIT_MS)));
      return next < addMs(event.triedSince, TRIED_FOR_MS)
        ? { ...counted, ...waking(next) }
        : { ...counted, status: 'kept', ...waking(addMs(now, retainMs)) };
    }
  }
}

/** Of an event that no machine gets on with, whatever it is. */
export const ENDED_WORKERS: Tried = { type: 'givenUp', outcome: 'It ended its worker ten times.' };

/**
 * What a try came to, for logs, by the event as it is afterwards (undefined: it was deleted). `mappingFailed` and `givenUp`:
 * it is kept since; `overtaken`: another worker was through before.
 */
export function cameTo(
  tried: Tried,
  event: WebhookEvent | undefined,
): 'done' | 'putOff' | 'mappingFailed' | 'givenUp' | 'overtaken' {
  // What was done was done, whatever another worker made of the event.
  if (tried.type === 'done') return 'done';
  if (event?.outcome !== tried.outcome) return 'overtaken';
  if (event.status === 'pending') return 'putOff';
  return tried.type === 'kept' ? 'mappingFailed' : 'givenUp';
}

const waking = (at: Instant) => ({ dueAt: at, wakeUpAt: at });

/** A kept event put back, for the next tick; undefined for any other. It has a day again, and keeps its place in time. */
export const replayed = (event: WebhookEvent, now: Instant): WebhookEvent | undefined =>
  event.status === 'kept'
    ? { ...event, status: 'pending', ...waking(now), triedSince: now, tries: 0, outcome: '' }
    : undefined;
