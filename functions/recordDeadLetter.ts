import { type InvocationContext, app } from '@azure/functions';
import { services } from '../shared/clients';
import { messageName } from '../shared/queue/messageName';
import { functionRun } from '../shared/telemetry/functionRun';
import { logEvent } from '../shared/telemetry/log';
import { DEFAULT_QUEUE } from '../shared/triggerDefaults';

/**
 * Takes what killed the host ten times from the dead-letter queue. Never throws: a dead letter that can't be recorded
 * now is completed all the same, because the invitation's wake-up stands.
 */
async function recordDeadLetter(message: unknown, context: InvocationContext): Promise<void> {
  try {
    const { recordDeadLetter: record } = await services();
    const recorded = await record(message);
    const isRead = recorded.type !== 'unreadable';
    const what = isRead ? `invitation ${recorded.id}` : recorded.excerpt;
    logEvent('deadLettered', `Dead letter, ${messageName(context)}: ${recorded.type}, ${what}.`, {
      invitationId: isRead ? recorded.id : undefined,
      errorCode: recorded.type === 'recorded' ? undefined : recorded.type,
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    logEvent('deadLettered', `Dead letter not recorded: ${reason}`, { errorCode: 'notRecorded' });
  }
}

app.serviceBusQueue('recordDeadLetter', {
  connection: 'ServiceBusConnection',
  queueName: `${process.env['INVITATIONS_QUEUE'] ?? DEFAULT_QUEUE}/$DeadLetterQueue`,
  handler: functionRun(recordDeadLetter),
});
