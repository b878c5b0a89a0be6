import Table from 'cli-table3';
import type { WebhookEvent, WebhookEventStatus } from '../../shared/domain/webhookEvent';

const MEANING: Record<WebhookEventStatus, string> = {
  pending: 'not through yet',
  done: 'done',
  kept: 'kept',
};

/** The events with what came of each; quotes nothing of a payload. */
export function eventsTable(events: WebhookEvent[]): string {
  const table = new Table({
    head: ['event', 'received', 'status', 'what came of it'],
    style: { head: [], border: [] },
  });
  for (const { key, receivedAt, status, outcome } of events) table.push([key, receivedAt, MEANING[status], outcome]);
  return table.toString();
}

const counted = (count: number): string => `${count} ${count === 1 ? 'event' : 'events'}`;

/** What a replay came to. */
export function verdict(source: string, events: WebhookEvent[]): string {
  const of = (status: WebhookEventStatus): number => events.filter((event) => event.status === status).length;
  const parts = [
    `${counted(events.length)} of ${source} put back: ${of('done')} done`,
    ...(of('kept') > 0 ? [`${of('kept')} kept again`] : []),
    ...(of('pending') > 0 ? [`${of('pending')} not through yet (the app goes on by itself)`] : []),
  ];
  return `${parts.join(', ')}.`;
}

export const listed = (source: string, events: WebhookEvent[]): string =>
  events.length === 0
    ? `No event of ${source} is kept.`
    : `${counted(events.length)} of ${source} kept. Look what the mapping makes of such a payload with npm run map, mend it, deploy it, then: npm run replay -- --source ${source}`;

export const discarded = (source: string, events: WebhookEvent[]): string =>
  `${counted(events.length)} of ${source} discarded.`;
