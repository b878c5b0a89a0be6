import { setTimeout as sleep } from 'node:timers/promises';
import type { Instant } from '../../shared/domain/time';
import type { HintSender } from '../../shared/queue/hintSender';
import type { Hint } from '../../shared/queue/hints';

const AT_ONCE = 16;
/** What is due later than this is for a later tick of the timer: reminders and checks. */
const FAR_MS = 60_000;

/** Takes hints in place of Service Bus, in this process, and hands each out at its time. */
export function makeHintQueue(now: () => Instant) {
  const waiting: Hint[] = [];

  const send: HintSender['send'] = (hints) => {
    const before = Date.parse(now()) + FAR_MS;
    waiting.push(...hints.filter(({ at }) => Date.parse(at) < before));
    return Promise.resolve(true);
  };

  /** Handles what waits and what comes meanwhile, so many at a time, until nothing does. */
  const drain = async (handle: (hint: Hint) => Promise<unknown>): Promise<void> => {
    const work = async () => {
      for (let hint = waiting.shift(); hint; hint = waiting.shift()) {
        await sleep(Math.max(0, Date.parse(hint.at) - Date.parse(now())));
        await handle(hint);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  };

  return { hints: { send, check: () => Promise.resolve() } satisfies HintSender, drain };
}
