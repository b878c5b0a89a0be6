import { type Attributes, currentBackend } from './backend';

interface Instrument {
  type: 'counter' | 'upDownCounter' | 'histogram' | 'gauge';
  /** https://ucum.org */
  unit: string;
  description: string;
  /** Of a histogram's buckets, in its unit. */
  bounds?: readonly number[];
}

const MINUTE = 60;
const HOUR = 3600;
const DAY = 24 * HOUR;

/** Every figure that is counted. Names and attributes are never changed, only added: dashboards read them. */
export const METRICS = {
  'invitations.requested': { type: 'counter', unit: '{invitation}', description: 'Requests that made an invitation.' },
  'invitations.sent': { type: 'counter', unit: '{invitation}', description: 'First mails.' },
  'invitations.reminded': { type: 'counter', unit: '{mail}', description: 'Reminders and re-sends.' },
  'invitations.accepted': { type: 'counter', unit: '{invitation}', description: 'Redemptions that were noticed.' },
  'invitations.failed': { type: 'counter', unit: '{invitation}', description: 'Refused by Microsoft Graph for good.' },
  'invitations.needs_review': { type: 'counter', unit: '{invitation}', description: 'Handed to a person.' },
  'invitations.time_to_send': {
    type: 'histogram',
    unit: 's',
    description: 'From when it might go out (request, date or approval) to the first mail.',
    bounds: [1, 2, 5, 10, 30, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR, DAY],
  },
  'invitations.time_to_redeem': {
    type: 'histogram',
    unit: 's',
    description: 'From the first mail to the redemption.',
    bounds: [MINUTE, 10 * MINUTE, HOUR, 4 * HOUR, DAY, 2 * DAY, 3 * DAY, 5 * DAY, 7 * DAY, 14 * DAY, 30 * DAY],
  },
  'invitations.open': {
    type: 'upDownCounter',
    unit: '{invitation}',
    description: 'Opened less closed, by this process.',
  },
  'graph.throttled': { type: 'counter', unit: '{call}', description: 'Calls that Microsoft Graph answered with 429.' },
  'gate.pace': { type: 'gauge', unit: '1/s', description: 'Calls a second that all instances make together at most.' },
  'wakeups.overdue': { type: 'gauge', unit: '{wakeup}', description: 'Wake-ups that a tick found past their time.' },
  'wakeups.oldest_overdue': { type: 'gauge', unit: 's', description: 'How long the oldest of these has waited.' },
} as const satisfies Record<string, Instrument>;

type MetricName = keyof typeof METRICS;

/** Counts, measures or shows, by what the figure is. Costs nothing while TELEMETRY is off. */
export function measure(metric: MetricName, value: number, attributes: Attributes = {}): void {
  const backend = currentBackend();
  if (!backend) return;
  const { type } = METRICS[metric];
  const isSum = type === 'counter' || type === 'upDownCounter';
  if (isSum) backend.add(metric, value, attributes);
  else backend.record(metric, value, attributes);
}
