import { createQueue, type Queue, type QueueOptions } from '../../../../../local/serviceBus/queue/queue';
import { send } from '../../../../../local/serviceBus/queue/send';

/** A queue with a dead-letter queue, a clock that stands at 0 until it is set, and a count of its calls to onChange. */
export function testQueue(options: Partial<QueueOptions> = {}) {
  const clock = { now: 0 };
  const changes = { count: 0 };
  const rules = {
    now: () => clock.now,
    lockDurationMs: 1_000,
    maxDeliveryCount: 3,
    duplicateDetectionMs: 0,
    onChange: () => void (changes.count += 1),
  };
  const deadLetters = createQueue(rules);
  return { queue: createQueue({ ...rules, deadLetters, ...options }), deadLetters, clock, changes };
}

export function sendBody(
  queue: Queue,
  body: unknown,
  options: { scheduledAt?: number; ttl?: number; id?: string } = {},
) {
  const { scheduledAt, ttl, id } = options;
  return send(queue, {
    messageId: id ?? String(body),
    scheduledAt,
    content: { body, ...(ttl !== undefined && { ttl }) },
  });
}
