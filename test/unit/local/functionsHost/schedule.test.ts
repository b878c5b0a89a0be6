import { toSchedule } from '../../../../local/functionsHost/schedule';

it('asks for both the day of the month and the day of the week', () => {
  const schedule = toSchedule('0 30 9 1 * MON');
  expect(schedule.nextRun('2026-11-21T00:00:00Z')).toEqual(new Date('2027-02-01T09:30:00Z'));
});

it.each([
  ['0 */5 * * * *', '2026-11-21T10:05:00Z'],
  ['0 0/20 * * * *', '2026-11-21T10:20:00Z'],
  ['15,45 * * * * *', '2026-11-21T10:01:15Z'],
  ['0 0 9-17 * * mon-fri', '2026-11-23T09:00:00Z'],
  ['0 0 0 1 JAN *', '2027-01-01T00:00:00Z'],
])('%s comes next at %s, in UTC', (expression, expected) => {
  expect(toSchedule(expression).nextRun('2026-11-21T10:01:00Z')).toEqual(new Date(expected));
});

it.each([
  '*/5 * * * *',
  '00:05:00',
  '',
  '0 0 0 L * *',
  '0 0 0 ? * MON#2',
  '@daily',
  '0 0 0 1 1 * 2027',
  '99 * * * * *',
])('refuses "%s"', (expression) => {
  expect(() => toSchedule(expression)).toThrow();
});
