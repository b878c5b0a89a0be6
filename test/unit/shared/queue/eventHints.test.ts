import { fromEventMessage, toEventMessage } from '../../../../shared/queue/eventHints';

const KEY =
  'e-2026-03-02T09:00:05.000Z-019cadc6-9a80-7abc-8def-01234567890b-999999999-11111111-2222-4333-8444-555555555555';
const AT = '2026-03-02T09:00:05.000Z';
const SENDER = 'd854b57c-cdbe-4f74-88d4-f286591a7150';

it('carries the key of its event, and is read as that', () => {
  expect(fromEventMessage(toEventMessage({ key: KEY, at: AT }, SENDER, AT).body)).toBe(KEY);
});

it('has a MessageId that Service Bus takes, another for each sender and each event', () => {
  const idOf = (key: string, sentBy: string) => String(toEventMessage({ key, at: AT }, sentBy, AT).messageId);
  expect(idOf(KEY, SENDER).length).toBeLessThanOrEqual(128);
  expect(idOf(KEY, SENDER)).toBe(idOf(KEY, SENDER));
  expect(new Set([idOf(KEY, SENDER), idOf(KEY, 'another'), idOf(KEY.replace('05.000', '06.000'), SENDER)]).size).toBe(
    3,
  );
});

it('is given out when the event is due, and at once when it is overdue', () => {
  const early = toEventMessage({ key: KEY, at: AT }, SENDER, '2026-03-02T09:00:00.000Z');
  expect(early.scheduledEnqueueTimeUtc).toEqual(new Date(AT));
  expect(toEventMessage({ key: KEY, at: AT }, SENDER, AT)).not.toHaveProperty('scheduledEnqueueTimeUtc');
});

it.each([['text'], [null], [7], [{}], [{ event: 7 }], [['e-']]])('reads no key from %j', (body) => {
  expect(fromEventMessage(body)).toBeUndefined();
});
