import { INVITATIONS, complementAt, invitationKey } from '../../../../shared/tables/keys';

// 0x019cadc69a80 ms is 2 March 2026, 09:00 UTC.
const AT_NINE = '019cadc6-9a80-7000-8000-000000000000';
const LAST_AT_NINE = '019cadc6-9a80-7fff-bfff-ffffffffffff';
const A_MILLISECOND_BEFORE = '019cadc6-9a7f-7fff-bfff-ffffffffffff';

it('divides a list at an instant: those made then or later lie below, those of before at or above', () => {
  const boundary = INVITATIONS + complementAt('2026-03-02T09:00:00.000Z');
  expect(boundary).toBe('i-fe635239-6580');
  expect([AT_NINE, LAST_AT_NINE, A_MILLISECOND_BEFORE].map((id) => invitationKey(id) < boundary)).toEqual([
    true,
    true,
    false,
  ]);
});

it('takes every year, those before 1970 as the beginning', () => {
  expect(complementAt('0001-01-01T00:00:00.000Z')).toBe('ffffffff-ffff');
  expect(complementAt('9999-12-31T23:59:59.999Z')).toBe('19882de0-2401');
});
