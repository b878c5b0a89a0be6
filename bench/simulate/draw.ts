import { linePlot } from '../plot';
import type { DrainDetails, SimulateDetails } from './details';
import { LIMITS } from './manyTenants';
import type { PartitionsPoint } from './sweeps';
import type { Year } from './year';

const MINUTES_AN_HOUR = 60;
const THOUSAND = 1000;
/** More would be told apart by nobody. */
const POINTS = 60;

/** How many were mailed by when, against what Graph lets through at best. */
function drawDrain(drains: readonly DrainDetails[]): string {
  const [first] = drains;
  if (!first) throw new Error('There is no drain to draw.');
  const { invitations, idealSeconds } = first;
  return linePlot({
    title: `${invitations.toLocaleString('en')} invitations in one tenant, mailed over time`,
    description: 'The mailed invitations rise in a straight line that lies on what Graph lets through at best.',
    x: { label: 'hours' },
    y: { label: 'thousand invitations mailed' },
    series: [
      ...drains.map(({ perSecond, acceptedByMinute }) => ({
        name: `set to ${perSecond}/s`,
        points: mailed(acceptedByMinute),
      })),
      { name: 'Graph at best', points: [[0, 0] as const, [idealSeconds / 3600, invitations / THOUSAND] as const] },
    ],
  });
}

function mailed(byMinute: readonly number[]): (readonly [number, number])[] {
  const step = Math.max(1, Math.floor(byMinute.length / POINTS));
  let total = 0;
  const points = byMinute.map((accepted, minute) => {
    total += accepted / THOUSAND;
    return [(minute + 1) / MINUTES_AN_HOUR, total] as const;
  });
  return [[0, 0] as const, ...points.filter((_, nth) => nth % step === 0 || nth === points.length - 1)];
}

const drawPartitions = (points: readonly PartitionsPoint[]): string =>
  linePlot({
    title: 'The busiest partition’s busiest second, by PARTITIONS',
    description:
      'Entities a second fall with the number of partitions, while bulk calls are stored and while the queue drains; the target of 2,000 is drawn.',
    x: { label: 'partitions', scale: 'log' },
    y: { label: 'entities read and written a second', scale: 'log' },
    series: [
      { name: 'bulk calls stored', points: points.map(({ partitions, storing }) => [partitions, storing] as const) },
      { name: 'queue draining', points: points.map(({ partitions, draining }) => [partitions, draining] as const) },
      { name: 'target', points: points.map(({ partitions }) => [partitions, LIMITS.partition] as const) },
    ],
    hasMarks: true,
  });

const DAYS_A_WEEK = 7;

/** Week by week, for weekends would hide the rest. */
function drawYear({ days }: Year): string {
  const weekly = (values: readonly number[]) =>
    Array.from({ length: Math.floor(values.length / DAYS_A_WEEK) }, (_, week) => {
      const of = values.slice(week * DAYS_A_WEEK, (week + 1) * DAYS_A_WEEK);
      return [week + 1, of.reduce((sum, value) => sum + value, 0) / of.length] as const;
    });
  return linePlot({
    title: 'A year: open invitations and what they ask for a day',
    description:
      'Open invitations rise for a month, until as many are closed as come in, and then stay; so do reminders and checks.',
    x: { label: 'weeks' },
    y: { label: 'a day, mean of each week' },
    series: [
      { name: 'open', points: weekly(days.open) },
      { name: 'checks', points: weekly(days.checked) },
      { name: 'requests', points: weekly(days.requested) },
      { name: 'reminders', points: weekly(days.reminded) },
    ],
  });
}

/** The plots of docs/capacity.md, by the names of their files. */
export const plotsOf = ({ drains, partitions, year }: SimulateDetails): Record<string, string> => ({
  simulateDrain: drawDrain(drains),
  simulatePartitions: drawPartitions(partitions),
  simulateYear: drawYear(year),
});
