import { advance } from './due';
import type { Queue } from './queue';
import { moveToDeadLetters, remove, setProperties, unlock } from './transitions';

/** What a receiver decides about a message it holds. `properties` are merged into the application properties. */
export type Settlement =
  | { type: 'complete' }
  | { type: 'abandon'; properties?: Record<string, unknown> | undefined }
  /** Given back unused, which does not count as a failed delivery. */
  | { type: 'release' }
  | { type: 'defer'; properties?: Record<string, unknown> | undefined }
  | { type: 'deadLetter'; properties?: Record<string, unknown> | undefined };

/** Ends the lock with this token, unless it ended before: then the message belongs to somebody else. */
export function settle(queue: Queue, token: string, settlement: Settlement): 'settled' | 'lockLost' {
  advance(queue);
  const message = queue.locks.get(token);
  if (!message) return 'lockLost';
  switch (settlement.type) {
    case 'complete':
      remove(queue, message);
      break;
    case 'abandon':
      setProperties(message, settlement.properties);
      unlock(queue, message, { hasFailed: true });
      break;
    case 'release':
      unlock(queue, message, { hasFailed: false });
      break;
    case 'defer':
      setProperties(message, settlement.properties);
      message.isDeferred = true;
      message.deliveryCount += 1;
      unlock(queue, message, { hasFailed: false });
      break;
    case 'deadLetter':
      if (queue.deadLetters) moveToDeadLetters(queue, queue.deadLetters, message, settlement.properties ?? {});
      // In the dead-letter queue already: it stays.
      else unlock(queue, message, { hasFailed: true });
      break;
  }
  return 'settled';
}
