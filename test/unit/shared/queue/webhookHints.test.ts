import { fromWebhookMessage, toWebhookMessage } from '../../../../shared/queue/webhookHints';

const HINT = { source: 'hr', key: '0123456789abcdef0123456789abcdef' };

it('names an event and says nothing of it', () => {
  expect(toWebhookMessage(HINT, 'tick')).toEqual({
    body: HINT,
    contentType: 'application/json',
    messageId: 'hr-0123456789abcdef0123456789abcdef~tick',
  });
});

it('is read as it was written, without what else is in the message', () => {
  expect(fromWebhookMessage({ ...HINT, more: 'of it' })).toEqual(HINT);
});

it.each([
  undefined,
  null,
  'hr',
  [],
  {},
  { source: 'hr' },
  { ...HINT, key: 'abc' },
  { ...HINT, key: `${HINT.key}0` },
  { ...HINT, key: 7 },
  { ...HINT, source: '_sources' },
  { ...HINT, source: "hr' or RowKey gt '" },
  { ...HINT, source: 'x'.repeat(65) },
])('is none: %j', (body) => {
  expect(fromWebhookMessage(body)).toBeUndefined();
});
