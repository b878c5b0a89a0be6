import { makeMonotonicClock } from '../../../shared/monotonicClock';

function clocks() {
  const machine = { monotonic: 5_000, wall: 1_000_000 };
  const read = makeMonotonicClock(
    () => machine.monotonic,
    () => machine.wall,
  );
  const pass = (monotonicMs: number, wallMs = monotonicMs) => {
    machine.monotonic += monotonicMs;
    machine.wall += wallMs;
    return read();
  };
  return { read, pass };
}

it('counts the time that passes', () => {
  const { read, pass } = clocks();
  expect(read()).toBe(0);
  expect(pass(1_500)).toBe(1_500);
  expect(pass(500)).toBe(2_000);
});

it('counts a time in which the machine was suspended', () => {
  const { pass } = clocks();
  expect(pass(10, 3_600_000)).toBe(3_600_000);
  expect(pass(1_000)).toBe(3_601_000);
});

it('goes on when the wall clock is set back', () => {
  const { pass } = clocks();
  expect(pass(2_000, -3_600_000)).toBe(2_000);
  expect(pass(2_000)).toBe(4_000);
});

it('takes small differences of the two clocks for their resolution', () => {
  const { pass } = clocks();
  expect(pass(2_000, 2_900)).toBe(2_000);
});
