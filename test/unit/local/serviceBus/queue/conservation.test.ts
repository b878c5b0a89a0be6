import fc from 'fast-check';
import { advance, nextDueAt } from '../../../../../local/serviceBus/queue/due';
import { countMessages } from '../../../../../local/serviceBus/queue/queue';
import { receive, receiveDeferred, renewLock } from '../../../../../local/serviceBus/queue/receive';
import { settle } from '../../../../../local/serviceBus/queue/settle';
import { sendBody, testQueue } from './testQueue';

type Step =
  | { do: 'send'; delayMs: number }
  | { do: 'receive' }
  | { do: 'wait'; ms: number }
  | { do: 'renew'; which: number }
  | { do: 'settle'; which: number; type: 'complete' | 'abandon' | 'release' | 'defer' | 'deadLetter' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('send' as const), delayMs: fc.integer({ min: 0, max: 2_000 }) }),
  fc.record({ do: fc.constant('receive' as const) }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 1_500 }) }),
  fc.record({ do: fc.constant('renew' as const), which: fc.nat() }),
  fc.record({
    do: fc.constant('settle' as const),
    which: fc.nat(),
    type: fc.constantFrom('complete', 'abandon', 'release', 'defer', 'deadLetter'),
  }),
);

/** Runs the steps and returns the bodies that were completed, and how many messages were sent. */
function run({ queue, clock }: ReturnType<typeof testQueue>, steps: Step[]) {
  const completed: unknown[] = [];
  const held: { token: string; body: unknown }[] = [];
  let sent = 0;
  const pick = (which: number) => held[which % Math.max(held.length, 1)];
  for (const current of steps) {
    if (current.do === 'send') sendBody(queue, sent++, { scheduledAt: clock.now + current.delayMs });
    else if (current.do === 'wait') clock.now += current.ms;
    else if (current.do === 'receive') {
      const message = receive(queue);
      if (message?.lock) held.push({ token: message.lock.token, body: message.content.body });
    } else {
      const choice = pick(current.which);
      if (!choice) continue;
      if (current.do === 'renew') renewLock(queue, choice.token);
      else if (settle(queue, choice.token, { type: current.type }) === 'settled' && current.type === 'complete') {
        completed.push(choice.body);
      }
    }
  }
  return { completed, sent };
}

/** Takes everything that is left, wherever it is. */
function collectRest({ queue, deadLetters, clock }: ReturnType<typeof testQueue>): unknown[] {
  while (nextDueAt(queue) < Infinity) {
    clock.now = nextDueAt(queue);
    advance(queue);
  }
  const rest: unknown[] = [];
  for (const from of [queue, deadLetters]) {
    for (let message = receive(from); message; message = receive(from)) rest.push(message.content.body);
  }
  const deferred = [...queue.messages.values()].filter(({ state }) => state === 'deferred');
  const numbers = deferred.map(({ sequenceNumber }) => sequenceNumber);
  const received = receiveDeferred(queue, numbers, 'lock');
  if (received === 'notFound') throw new Error('A deferred message is not where it should be.');
  return [...rest, ...received.map(({ content }) => content.body)];
}

describe('a queue, whatever is done to it', () => {
  it('has every message exactly once: completed, or still somewhere', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const world = testQueue();
        const { completed, sent } = run(world, steps);
        const all = [...completed, ...collectRest(world)].sort((a, b) => Number(a) - Number(b));
        expect(all).toEqual(Array.from({ length: sent }, (_, n) => n));
      }),
      { numRuns: 500 },
    );
  });

  it('counts what it holds', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const world = testQueue();
        run(world, steps);
        const states = [...world.queue.messages.values()].map(({ state }) => state);
        expect(countMessages(world.queue)).toEqual({
          active: states.filter((state) => state !== 'scheduled').length,
          scheduled: states.filter((state) => state === 'scheduled').length,
        });
        expect(states).not.toContain('gone');
        expect([...world.queue.messages.keys()]).toEqual([...world.queue.messages.keys()].sort((a, b) => a - b));
      }),
    );
  });
});
