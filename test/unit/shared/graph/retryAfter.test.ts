import { retryAfterMs } from '../../../../shared/graph/retryAfter';

const DATE = 'Mon, 02 Mar 2026 09:00:00 GMT';

it.each([
  ['seconds', '7', 7_000],
  ['seconds with spaces around them', ' 7 ', 7_000],
  ['decimals, rounded up to a millisecond', '2.0005', 2_001],
  ['zero', '0', 0],
  ['a date', 'Mon, 02 Mar 2026 09:00:30 GMT', 30_000],
  ['a date that has passed', 'Mon, 02 Mar 2026 08:00:00 GMT', 0],
  ['far too many seconds', '1000000000', 3_600_000],
  ['a date far ahead', 'Fri, 02 Mar 2126 09:00:00 GMT', 3_600_000],
])('reads %s', (_what, header, expected) => {
  expect(retryAfterMs(header, DATE)).toBe(expected);
});

it.each([[null], [''], ['soon'], ['-5'], ['1e3'], ['Infinity'], ['NaN'], ['2026-03-02'], ['Mon, yesterday']])(
  'takes %p for none',
  (header) => {
    expect(retryAfterMs(header, DATE)).toBeUndefined();
  },
);

it('takes a date for none without the answer’s own date to read it against', () => {
  expect(retryAfterMs('Mon, 02 Mar 2026 09:00:30 GMT', null)).toBeUndefined();
  expect(retryAfterMs('Mon, 02 Mar 2026 09:00:30 GMT', 'not a date')).toBeUndefined();
  expect(retryAfterMs('30', null)).toBe(30_000);
});
