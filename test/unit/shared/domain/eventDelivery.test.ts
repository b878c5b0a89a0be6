import { attemptEndsAt, nextAttemptAt, putOffBy } from '../../../../shared/domain/eventDelivery';

const AT = '2026-03-02T09:00:00.000Z';
const MIDDLE = 0.5;

const next = (attempts: number, now = AT, random = MIDDLE, retryAfterMs?: number) =>
  nextAttemptAt({ at: AT, attempts, retryAfterMs }, now, random);

it.each([
  [1, '2026-03-02T09:00:05.000Z'],
  [2, '2026-03-02T09:01:00.000Z'],
  [3, '2026-03-02T09:05:00.000Z'],
  [4, '2026-03-02T09:30:00.000Z'],
  [5, '2026-03-02T11:00:00.000Z'],
  [6, '2026-03-02T13:00:00.000Z'],
  [7, '2026-03-02T13:00:00.000Z'],
  [40, '2026-03-02T13:00:00.000Z'],
])('after attempt %d an event that failed at nine is tried again at %s', (attempts, at) => {
  expect(next(attempts)).toBe(at);
});

it('waits up to a fifth less or more, so that many do not come back together', () => {
  expect(next(2, AT, 0)).toBe('2026-03-02T09:00:48.000Z');
  expect(next(2, AT, 0.999_999)).toBe('2026-03-02T09:01:12.000Z');
});

it('waits for as long as the receiver asks for, and never less than it would by itself', () => {
  expect(next(1, AT, MIDDLE, 120_000)).toBe('2026-03-02T09:02:00.000Z');
  expect(next(2, AT, MIDDLE, 1_000)).toBe('2026-03-02T09:01:00.000Z');
});

it('gives up when the next attempt would be more than a day after the event', () => {
  expect(next(7, '2026-03-03T05:00:00.000Z')).toBe('2026-03-03T09:00:00.000Z');
  expect(next(7, '2026-03-03T05:00:00.001Z')).toBeUndefined();
});

it('tries some ten times in the day, whatever the jitter', () => {
  for (const random of [0, 0.25, MIDDLE, 0.75, 0.999]) {
    let attempts = 0;
    for (let now: string | undefined = AT; now !== undefined; now = next(attempts, now, random)) attempts += 1;
    expect(attempts).toBeGreaterThanOrEqual(9);
    expect(attempts).toBeLessThanOrEqual(13);
  }
});

it('puts off an event whose receiver is left alone by up to a fifth more, until its day is over', () => {
  expect(putOffBy({ at: AT }, AT, 60_000, 0)).toBe('2026-03-02T09:01:00.000Z');
  expect(putOffBy({ at: AT }, AT, 60_000, MIDDLE)).toBe('2026-03-02T09:01:06.000Z');
  expect(putOffBy({ at: AT }, '2026-03-03T08:59:00.000Z', 60_000, 0)).toBe('2026-03-03T09:00:00.000Z');
  expect(putOffBy({ at: AT }, '2026-03-03T08:59:00.001Z', 60_000, 0)).toBeUndefined();
});

it('leaves an attempt half a minute for itself', () => {
  expect(attemptEndsAt(AT)).toBe('2026-03-02T09:00:30.000Z');
});
