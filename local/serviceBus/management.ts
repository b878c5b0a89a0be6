import { z } from 'zod';
import type { AmqpMessage } from './amqpMessage';
import type { Entity } from './entity';
import { fromUuidBytes, toUuidBytes } from './lockToken';
import { LOCK_LOST } from './outgoingLink';
import { peek } from './queue/peek';
import { receiveDeferred, renewLock } from './queue/receive';
import { cancelScheduled, send } from './queue/send';
import { settle, type Settlement } from './queue/settle';
import type { Reply } from './requestReply';
import { int, longArray, timestampArray, uuid, type AmqpError } from './rhea';
import { encodeQueued, toSubmission } from './wireMessage';

const bytes = z.instanceof(Buffer);
const sequenceNumbers = z.array(z.number());
const lockTokens = z.array(bytes.transform(fromUuidBytes));
const properties = z.record(z.string(), z.unknown());

const NOT_FOUND = {
  condition: 'com.microsoft:message-not-found',
  description: 'The queue has no such message in the state that the operation needs.',
};

/** By the operation's name after `com.microsoft:`. */
const OPERATIONS: Record<string, (entity: Entity, body: unknown) => Reply> = {
  'peek-message': peekMessage,
  'renew-lock': renew,
  'schedule-message': schedule,
  'cancel-scheduled-message': cancel,
  'receive-by-sequence-number': receiveBySequenceNumber,
  'update-disposition': updateDisposition,
};

/** Answers a request to the queue's `$management` node. */
export function manage(entity: Entity, { application_properties, body }: AmqpMessage): Reply {
  const name = String(application_properties?.['operation']);
  const operation = OPERATIONS[name.replace('com.microsoft:', '')];
  if (!operation) {
    return failed(501, { condition: 'amqp:not-implemented', description: `The stand-in does not know ${name}.` });
  }
  try {
    return operation(entity, body);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    return failed(400, { condition: 'amqp:invalid-field', description: z.prettifyError(error) });
  }
}

const peekRequest = z.object({ 'from-sequence-number': z.number(), 'message-count': z.number() });

function peekMessage(entity: Entity, body: unknown): Reply {
  const request = peekRequest.parse(body);
  const found = peek(entity.queue, request['from-sequence-number'], request['message-count']);
  if (found.length === 0) return { application_properties: { statusCode: int(204), statusDescription: 'No content' } };
  return ok({ messages: found.map((message) => ({ message: encodeQueued(message, entity.deadLetterSource) })) });
}

const renewRequest = z.object({ 'lock-tokens': lockTokens });

function renew({ queue }: Entity, body: unknown): Reply {
  const ends: number[] = [];
  for (const token of renewRequest.parse(body)['lock-tokens']) {
    const end = renewLock(queue, token);
    if (end === 'lockLost') return failed(410, LOCK_LOST);
    ends.push(end);
  }
  return ok({ expirations: timestampArray(ends) });
}

const scheduleRequest = z.object({ messages: z.array(z.object({ message: bytes })) });

function schedule({ queue }: Entity, body: unknown): Reply {
  const submissions = scheduleRequest.parse(body).messages.map(({ message }) => toSubmission(message));
  return ok({ 'sequence-numbers': longArray(submissions.map((submission) => send(queue, submission))) });
}

const cancelRequest = z.object({ 'sequence-numbers': sequenceNumbers });

function cancel({ queue }: Entity, body: unknown): Reply {
  const result = cancelScheduled(queue, cancelRequest.parse(body)['sequence-numbers']);
  return result === 'notFound' ? failed(404, NOT_FOUND) : ok({});
}

const receiveRequest = z.object({ 'sequence-numbers': sequenceNumbers, 'receiver-settle-mode': z.number() });

function receiveBySequenceNumber(entity: Entity, body: unknown): Reply {
  const request = receiveRequest.parse(body);
  const mode = request['receiver-settle-mode'] === 0 ? 'delete' : 'lock';
  const found = receiveDeferred(entity.queue, request['sequence-numbers'], mode);
  if (found === 'notFound') return failed(404, NOT_FOUND);
  return ok({
    messages: found.map((message) => ({
      message: encodeQueued(message, entity.deadLetterSource),
      ...(message.lock && { 'lock-token': uuid(toUuidBytes(message.lock.token)) }),
    })),
  });
}

const updateRequest = z.object({
  'lock-tokens': lockTokens,
  'disposition-status': z.enum(['completed', 'abandoned', 'defered', 'suspended']),
  'deadletter-reason': z.string().optional(),
  'deadletter-description': z.string().optional(),
  'properties-to-modify': properties.optional(),
});

function updateDisposition({ queue }: Entity, body: unknown): Reply {
  const request = updateRequest.parse(body);
  const results = request['lock-tokens'].map((token) => settle(queue, token, toSettlement(request)));
  return results.includes('lockLost') ? failed(410, LOCK_LOST) : ok({});
}

function toSettlement(request: z.infer<typeof updateRequest>): Settlement {
  const modified = request['properties-to-modify'];
  switch (request['disposition-status']) {
    case 'completed':
      return { type: 'complete' };
    case 'abandoned':
      return { type: 'abandon', properties: modified };
    case 'defered':
      return { type: 'defer', properties: modified };
    case 'suspended': {
      const DeadLetterReason = request['deadletter-reason'];
      const DeadLetterErrorDescription = request['deadletter-description'];
      return { type: 'deadLetter', properties: { ...modified, DeadLetterReason, DeadLetterErrorDescription } };
    }
  }
}

function ok(body: object): Reply {
  return { application_properties: { statusCode: int(200), statusDescription: 'OK' }, body };
}

function failed(statusCode: number, { condition, description }: AmqpError): Reply {
  return {
    application_properties: {
      statusCode: int(statusCode),
      statusDescription: description,
      errorCondition: condition,
    },
  };
}
