import { type Instant, addMs } from '../domain/time';
import type { HintSender } from '../queue/hintSender';
import type { Hint } from '../queue/hints';
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
  parts: { hints: Pick<HintSender, 'send'>; tickMs: number; now: () => Instant },
  sentBy?: string,
  brokerAheadMs = 0,
): Promise<boolean> {
  const { hints, tickMs, now } = parts;
  const hint = hintFor(stored, tickMs, now());
  if (!hint) return true;
  return hints.send([{ ...hint, at: addMs(hint.at, brokerAheadMs) }], sentBy ?? stored.changeId, now());
}

/** The hint for an invitation's wake-up; undefined where it has none, or one that the next tick is in time for. */
export function hintFor({ wakeUp }: StoredInvitation, tickMs: number, now: Instant): Hint | undefined {
  if (wakeUp === undefined) return undefined;
  const { at, id } = parseWakeUpKey(wakeUp);
  return at > addMs(now, tickMs + TICK_OVERLAP_MS) ? undefined : { id, wakeUp, at };
}
