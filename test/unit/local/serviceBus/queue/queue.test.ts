import { advance, nextDueAt } from '../../../../../local/serviceBus/queue/due';
import { peek } from '../../../../../local/serviceBus/queue/peek';
import { countMessages } from '../../../../../local/serviceBus/queue/queue';
import { receive, receiveDeferred, renewLock, take } from '../../../../../local/serviceBus/queue/receive';
import { cancelScheduled } from '../../../../../local/serviceBus/queue/send';
import { settle } from '../../../../../local/serviceBus/queue/settle';
import { wipe } from '../../../../../local/serviceBus/queue/transitions';
import { sendBody, testQueue } from './testQueue';

type TestQueue = ReturnType<typeof testQueue>['queue'];

/** Receives what must be there. */
function lockNext(queue: TestQueue) {
  const message = receive(queue);
  if (!message?.lock) throw new Error('Nothing to receive.');
  return { message, token: message.lock.token };
}

const bodyOf = (queue: TestQueue) => receive(queue)?.content.body;

describe('receiving', () => {
  it('locks messages one after the other, in order', () => {
    const { queue } = testQueue();
    sendBody(queue, 'a');
    sendBody(queue, 'b');

    expect([bodyOf(queue), bodyOf(queue), bodyOf(queue)]).toEqual(['a', 'b', undefined]);
    expect(countMessages(queue)).toEqual({ active: 2, scheduled: 0 });
  });

  it('locks for the lock duration', () => {
    const { queue, clock } = testQueue({ lockDurationMs: 1_000 });
    clock.now = 500;
    sendBody(queue, 'a');
    expect(lockNext(queue).message.lock?.until).toBe(1_500);
  });

  it('never gives a token twice', () => {
    const { queue } = testQueue();
    sendBody(queue, 'a');
    const first = lockNext(queue).token;
    settle(queue, first, { type: 'release' });
    expect(lockNext(queue).token).not.toBe(first);
  });

  it('takes a message for good in receive-and-delete', () => {
    const { queue } = testQueue();
    sendBody(queue, 'a');
    expect(take(queue)?.content.body).toBe('a');
    expect(countMessages(queue)).toEqual({ active: 0, scheduled: 0 });
  });
});

describe('settling', () => {
  it('completes once', () => {
    const { queue } = testQueue();
    sendBody(queue, 'a');
    const { token } = lockNext(queue);
    expect(settle(queue, token, { type: 'complete' })).toBe('settled');
    expect(settle(queue, token, { type: 'complete' })).toBe('lockLost');
    expect(queue.messages.size).toBe(0);
  });

  it('puts an abandoned message back into its place', () => {
    const { queue } = testQueue();
    for (const body of ['a', 'b', 'c']) sendBody(queue, body);
    const { token } = lockNext(queue);
    lockNext(queue);
    settle(queue, token, { type: 'abandon' });
    expect([bodyOf(queue), bodyOf(queue)]).toEqual(['a', 'c']);
  });

  it.each([
    ['abandon', 1],
    ['release', 0],
  ] as const)('counts %s as %i failed deliveries', (type, deliveryCount) => {
    const { queue } = testQueue();
    sendBody(queue, 'a');
    settle(queue, lockNext(queue).token, { type });
    expect(receive(queue)?.deliveryCount).toBe(deliveryCount);
  });

  it('merges properties that have a value, and leaves those of other messages alone', () => {
    const { queue } = testQueue();
    const application_properties = { kept: 1, replaced: 1 };
    sendBody(queue, 'a');
    const { token, message } = lockNext(queue);
    message.content = { body: 'a', application_properties };
    settle(queue, token, { type: 'abandon', properties: { replaced: 2, added: 3, absent: undefined, nothing: null } });

    expect(receive(queue)?.content.application_properties).toEqual({ kept: 1, replaced: 2, added: 3 });
    expect(application_properties).toEqual({ kept: 1, replaced: 1 });
  });

  it('dead-letters with the given properties, without a lock and without a time to live', () => {
    const { queue, deadLetters, clock } = testQueue();
    sendBody(queue, 'a', { ttl: 100 });
    settle(queue, lockNext(queue).token, { type: 'deadLetter', properties: { DeadLetterReason: 'bad' } });
    clock.now = 10_000;

    expect(countMessages(queue).active).toBe(0);
    expect(receive(deadLetters)?.content).toEqual({
      body: 'a',
      ttl: 100,
      application_properties: { DeadLetterReason: 'bad' },
    });
  });

  it('dead-letters after maxDeliveryCount failures, whether abandoned or run out', () => {
    const { queue, deadLetters, clock } = testQueue({ maxDeliveryCount: 2 });
    sendBody(queue, 'a');
    settle(queue, lockNext(queue).token, { type: 'abandon' });
    lockNext(queue);
    clock.now = 1_000;
    advance(queue);

    expect(queue.messages.size).toBe(0);
    expect(receive(deadLetters)).toMatchObject({
      deliveryCount: 2,
      content: {
        application_properties: {
          DeadLetterReason: 'MaxDeliveryCountExceeded',
          DeadLetterErrorDescription: 'Message could not be consumed after 2 delivery attempts.',
        },
      },
    });
  });

  it('keeps a dead letter however often it fails', () => {
    const { deadLetters } = testQueue();
    sendBody(deadLetters, 'a');
    for (let failure = 0; failure < 20; failure++) {
      settle(deadLetters, lockNext(deadLetters).token, { type: failure % 2 ? 'deadLetter' : 'abandon' });
    }
    expect(receive(deadLetters)?.deliveryCount).toBe(20);
  });
});

