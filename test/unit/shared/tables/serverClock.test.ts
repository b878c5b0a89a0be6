import { makeServerClock } from '../../../../shared/tables/serverClock';

const header = (text: string) => `Mon, 02 Mar 2026 ${text} GMT`;

/** A clock whose monotonic reading is what a test says. */
function clockAt(start: number) {
  const machine = { ms: start };
  const clock = makeServerClock(() => machine.ms);
  return {
    at: (ms: number) => {
      machine.ms = ms;
      return clock.now();
    },
    observe: clock.observe,
  };
}

it('is the server’s clock, to half a second, from the first answer on', () => {
  const { at, observe } = clockAt(0);
  // Sent and received at once: the server wrote it between 09:00:00.000 and 09:00:01.000.
  observe(header('09:00:00'), 1_000, 1_000);
  expect(at(1_000)).toBe('2026-03-02T09:00:00.500Z');
  expect(at(61_000)).toBe('2026-03-02T09:01:00.500Z');
});

it('gets more exact with answers at other parts of a second', () => {
  const { at, observe } = clockAt(0);
  observe(header('09:00:00'), 1_000, 1_000);
  // 900 ms later it is 09:00:01 already: at 1,000 it was between 09:00:00.100 and 09:00:01.000.
  observe(header('09:00:01'), 1_900, 1_900);
  expect(at(1_000)).toBe('2026-03-02T09:00:00.550Z');
});

it('stands still rather than run back while it gets more exact', () => {
  const { at, observe } = clockAt(0);
  observe(header('09:00:00'), 1_000, 1_000);
  expect(at(1_400)).toBe('2026-03-02T09:00:00.900Z');
  // Still 09:00:00: at 1,400 it was between 09:00:00.400 and 09:00:01.000.
  observe(header('09:00:00'), 1_400, 1_400);
  expect(at(1_400)).toBe('2026-03-02T09:00:00.900Z');
  expect(at(1_700)).toBe('2026-03-02T09:00:01.000Z');
});

it('does not let a slow answer spoil what it knows', () => {
  const { at, observe } = clockAt(0);
  observe(header('09:00:00'), 1_000, 1_000);
  observe(header('09:00:02'), 1_000, 9_000);
  expect(at(1_000)).toBe('2026-03-02T09:00:00.500Z');
});

describe('once it is known to the millisecond', () => {
  /** The server's seconds begin at 1,500, 2,500 and so on. */
  function exact() {
    const clock = clockAt(0);
    clock.observe(header('09:00:00'), 1_000, 1_000);
    clock.observe(header('09:00:00'), 1_499, 1_499);
    clock.observe(header('09:00:01'), 1_501, 1_501);
    expect(clock.at(1_600)).toBe('2026-03-02T09:00:01.100Z');
    return clock;
  }

  it.each([
    ['a second that the server noted late', '09:00:01', 2_504, '2026-03-02T09:00:02.600Z', 4],
    ['another server, whose clock is ahead', '09:00:02', 2_496, '2026-03-02T09:00:02.600Z', -4],
  ])('is moved by no more than it has to by %s', (_what, time, at, expected, byMs) => {
    const clock = exact();
    clock.observe(header(time), at, at);
    expect(clock.at(3_100 + byMs)).toBe(expected);
    // And by the next one back.
    clock.observe(header('09:00:02'), 3_499, 3_499);
    clock.observe(header('09:00:03'), 3_501, 3_501);
    const off = Date.parse(clock.at(3_600)) - Date.parse('2026-03-02T09:00:03.100Z');
    expect(Math.abs(off)).toBeLessThanOrEqual(1);
  });
});

it.each([
  ['forward', '10:30:00', '2026-03-02T10:30:00.500Z'],
  ['back', '08:00:00', '2026-03-02T08:00:00.500Z'],
])('follows the server’s clock when that is set %s', (_way, time, expected) => {
  const { at, observe } = clockAt(0);
  observe(header('09:00:00'), 1_000, 1_000);
  observe(header(time), 2_000, 2_000);
  expect(at(2_000)).toBe(expected);
});

it.each(['', 'soon', '12'.repeat(50)])('learns nothing from the header %j', (text) => {
  const { at, observe } = clockAt(0);
  observe(header('09:00:00'), 1_000, 1_000);
  observe(text, 2_000, 2_000);
  expect(at(1_000)).toBe('2026-03-02T09:00:00.500Z');
});

it('does not depend on what this machine thinks the time is', () => {
  const { at, observe } = clockAt(-50_000);
  observe(header('09:00:00'), 0, 0);
  expect(at(0)).toBe('2026-03-02T09:00:00.500Z');
});
