import { InvocationContext, type Timer } from '@azure/functions';
import { MisconfiguredError } from '../../../shared/misconfiguredError';
import { TablesUnavailableError } from '../../../shared/tables/tablesError';
import { carriedTrace } from '../../../shared/telemetry/carriedTrace';
import { type TimerRun, logGraphFault, timerHandler } from '../../../shared/timerHandler';

/** The lines that a run logs, by the fields that matter here. */
async function logged(run: () => Promise<TimerRun | undefined>) {
  const lines: Record<string, unknown>[] = [];
  const context = new InvocationContext({
    traceContext: { traceParent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
    logHandler: (level, line) => lines.push({ level, ...(JSON.parse(String(line)) as object) }),
  });
  await timerHandler('wakeInvitations', run)({} as Timer, context);
  return lines;
}

it('tells of each run, also of one that found nothing: an alert misses the line', async () => {
  const [line] = await logged(() => Promise.resolve({ found: 0, overdue: 0, oldestOverdueSeconds: 0 }));
  expect(line).toMatchObject({
    level: 'information',
    event: 'timerRan',
    message: 'wakeInvitations ran; there was nothing to do.',
    timer: 'wakeInvitations',
    found: 0,
    overdue: 0,
    oldestOverdueSeconds: 0,
    ms: expect.any(Number) as number,
  });
});

it('says what a run has to say', async () => {
  const [line] = await logged(() => Promise.resolve({ found: 2, said: '2 wake-ups due.' }));
  expect(line).toMatchObject({ message: '2 wake-ups due.', found: 2 });
  expect(line).not.toHaveProperty('said');
});

it.each([
  ['Tables are away', new TablesUnavailableError('read wake-ups', 'x'), 'unavailable'],
  ['a setting is wrong', new MisconfiguredError('HASH_KEY is not set'), 'misconfigured'],
])('does not tell of a run that could not do its work: %s', async (_, error, event) => {
  const lines = await logged(() => Promise.reject(error));
  expect(lines.map((line) => [line['level'], line['event']])).toEqual([['error', event]]);
});

it('throws on what it does not know', async () => {
  await expect(logged(() => Promise.reject(new TypeError('oops')))).rejects.toThrow('oops');
});

it('hands its trace on to no message: what a tick sets off has nothing to do with each other', async () => {
  const carried: unknown[] = [];
  await logged(() => Promise.resolve(void carried.push(carriedTrace())).then(() => undefined));
  expect(carried).toEqual([{}]);
});

const fault = { code: 'someCode', message: 'A reason.' };

it.each([
  ['tenant', 'consentLost', 'error'],
  ['refused', 'graphRefused', 'error'],
  ['throttled', 'throttled', 'warning'],
  ['later', 'graphAway', 'warning'],
  ['unknown', 'graphAway', 'warning'],
] as const)('logs that Graph gave no answer to use (%s) as %s, an %s', async (type, event, level) => {
  const lines = await logged(() => {
    logGraphFault({ type, fault, retryAfterMs: undefined });
    return Promise.resolve(undefined);
  });
  expect(lines).toEqual([expect.objectContaining({ level, event, limit: 'users', errorCode: 'someCode' })]);
});
