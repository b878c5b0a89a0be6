import { type InvocationContext, app } from '@azure/functions';
import { services } from '../shared/clients';
import { messageName } from '../shared/queue/messageName';
import { DEFAULT_QUEUE } from '../shared/triggerDefaults';

/**
 * Takes what killed the host ten times from the dead-letter queue. Never throws: a dead letter that can't be recorded
 * now is completed all the same, because the invitation's wake-up stands.
 */
async function recordDeadLetter(message: unknown, context: InvocationContext): Promise<void> {
  try {
    const { recordDeadLetter: record } = await services();
    const recorded = await record(message);
    const what = recorded.type === 'unreadable' ? recorded.excerpt : `invitation ${recorded.id}`;
    context.error(`Dead letter, ${messageName(context)}: ${recorded.type}, ${what}.`);
  } catch (error) {
    context.error(`Dead letter not recorded: ${error instanceof Error ? error.message : String(error)}`);
  }
}

app.serviceBusQueue('recordDeadLetter', {
  connection: 'ServiceBusConnection',
  queueName: `${process.env['INVITATIONS_QUEUE'] ?? DEFAULT_QUEUE}/$DeadLetterQueue`,
  handler: recordDeadLetter,
});
