import { makePatience } from '../../../../shared/events/patience';

function patience() {
  let nowMs = 0;
  const made = makePatience(() => nowMs);
  return {
    ...made,
    wait: (ms: number) => void (nowMs += ms),
    /** So many attempts that fail, one after the other. */
    fail: (times: number) => {
      for (let nth = 0; nth < times; nth += 1) {
        nowMs += 1;
        made.failed('a', nowMs);
      }
    },
  };
}

it('has patience with a receiver that fails twice', () => {
  const { pauseMs, fail } = patience();
  fail(2);
  expect(pauseMs('a')).toBe(0);
});

it.each([
  [3, 30_000],
  [4, 60_000],
  [5, 120_000],
  [6, 240_000],
  [7, 300_000],
  [100, 300_000],
])('leaves it alone after %d failures in a row for %d ms', (times, pause) => {
  const { pauseMs, fail } = patience();
  fail(times);
  expect(pauseMs('a')).toBe(pause);
});

it('lets one attempt look when the pause is over, and the others wait for it', () => {
  const { pauseMs, fail, wait } = patience();
  fail(3);
  wait(30_000);
  expect([pauseMs('a'), pauseMs('a'), pauseMs('a')]).toEqual([0, 30_000, 30_000]);
});

it('lets another look when nothing was heard of that one', () => {
  const { pauseMs, fail, wait } = patience();
  fail(3);
  wait(30_000);
  pauseMs('a');
  wait(30_000);
  expect(pauseMs('a')).toBe(0);
});

it('forgets all once an event is taken', () => {
  const { pauseMs, fail, succeeded } = patience();
  fail(9);
  succeeded('a');
  expect(pauseMs('a')).toBe(0);
  fail(2);
  expect(pauseMs('a')).toBe(0);
});

it('counts attempts that were under way together as one', () => {
  const { pauseMs, failed, wait } = patience();
  wait(10);
  for (let nth = 0; nth < 16; nth += 1) failed('a', 5);
  expect(pauseMs('a')).toBe(0);
});

it('leaves other receivers out of it', () => {
  const { pauseMs, fail } = patience();
  fail(9);
  expect(pauseMs('b')).toBe(0);
});
