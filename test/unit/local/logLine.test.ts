import { isForPeople, logLine } from '../../../local/logLine';

const AT = new Date('2026-03-02T09:15:02Z');
const entry = (message: string, level = 'information') => ({ level, message, functionName: 'wakeInvitations' });

it('shows the sentence of a line that is an event, with its level only where it matters', () => {
  const line = JSON.stringify({
    event: 'needsReview',
    message: 'Invitation 1: needsReview (sendUnclear)',
    kind: 'guest',
  });
  expect(logLine(entry(line, 'warning'), AT)).toBe(
    '09:15:02 wakeInvitations    WARNING Invitation 1: needsReview (sendUnclear)',
  );
  expect(logLine(entry('Plain.'), AT)).toBe('09:15:02 wakeInvitations    Plain.');
});

it.each<[string, object, boolean]>([
  ['a timer that found something', { event: 'timerRan', message: 'x', timer: 't', found: 10, ms: 1 }, true],
  ['a timer that found nothing', { event: 'timerRan', message: 'x', timer: 't', found: 0, ms: 1 }, false],
  ['the pace of a gate', { event: 'gatePace', message: 'x', limit: 'shares' }, false],
  ['a mail', { event: 'sent', message: 'x', found: 0 }, true],
])('is for people or not: %s', (_, fields, isShown) => {
  expect(isForPeople(entry(JSON.stringify(fields)))).toBe(isShown);
});

it('leaves traces and debugging to tools', () => {
  expect(['trace', 'debug', 'information', 'error'].map((level) => isForPeople(entry('x', level)))).toEqual([
    false,
    false,
    true,
    true,
  ]);
});