describe('deferring', () => {
  it('hides the message from receivers until it is asked for by its number', () => {
    const { queue } = testQueue();
    const number = sendBody(queue, 'a');
    settle(queue, lockNext(queue).token, { type: 'defer' });

    expect(receive(queue)).toBeUndefined();
    expect(receiveDeferred(queue, [number], 'lock')).toMatchObject([{ state: 'locked', deliveryCount: 1 }]);
  });

  it('returns an abandoned or released deferred message to being deferred', () => {
    const { queue } = testQueue();
    const number = sendBody(queue, 'a');
    settle(queue, lockNext(queue).token, { type: 'defer' });
    const [locked] = receiveDeferred(queue, [number], 'lock') as { lock: { token: string } }[];
    settle(queue, locked!.lock.token, { type: 'abandon' });

    expect(receive(queue)).toBeUndefined();
    expect(queue.messages.get(number)?.state).toBe('deferred');
  });

  it('receives all of the numbers or none', () => {
    const { queue } = testQueue();
    const number = sendBody(queue, 'a');
    settle(queue, lockNext(queue).token, { type: 'defer' });
    const active = sendBody(queue, 'b');

    expect(receiveDeferred(queue, [number, active], 'lock')).toBe('notFound');
    expect(receiveDeferred(queue, [number, 99], 'lock')).toBe('notFound');
    expect(queue.messages.get(number)?.state).toBe('deferred');
  });

  it('deletes on receive when asked to', () => {
    const { queue } = testQueue();
    const number = sendBody(queue, 'a');
    settle(queue, lockNext(queue).token, { type: 'defer' });
    receiveDeferred(queue, [number], 'delete');
    expect(queue.messages.size).toBe(0);
  });
});

describe('locks', () => {
  it('end exactly at lockedUntil, without a timer', () => {
    const { queue, clock } = testQueue();
    sendBody(queue, 'a');
    const { token } = lockNext(queue);
    clock.now = 999;
    expect(receive(queue)).toBeUndefined();
    clock.now = 1_000;
    expect(settle(queue, token, { type: 'complete' })).toBe('lockLost');
    expect(receive(queue)).toMatchObject({ deliveryCount: 1 });
  });

  it('last longer when renewed, beyond locks taken later', () => {
    const { queue, clock } = testQueue();
    sendBody(queue, 'a');
    sendBody(queue, 'b');
    const { token } = lockNext(queue);
    clock.now = 100;
    lockNext(queue);
    clock.now = 900;
    expect(renewLock(queue, token)).toBe(1_900);

    clock.now = 1_100;
    expect(bodyOf(queue)).toBe('b');
    expect(receive(queue)).toBeUndefined();
    clock.now = 1_900;
    expect(bodyOf(queue)).toBe('a');
  });

  it('cannot be renewed once they are lost', () => {
    const { queue, clock } = testQueue();
    sendBody(queue, 'a');
    const { token } = lockNext(queue);
    clock.now = 1_000;
    expect(renewLock(queue, token)).toBe('lockLost');
  });
});

