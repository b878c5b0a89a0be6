import { openQueue, receiveOne } from './harness';

describe('sending', () => {
  it('delivers body, properties and ids as they were sent', async () => {
    const { sender, receiver } = await openQueue();
    await sender.sendMessages({
      body: { invitationId: 'a-1' },
      messageId: 'hint-1',
      correlationId: 'request-7',
      subject: 'hint',
      contentType: 'application/json',
      applicationProperties: { attempt: 3, urgent: true, ratio: 0.5, source: 'hr' },
    });

    const message = await receiveOne(receiver);

    expect(message).toMatchObject({
      body: { invitationId: 'a-1' },
      messageId: 'hint-1',
      correlationId: 'request-7',
      subject: 'hint',
      contentType: 'application/json',
      applicationProperties: { attempt: 3, urgent: true, ratio: 0.5, source: 'hr' },
      deliveryCount: 0,
      state: 'active',
    });
    expect(message.sequenceNumber?.toNumber()).toBe(1);
    expect(message.enqueuedTimeUtc).toBeInstanceOf(Date);
  });
});
