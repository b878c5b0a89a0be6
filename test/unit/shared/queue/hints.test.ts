import { fromMessage, toMessage } from '../../../../shared/queue/hints';

const ID = '019cadc6-9a80-7abc-8def-01234567890b';
const NOW = '2026-03-02T09:00:00.000Z';
const WAKE_UP = `w-0-2026-03-02T09:00:05.000Z-${ID}`;

it('becomes a message for its time that carries ids and nothing else', () => {
  const hint = { id: ID, wakeUp: WAKE_UP, at: '2026-03-02T09:00:05.000Z' };
  expect(toMessage(hint, 'tick-1', NOW)).toEqual({
    body: { id: ID, wakeUp: WAKE_UP },
    contentType: 'application/json',
    messageId: `${WAKE_UP}~tick-1`,
    scheduledEnqueueTimeUtc: new Date('2026-03-02T09:00:05.000Z'),
  });
});

it.each(['2026-03-02T09:00:00.000Z', '2026-03-02T08:00:00.000Z'])('is not scheduled when it is due at %s', (at) => {
  expect(toMessage({ id: ID, wakeUp: WAKE_UP, at }, 'tick-1', NOW)).not.toHaveProperty('scheduledEnqueueTimeUtc');
});

it('has a MessageId that Service Bus takes, even for the longest sender', () => {
  const sentBy = 'copy-3f0c9a52-6f0e-4c57-9f1c-6a4b0a4f1f10';
  expect(toMessage({ id: ID, wakeUp: WAKE_UP, at: NOW }, sentBy, NOW).messageId).toHaveLength(107);
});

it('is read back as it was sent', () => {
  const message = toMessage({ id: ID, wakeUp: WAKE_UP, at: NOW }, 'tick-1', NOW);
  expect(fromMessage(message.body)).toEqual({ ok: true, id: ID, wakeUp: WAKE_UP });
});

it.each([[undefined], [7], [{}], ['anna@fabrikam.com'], [`w-0-anna@fabrikam.com-${ID}`], [`${WAKE_UP}0`]])(
  'is read without the wake-up where that is %p',
  (wakeUp) => {
    expect(fromMessage({ id: ID, wakeUp })).toEqual({ ok: true, id: ID, wakeUp: undefined });
  },
);

it.each([
  ['a string', 'ada@fabrikam.example'],
  ['a number', 7],
  ['a undefined', undefined],
  ['a object', null],
  ['an array with 1 entries, none of them an invitation’s id', ['ada@fabrikam.example']],
  ['an object with 1 entries, none of them an invitation’s id', { id: 'ada@fabrikam.example' }],
  ['an object with 0 entries, none of them an invitation’s id', {}],
  ['an object with 2 entries, none of them an invitation’s id', { id: `${ID}/../x`, 'ada@fabrikam.example': 1 }],
])('is unreadable as %s, and the excerpt tells nothing of it', (excerpt, body) => {
  expect(fromMessage(body)).toEqual({ ok: false, excerpt: excerpt.replace('’', "'") });
});
