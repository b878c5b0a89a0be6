import { InvocationContext } from '@azure/functions';
import { EVENTS } from '../../../../shared/telemetry/events';
import { functionRun } from '../../../../shared/telemetry/functionRun';
import { logEvent, sentenceIn } from '../../../../shared/telemetry/log';

const ID = '019cadc6-9a80-7abc-8def-01234567890b';
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const HINT = `w-0-2026-03-02T09:00:00.000Z-${ID}~11111111-2222-4333-8444-555555555555`;

/** What a function logs that runs on such a message, as level and text. */
async function logged(work: () => void, messageId?: string): Promise<[string, string][]> {
  const lines: [string, string][] = [];
  const context = new InvocationContext({
    logHandler: (level, ...words) => lines.push([level, words.join()]),
    traceContext: { traceParent: TRACE },
    ...(messageId === undefined ? {} : { triggerMetadata: { messageId } }),
  });
  const handler = functionRun(() => {
    work();
    return Promise.resolve();
  });
  await handler(undefined, context);
  return lines;
}

it('writes one line of JSON with the event, the sentence, the fields, the message and the trace', async () => {
  const [line] = await logged(
    () => logEvent('sent', `Invitation ${ID}: sent.`, { invitationId: ID, source: 'api', secondsToSend: 1.5 }),
    HINT,
  );
  expect(line?.[0]).toBe('information');
  expect(JSON.parse(line?.[1] ?? '')).toEqual({
    event: 'sent',
    message: `Invitation ${ID}: sent.`,
    invitationId: ID,
    source: 'api',
    secondsToSend: 1.5,
    messageId: HINT,
    traceparent: TRACE,
  });
});

it('leaves out what is not known', async () => {
  const [line] = await logged(() => logEvent('requested', 'x', { invitationId: ID, source: undefined }));
  expect(Object.keys(JSON.parse(line?.[1] ?? '') as object)).toEqual([
    'event',
    'message',
    'invitationId',
    'traceparent',
  ]);
});

it.each([
  ['requested', 'information'],
  ['needsReview', 'warning'],
  ['consentLost', 'error'],
] as const)('logs %s as %s', async (event, level) => {
  expect((await logged(() => logEvent(event, 'x')))[0]?.[0]).toBe(level);
});

it.each([
  ['an address', 'ann@fabrikam.com'],
  ['an address in our form', `ann_fabrikam.com~11111111-2222-4333-8444-555555555555`],
  ['more behind ours', `${HINT} ann`],
  ['nothing', ''],
])('does not repeat a MessageId that is not ours: %s', async (_, messageId) => {
  const [line] = await logged(() => logEvent('messageUnreadable', 'x'), messageId);
  expect(JSON.parse(line?.[1] ?? '')).not.toHaveProperty('messageId');
});

it.each([HINT, HINT.replace('~', '~copy-'), `${'a'.repeat(32)}~11111111-2222-4333-8444-555555555555`])(
  'names the message of ours %s',
  async (messageId) => {
    const [line] = await logged(() => logEvent('lookedAt', 'x'), messageId);
    expect(JSON.parse(line?.[1] ?? '')).toMatchObject({ messageId });
  },
);

it('logs nothing outside of a function', () => {
  expect(() => logEvent('sent', 'x')).not.toThrow();
});

it('gives the sentence back, and any other text as it is', () => {
  expect(sentenceIn('{"event":"sent","message":"Said \\"so\\"."}')).toBe('Said "so".');
  expect(sentenceIn('{"event":"sent"')).toBe('{"event":"sent"');
  expect(sentenceIn('{"event":"sent","message":1}')).toBe('{"event":"sent","message":1}');
  expect(sentenceIn('Listening.')).toBe('Listening.');
});

it('knows every event that alerts and workbook read', () => {
  expect(Object.keys(EVENTS)).toEqual(
    expect.arrayContaining([
      ...['requested', 'sent', 'reminded', 'accepted', 'failed', 'needsReview', 'throttled', 'consentLost'],
      ...['deadLettered', 'mappingFailed', 'timerRan', 'gatePace'],
    ]),
  );
});