describe('scheduling', () => {
  it('releases by time, then by sequence number, each with a new number', () => {
    const { queue, clock } = testQueue();
    sendBody(queue, 'late', { scheduledAt: 200 });
    sendBody(queue, 'early 1', { scheduledAt: 100 });
    sendBody(queue, 'early 2', { scheduledAt: 100 });
    expect(countMessages(queue)).toEqual({ active: 0, scheduled: 3 });
    clock.now = 200;

    const released = [receive(queue), receive(queue), receive(queue)];

    expect(released.map((message) => message?.content.body)).toEqual(['early 1', 'early 2', 'late']);
    expect(released.map((message) => message?.sequenceNumber)).toEqual([4, 5, 6]);
    expect(released.map((message) => message?.enqueuedSequenceNumber)).toEqual([2, 3, 1]);
    expect(countMessages(queue)).toEqual({ active: 3, scheduled: 0 });
  });

  it('starts the time to live when the message is released', () => {
    const { queue, clock } = testQueue();
    sendBody(queue, 'a', { scheduledAt: 1_000, ttl: 100 });
    clock.now = 1_000;
    advance(queue);
    expect(nextDueAt(queue)).toBe(1_100);
  });

  it('cancels all of the numbers or none', () => {
    const { queue, clock } = testQueue();
    const first = sendBody(queue, 'a', { scheduledAt: 100 });
    const active = sendBody(queue, 'b');
    expect(cancelScheduled(queue, [first, active])).toBe('notFound');
    expect(countMessages(queue).scheduled).toBe(1);
    expect(cancelScheduled(queue, [first])).toBe('cancelled');
    expect(countMessages(queue).scheduled).toBe(0);
    clock.now = 100;
    expect([bodyOf(queue), bodyOf(queue)]).toEqual(['b', undefined]);
  });

  it('cannot cancel what was released', () => {
    const { queue, clock } = testQueue();
    const number = sendBody(queue, 'a', { scheduledAt: 100 });
    clock.now = 100;
    expect(cancelScheduled(queue, [number])).toBe('notFound');
  });
});

describe('time to live', () => {
  it('drops active and deferred messages', () => {
    const { queue, clock } = testQueue();
    sendBody(queue, 'deferred', { ttl: 100 });
    settle(queue, lockNext(queue).token, { type: 'defer' });
    sendBody(queue, 'active', { ttl: 100 });
    clock.now = 100;
    advance(queue);
    expect(queue.messages.size).toBe(0);
    expect(receive(queue)).toBeUndefined();
  });

  it('lets a receiver complete what it holds, and drops it when it is given back', () => {
    const { queue, clock } = testQueue();
    sendBody(queue, 'a', { ttl: 100 });
    sendBody(queue, 'b', { ttl: 100 });
    const [first, second] = [lockNext(queue), lockNext(queue)];
    clock.now = 100;
    expect(settle(queue, first.token, { type: 'complete' })).toBe('settled');
    expect(settle(queue, second.token, { type: 'abandon' })).toBe('settled');
    expect(receive(queue)).toBeUndefined();
    expect(queue.messages.size).toBe(0);
  });
});

describe('duplicate detection', () => {
  it('drops a repeat within the window and takes the id again after it', () => {
    const { queue, clock } = testQueue({ duplicateDetectionMs: 1_000 });
    sendBody(queue, 'first', { id: 'x' });
    clock.now = 999;
    sendBody(queue, 'repeat', { id: 'x' });
    expect(queue.messages.size).toBe(1);
    clock.now = 1_000;
    sendBody(queue, 'later', { id: 'x' });
    expect(queue.messages.size).toBe(2);
  });

  it('counts a scheduled message from when it was sent, and remembers completed ones', () => {
    const { queue } = testQueue({ duplicateDetectionMs: 1_000 });
    sendBody(queue, 'scheduled', { id: 'x', scheduledAt: 5_000 });
    sendBody(queue, 'repeat', { id: 'x' });
    sendBody(queue, 'done', { id: 'y' });
    settle(queue, lockNext(queue).token, { type: 'complete' });
    sendBody(queue, 'repeat', { id: 'y', scheduledAt: 5_000 });
    expect(countMessages(queue)).toEqual({ active: 0, scheduled: 1 });
  });

  it('uses up a sequence number for a repeat, which leads nowhere', () => {
    const { queue } = testQueue({ duplicateDetectionMs: 1_000 });
    sendBody(queue, 'a', { id: 'x', scheduledAt: 100 });
    const repeat = sendBody(queue, 'a', { id: 'x', scheduledAt: 100 });
    expect(repeat).toBe(2);
    expect(cancelScheduled(queue, [repeat])).toBe('notFound');
  });
});

