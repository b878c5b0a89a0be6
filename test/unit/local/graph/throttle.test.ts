import { defaultBehaviour, mergeBehaviour, type Throttle } from '../../../../local/graph/behaviour';
import { admit, fullBucket } from '../../../../local/graph/throttle';

const throttled = (more: Partial<Throttle> = {}) =>
  mergeBehaviour(defaultBehaviour(), { throttle: { ratePerSecond: 2, burst: 4, ...more } }).throttle;

/** The types of what `count` calls at one instant get. */
function call(bucket: ReturnType<typeof fullBucket>, throttle: Throttle, count: number, nowMs: number): string {
  return Array.from({ length: count }, () => (admit(bucket, throttle, nowMs).type === 'admitted' ? '+' : '-')).join('');
}

describe('admit', () => {
  it('admits 150 at once and 30 a second by default', () => {
    const { throttle } = defaultBehaviour();
    const bucket = fullBucket(throttle, 0);
    expect(call(bucket, throttle, 151, 0)).toBe('+'.repeat(150) + '-');
    // The refused call took a token too.
    expect(call(bucket, throttle, 30, 1000)).toBe('+'.repeat(29) + '-');
  });

  it('refills no further than the burst', () => {
    const throttle = throttled();
    const bucket = fullBucket(throttle, 0);
    expect(call(bucket, throttle, 5, 60_000)).toBe('++++-');
  });

  it('does not count refused calls when told so', () => {
    const throttle = throttled({ refusedCallsCount: false });
    const bucket = fullBucket(throttle, 0);
    expect(call(bucket, throttle, 10, 0)).toBe('++++------');
    expect(call(bucket, throttle, 2, 500)).toBe('+-');
  });

  it('locks nobody out for good who never backs off', () => {
    const throttle = throttled();
    const bucket = fullBucket(throttle, 0);
    call(bucket, throttle, 10_000, 0);
    // Four below zero at worst, so five tokens at two a second.
    expect(call(bucket, throttle, 1, 2499)).toBe('-');
    const other = fullBucket(throttle, 0);
    call(other, throttle, 10_000, 0);
    expect(call(other, throttle, 1, 2500)).toBe('+');
  });

  it('survives a clock that goes back', () => {
    const throttle = throttled();
    const bucket = fullBucket(throttle, 10_000);
    expect(call(bucket, throttle, 5, 0)).toBe('++++-');
  });

  it.each([
    ['seconds', '2'],
    ['decimal', '1.100'],
    ['httpDate', 'Thu, 01 Jan 1970 00:00:02 GMT'],
    ['none', undefined],
    [0.25, '0.25'],
  ] as const)('writes Retry-After as %s', (retryAfter, expected) => {
    const throttle = throttled({ ratePerSecond: 10, burst: 10, retryAfter });
    const bucket = fullBucket(throttle, 0);
    call(bucket, throttle, 19, 0);
    // Nine below zero, and ten with this one: eleven tokens at ten a second.
    expect(admit(bucket, throttle, 0).headers['Retry-After']).toBe(expected);
  });

  it('asks for a wait after which the call is admitted', () => {
    const throttle = throttled({ retryAfter: 'decimal' });
    const bucket = fullBucket(throttle, 0);
    call(bucket, throttle, 4, 0);
    const refused = admit(bucket, throttle, 0);
    expect(call(bucket, throttle, 1, Number(refused.headers['Retry-After']) * 1000)).toBe('+');
  });

  it('warns from 0.8 of the burst up to 1.8', () => {
    const throttle = throttled({ burst: 10, warn: true });
    const bucket = fullBucket(throttle, 0);
    const warnings = Array.from(
      { length: 20 },
      () => admit(bucket, throttle, 0).headers['x-ms-throttle-limit-percentage'],
    );
    expect(warnings.slice(6, 11)).toEqual([undefined, '0.80', '0.90', '1.00', '1.10']);
    expect(warnings.slice(16)).toEqual(['1.70', '1.80', '1.80', '1.80']);
  });
});

describe('a limit that other apps use too', () => {
  it('refills with what they leave', () => {
    const throttle = throttled({ ratePerSecond: 10, burst: 10 });
    const bucket = fullBucket(throttle, 0);
    call(bucket, throttle, 10, 0);
    const granted = (nowMs: number) => admit(bucket, throttle, nowMs, { othersPerSecond: 6 }).type;
    expect([granted(250), granted(250)]).toEqual(['admitted', 'refused']);
  });

  it('tells in Retry-After how long it takes at what they leave', () => {
    const throttle = throttled({ ratePerSecond: 10, burst: 1, refusedCallsCount: false, retryAfter: 'decimal' });
    const bucket = fullBucket(throttle, 0);
    call(bucket, throttle, 1, 0);
    expect(admit(bucket, throttle, 0, { othersPerSecond: 8 }).headers).toEqual({ 'Retry-After': '0.500' });
  });
});
