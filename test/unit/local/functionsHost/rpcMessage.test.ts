import type { ServiceBusReceivedMessage } from '@azure/service-bus';
import { toMessageInput, toMessageMetadata } from '../../../../local/functionsHost/rpcMessage';

function message(properties: Partial<ServiceBusReceivedMessage>): ServiceBusReceivedMessage {
  return { body: Buffer.from(''), ...properties } as ServiceBusReceivedMessage;
}

describe('toMessageInput', () => {
  it.each([
    [Buffer.from('{"id":"é"}'), '{"id":"é"}'],
    ['text', 'text'],
    [{ id: 1 }, '{"id":1}'],
    [[1, 2], '[1,2]'],
  ])('hands over %p as text', (body, expected) => {
    expect(toMessageInput(message({ body }))).toEqual({ string: expected });
  });
});

describe('toMessageMetadata', () => {
  it('uses the names of .NET', () => {
    const metadata = toMessageMetadata(
      message({
        messageId: 'm1',
        correlationId: 'c1',
        contentType: 'application/json',
        subject: 'hint',
        lockToken: 'token',
        enqueuedTimeUtc: new Date('2026-11-21T10:00:00Z'),
        expiresAtUtc: new Date('2026-12-05T10:00:00Z'),
        applicationProperties: { attempt: 2 },
      }),
    );
    expect(metadata).toEqual({
      MessageId: { string: 'm1' },
      CorrelationId: { string: 'c1' },
      ContentType: { string: 'application/json' },
      Subject: { string: 'hint' },
      Label: { string: 'hint' },
      LockToken: { string: 'token' },
      DeliveryCount: { json: '1' },
      SequenceNumber: { json: '0' },
      EnqueuedTimeUtc: { json: '"2026-11-21T10:00:00.000Z"' },
      ExpiresAtUtc: { json: '"2026-12-05T10:00:00.000Z"' },
      ApplicationProperties: { json: '{"attempt":2}' },
      UserProperties: { json: '{"attempt":2}' },
    });
  });

  it('counts this delivery too', () => {
    expect(toMessageMetadata(message({ deliveryCount: 2 }))['DeliveryCount']).toEqual({ json: '3' });
  });

  it.each([undefined, new Date(8.64e15)])(
    'says the end of time for a message that does not expire (%p)',
    (expiresAtUtc) => {
      const given = expiresAtUtc ? { expiresAtUtc } : {};
      expect(toMessageMetadata(message(given))['ExpiresAtUtc']).toEqual({ json: '"9999-12-31T23:59:59.9999999Z"' });
    },
  );
});
