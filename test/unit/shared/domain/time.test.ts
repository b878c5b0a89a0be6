import {
  addDuration,
  addMs,
  durationMs,
  earlier,
  isDuration,
  isTimeZone,
  later,
  secondsUntil,
  sumOf,
  toInstant,
  toMs,
} from '../../../../shared/domain/time';

describe('instants', () => {
  it('are UTC text of fixed width with milliseconds', () => {
    expect(toInstant(0)).toBe('1970-01-01T00:00:00.000Z');
    expect(toInstant(1_772_442_005_007)).toBe('2026-03-02T09:00:05.007Z');
    expect(toMs('2026-03-02T09:00:05.007Z')).toBe(1_772_442_005_007);
  });

  it('move over the end of a year', () => {
    expect(addMs('2026-12-31T23:59:59.999Z', 1)).toBe('2027-01-01T00:00:00.000Z');
    expect(addMs('2027-01-01T00:00:00.000Z', -1)).toBe('2026-12-31T23:59:59.999Z');
  });

  const EARLY = '2026-03-02T09:00:00.000Z';
  const LATE = '2026-03-02T09:00:00.001Z';

  it.each([
    [EARLY, LATE],
    [LATE, EARLY],
  ])('are compared by time, whichever comes first', (a, b) => {
    expect(later(a, b)).toBe(LATE);
    expect(earlier(a, b)).toBe(EARLY);
  });

  it('stay as they are when there is nothing to compare with', () => {
    expect(later(EARLY, undefined)).toBe(EARLY);
    expect(earlier(LATE, undefined)).toBe(LATE);
  });
});

describe('secondsUntil', () => {
  it.each([
    ['2026-03-02T09:00:30.000Z', 30],
    ['2026-03-02T09:00:29.001Z', 30],
    ['2026-03-02T09:00:00.000Z', 2],
    ['2026-03-02T08:00:00.000Z', 2],
  ])('from 09:00:00 to %s, two at least: %d', (to, seconds) => {
    expect(secondsUntil('2026-03-02T09:00:00.000Z', to, 2)).toBe(seconds);
  });
});

describe('isDuration', () => {
  it.each(['P3D', 'P1M', 'P1Y', 'P10Y', 'PT10M', 'PT0.5S', 'P1W', 'P1DT12H', 'P0.5D'])('takes %s', (text) => {
    expect(isDuration(text)).toBe(true);
  });

  it.each(['', 'P', 'PT', 'P0D', 'PT0S', '3D', 'p3d', 'P3D ', 'P11Y', 'P3651D', 'P3X', '3 days', '72'])(
    'refuses %p',
    (text) => {
      expect(isDuration(text)).toBe(false);
    },
  );

  it.each(['P-3D', '-P3D', '-P-3D', 'P1M-29D'])(
    'refuses %s, which ISO 8601 does not know and which may lead backwards',
    (text) => {
      expect(isDuration(text)).toBe(false);
    },
  );
});

describe('durationMs', () => {
  it.each([
    ['PT10M', 600_000],
    ['P1D', 86_400_000],
    ['P1M', 2_592_000_000],
  ])('%s is %d ms', (text, ms) => {
    expect(durationMs(text)).toBe(ms);
  });
});

describe('isTimeZone', () => {
  it.each(['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata'])('knows %s', (name) => {
    expect(isTimeZone(name)).toBe(true);
  });

  it.each(['', 'local', 'Berlin', 'Mars/Olympus', 'UTC+3', '+03:00', '__proto__'])('refuses %p', (name) => {
    expect(isTimeZone(name)).toBe(false);
  });
});

describe('addDuration', () => {
  it.each([
    [
      'over the spring change in Berlin',
      '2026-03-27T08:00:00.000Z',
      'P3D',
      'Europe/Berlin',
      '2026-03-30T07:00:00.000Z',
    ],
    [
      'over the autumn change in Berlin',
      '2026-10-23T07:00:00.000Z',
      'P3D',
      'Europe/Berlin',
      '2026-10-26T08:00:00.000Z',
    ],
    [
      'over the spring change in New York',
      '2026-03-06T14:00:00.000Z',
      'P3D',
      'America/New_York',
      '2026-03-09T13:00:00.000Z',
    ],
    [
      'over the autumn change in New York',
      '2026-10-30T13:00:00.000Z',
      'P3D',
      'America/New_York',
      '2026-11-02T14:00:00.000Z',
    ],
    [
      'over a change of half an hour',
      '2026-04-03T22:00:00.000Z',
      'P3D',
      'Australia/Lord_Howe',
      '2026-04-06T22:30:00.000Z',
    ],
    ['by weeks and months as well', '2026-03-02T08:00:00.000Z', 'P1M1W', 'Europe/Berlin', '2026-04-09T07:00:00.000Z'],
    ['where the clock never changes', '2026-03-27T03:30:00.000Z', 'P3D', 'Asia/Kolkata', '2026-03-30T03:30:00.000Z'],
  ])('keeps the local time of day %s', (_what, from, duration, zone, to) => {
    expect(addDuration(from, duration, zone)).toBe(to);
  });

  it.each([
    ['Europe/Berlin', '2026-03-28T01:30:00.000Z', '2026-03-29T01:30:00.000Z'], // 02:30 becomes 03:30
    ['America/New_York', '2026-03-07T07:30:00.000Z', '2026-03-08T07:30:00.000Z'],
  ])('moves forward from a local time that %s leaves out', (zone, from, to) => {
    expect(addDuration(from, 'P1D', zone)).toBe(to);
  });

  it('takes the first of a local time that comes twice', () => {
    expect(addDuration('2026-10-24T00:30:00.000Z', 'P1D', 'Europe/Berlin')).toBe('2026-10-25T00:30:00.000Z');
  });

  it.each([
    ['2026-01-31T10:00:00.000Z', '2026-02-28T10:00:00.000Z'],
    ['2028-01-31T10:00:00.000Z', '2028-02-29T10:00:00.000Z'],
    ['2026-03-31T10:00:00.000Z', '2026-04-30T10:00:00.000Z'],
    ['2026-12-31T10:00:00.000Z', '2027-01-31T10:00:00.000Z'],
  ])('ends a month after %s on the last day there is', (from, to) => {
    expect(addDuration(from, 'P1M', 'UTC')).toBe(to);
  });

  it('counts hours exactly, whatever the clocks do', () => {
    expect(addDuration('2026-03-27T08:00:00.000Z', 'PT72H', 'Europe/Berlin')).toBe('2026-03-30T08:00:00.000Z');
    expect(addDuration('2026-10-23T07:00:00.000Z', 'PT72H', 'Europe/Berlin')).toBe('2026-10-26T07:00:00.000Z');
  });

  it('adds days on the calendar first, then hours exactly', () => {
    expect(addDuration('2026-03-28T08:00:00.000Z', 'P1DT12H', 'Europe/Berlin')).toBe('2026-03-29T19:00:00.000Z');
  });
});

describe('sumOf', () => {
  it.each([
    ['P30D', 'P7D', 'P37D'],
    ['P1M', 'P7D', 'P1M7D'],
    ['PT12H', 'P7D', 'P7DT12H'],
  ])('%s and then %s is %s', (duration, other, sum) => {
    expect(sumOf(duration, other)).toBe(sum);
  });
});
