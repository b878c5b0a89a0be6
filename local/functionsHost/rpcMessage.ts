import type { ServiceBusReceivedMessage } from '@azure/service-bus';
import type { RpcTypedData } from './coreTypes';

/** What .NET takes for "does not expire"; the client's own date for it lies far beyond what .NET can write. */
const endOfTime = '9999-12-31T23:59:59.9999999Z';

/** The body as the text the real host hands over; the library then parses it when it is JSON. */
export function toMessageInput(message: ServiceBusReceivedMessage): RpcTypedData {
  const body: unknown = message.body;
  if (Buffer.isBuffer(body)) return { string: body.toString('utf8') };
  return { string: typeof body === 'string' ? body : JSON.stringify(body) };
}

/**
 * The trigger's metadata under .NET's names: the library makes the first letters small, those of application
 * properties too, and parses texts that are JSON (a messageId of digits arrives as a number), as in Azure.
 */
export function toMessageMetadata(message: ServiceBusReceivedMessage): Record<string, RpcTypedData> {
  const applicationProperties = message.applicationProperties ?? {};
  return {
    ...texts({
      MessageId: message.messageId?.toString(),
      CorrelationId: message.correlationId?.toString(),
      ContentType: message.contentType,
      Subject: message.subject,
      Label: message.subject,
      To: message.to,
      ReplyTo: message.replyTo,
      ReplyToSessionId: message.replyToSessionId,
      SessionId: message.sessionId,
      PartitionKey: message.partitionKey,
      DeadLetterSource: message.deadLetterSource,
      LockToken: message.lockToken,
    }),
    // AMQP counts the failed deliveries, .NET this one too.
    DeliveryCount: json((message.deliveryCount ?? 0) + 1),
    SequenceNumber: json(Number(message.sequenceNumber ?? 0)),
    EnqueuedTimeUtc: json(message.enqueuedTimeUtc ?? null),
    ExpiresAtUtc: json(toExpiry(message.expiresAtUtc)),
    ApplicationProperties: json(applicationProperties),
    UserProperties: json(applicationProperties),
  };
}

function toExpiry(expiresAt: Date | undefined): string {
  return expiresAt && expiresAt.getUTCFullYear() <= 9999 ? expiresAt.toISOString() : endOfTime;
}

function texts(values: Record<string, string | undefined>): Record<string, RpcTypedData> {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value = '']) => [name, { string: value }]));
}

function json(value: unknown): RpcTypedData {
  return { json: JSON.stringify(value) };
}
