import { type Instant, addMs } from '../domain/time';
import type { HintSender } from '../queue/hintSender';
import type { StoredInvitation } from '../tables/invitationEntity';
import { parseWakeUpKey } from '../tables/keys';

/** A tick reads this much further than the next one, so that nothing falls between two of them. */
export const TICK_OVERLAP_MS = 10_000;

/**
 * Sends the hint for an invitation's wake-up when that is due before the next tick; a later one is the tick's work.
 * Best effort: true when nothing was to send or it was sent. `brokerAheadMs`: how far the broker's clock, by which it
 * gives the hint out, is known to be ahead of ours.
 */
export async function sendHintFor(
  stored: StoredInvitation,
  parts: { hints: HintSender; tickMs: number; now: () => Instant },
  sentBy?: string,
  brokerAheadMs = 0,
): Promise<boolean> {
  const { hints, tickMs, now } = parts;
  if (stored.wakeUp === undefined) return true;
  const { at, id } = parseWakeUpKey(stored.wakeUp);
  if (at > addMs(now(), tickMs + TICK_OVERLAP_MS)) return true;
  return hints.send([{ id, wakeUp: stored.wakeUp, at: addMs(at, brokerAheadMs) }], sentBy ?? stored.changeId, now());
}