describe('peeking', () => {
  it('starts at a number, steps over gaps and stops at the count', () => {
    const { queue } = testQueue();
    for (const body of ['a', 'b', 'c', 'd', 'e']) sendBody(queue, body);
    settle(queue, lockNext(queue).token, { type: 'complete' });
    lockNext(queue);
    settle(queue, lockNext(queue).token, { type: 'complete' });

    expect(peek(queue, 1, 2).map(({ sequenceNumber }) => sequenceNumber)).toEqual([2, 4]);
    expect(peek(queue, 5, 10).map(({ sequenceNumber }) => sequenceNumber)).toEqual([5]);
    expect(peek(queue, 6, 10)).toEqual([]);
  });
});

describe('what is due next', () => {
  it('is nothing for a queue at rest', () => {
    const { queue } = testQueue();
    sendBody(queue, 'a');
    expect(nextDueAt(queue)).toBe(Infinity);
  });

  it('is the earliest of release, end of lock and expiry', () => {
    const { queue } = testQueue({ lockDurationMs: 1_000 });
    sendBody(queue, 'a', { scheduledAt: 5_000 });
    expect(nextDueAt(queue)).toBe(5_000);
    sendBody(queue, 'b', { ttl: 3_000 });
    expect(nextDueAt(queue)).toBe(3_000);
    lockNext(queue);
    expect(nextDueAt(queue)).toBe(1_000);
  });

  it('moves on when it has been done', () => {
    const { queue, clock } = testQueue({ lockDurationMs: 1_000 });
    sendBody(queue, 'a');
    sendBody(queue, 'b');
    settle(queue, lockNext(queue).token, { type: 'complete' });
    clock.now = 400;
    lockNext(queue);
    clock.now = 1_000;
    advance(queue);
    expect(nextDueAt(queue)).toBe(1_400);
  });

  it('tells about every change that may serve a receiver or come earlier', () => {
    const { queue, clock, changes } = testQueue();
    const countOf = (act: () => void) => {
      const before = changes.count;
      act();
      return changes.count - before;
    };
    expect(countOf(() => sendBody(queue, 'a'))).toBe(1);
    expect(countOf(() => sendBody(queue, 'b', { scheduledAt: 5_000 }))).toBe(1);
    let token = '';
    expect(countOf(() => (token = lockNext(queue).token))).toBe(1);
    expect(countOf(() => settle(queue, token, { type: 'abandon' }))).toBe(1);
    clock.now = 5_000;
    expect(countOf(() => advance(queue))).toBe(1);
  });
});

describe('wipe', () => {
  it('loses everything, ids seen included, and goes on numbering', () => {
    const { queue, clock } = testQueue({ duplicateDetectionMs: 1_000 });
    sendBody(queue, 'a');
    sendBody(queue, 'b', { scheduledAt: 10, ttl: 5 });
    const { token } = lockNext(queue);
    wipe(queue);
    clock.now = 10;

    expect(countMessages(queue)).toEqual({ active: 0, scheduled: 0 });
    expect(settle(queue, token, { type: 'complete' })).toBe('lockLost');
    expect(receive(queue)).toBeUndefined();
    expect(sendBody(queue, 'a')).toBe(3);
    expect(bodyOf(queue)).toBe('a');
  });
});

describe('a large queue', () => {
  it('costs no more a message than a small one', () => {
    const count = 100_000;
    const { queue, clock } = testQueue({ duplicateDetectionMs: 1_000_000 });
    for (let n = 0; n < count; n++) sendBody(queue, n, { scheduledAt: n % 2 ? n : 0, ttl: 10_000_000 });
    clock.now = count;
    let completed = 0;
    for (let message = receive(queue); message; message = receive(queue)) {
      if (message.lock) settle(queue, message.lock.token, { type: message.deliveryCount ? 'complete' : 'abandon' });
      completed += message.state === 'gone' ? 1 : 0;
    }
    // A scan for each message would take minutes and run into the test's limit.
    expect(completed).toBe(count);
  });
});
