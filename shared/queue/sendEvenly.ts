import type { Instant } from '../domain/time';
import { HINTS_A_BATCH } from './hintSender';

/**
 * Hints a second that each timer sends. A namespace of Service Bus Standard has 1,000 credits a second, and a message costs
 * one when it is sent and one when it is received. The timers run in the same second, maybe each on an instance of its own:
 * together they take half, which leaves as much for receiving what they send.
 *
 * https://learn.microsoft.com/azure/service-bus-messaging/service-bus-throttling
 */
export const HINTS_PER_SECOND = { invitations: 300, events: 100, webhookEvents: 100 } as const;

/** What one batch may cost. A broker that is away costs a tick no more. */
const SEND_TIMEOUT_MS = 10_000;
const SHARE_OF_TICK = 0.8;
/** Before functionTimeout in host.json, which is five minutes. */
const LONGEST_MS = 240_000;

/** Milliseconds in which a tick sends its hints: over well before the next, and before its function is ended. */
export const sendingMs = (tickMs: number): number => Math.min(SHARE_OF_TICK * tickMs, LONGEST_MS);

/** As many hints as a tick has the time for. */
export const mostHints = (perSecond: number, tickMs: number): number =>
  Math.floor((perSecond * sendingMs(tickMs)) / 1000);

export interface EvenPace {
  perSecond: number;
  /** By the monotonic clock: later than this no further batch is sent. */
  untilMs: number;
  now: () => Instant;
  monotonicMs: () => number;
  sleep: (ms: number) => Promise<unknown>;
}

type Send<T> = (hints: T[], sentBy: string, now: Instant, timeoutMs?: number) => Promise<boolean>;

/**
 * Sends a tick's hints by the hundred at a steady pace, the first hundred at once. Gives how many were sent, from the first
 * on: it stops at a batch that did not get through and when its time is up, and the next tick goes on. Never throws. One
 * that took long is not made up for, as two hundred at once would be what the pace is against.
 */
export async function sendEvenly<T>(
  hints: readonly T[],
  sentBy: string,
  send: Send<T>,
  pace: EvenPace,
): Promise<number> {
  const { perSecond, untilMs, now, monotonicMs, sleep } = pace;
  const gapMs = Math.ceil((1000 * HINTS_A_BATCH) / perSecond);
  let beganMs = monotonicMs();
  for (let sent = 0; sent < hints.length; sent += HINTS_A_BATCH) {
    if (sent > 0) {
      const waitMs = beganMs + gapMs - monotonicMs();
      if (waitMs > 0) await sleep(waitMs);
      beganMs = monotonicMs();
      if (beganMs > untilMs) return sent;
    }
    const isThrough = await send(hints.slice(sent, sent + HINTS_A_BATCH), sentBy, now(), SEND_TIMEOUT_MS);
    if (!isThrough) return sent;
  }
  return hints.length;
}
