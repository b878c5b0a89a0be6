import type { BenchRow } from '../result';
import { requestsOf } from './cost';
import type { DrainDetails, SimulateDetails } from './details';
import { LIMITS } from './manyTenants';

const count = (value: number): string => value.toLocaleString('en');

/** What the simulation found; a ratio is how many times over the limit would hold it. */
export const rowsOf = (details: SimulateDetails): BenchRow[] => [
  ...details.drains.flatMap(drainRows),
  ...checkRows(details),
  ...tenantRows(details),
  ...yearRows(details),
];

function drainRows(drain: DrainDetails): BenchRow[] {
  const { invitations, perSecond, seconds, idealSeconds, storing, draining } = drain;
  const what = `${count(invitations)} at ${perSecond}/s`;
  const ratio = idealSeconds / seconds;
  return [
    {
      what: `${what}: time; limit: the lower of setting and Graph`,
      ours: seconds / 3600,
      limit: idealSeconds / 3600,
      unit: 'h',
      ratio,
      runs: 1,
      aim: '≥ 97 %',
      met: ratio >= 0.97,
    },
    { what: `${what}: refused calls`, ours: drain.refused, unit: '', runs: 1 },
    { what: `${what}: table requests for an invitation`, ours: drain.requestsTotal / invitations, unit: '', runs: 1 },
    { what: `${what}: messages for an invitation`, ours: drain.messages / invitations, unit: '', runs: 1 },
    enough(`${what}: busiest partition while stored`, storing.partitionEntities, LIMITS.partition, 'entities/s'),
    enough(`${what}: busiest partition while drained`, draining.partitionEntities, LIMITS.partition, 'entities/s'),
    enough(
      `${what}: the gate's entity`,
      Math.max(storing.gateRequests, draining.gateRequests),
      LIMITS.partition,
      'requests/s',
    ),
    enough(`${what}: the account`, Math.max(storing.requests, draining.requests), LIMITS.account, 'requests/s'),
    enough(
      `${what}: the namespace, Standard`,
      Math.max(storing.messageOperations, draining.messageOperations),
      LIMITS.credits,
      'credits/s',
    ),
    enough(`${what}: messages sent once all is stored`, draining.messagesSent, LIMITS.messagesSent, 'messages/s'),
  ];
}

/** In the busiest second. */
const room = (what: string, ours: number, limit: number, unit: string): BenchRow => ({
  what: `${what}, busiest second`,
  ours,
  limit,
  unit,
  ratio: limit / ours,
  runs: 1,
});

/** The same, where the limit has to hold it. */
const enough = (what: string, ours: number, limit: number, unit: string): BenchRow => ({
  ...room(what, ours, limit, unit),
  aim: '≥ 1',
  met: ours <= limit,
});

/** What was measured by running the product holds the costs that the simulation counts by. */
function checkRows({ measured, costs }: SimulateDetails): BenchRow[] {
  const { due } = measured;
  if (!due) return [];
  return [
    held('a tick', requestsOf(costs.timers.wakeInvitations), due.tickRequests),
    held('a redemption', requestsOf(costs.steps.redeemed), due.requestsARedemption),
  ];
}

const held = (what: string, ours: number, limit: number): BenchRow => ({
  what: `${what}: table requests counted by; limit: as "due" measured`,
  ours,
  limit,
  unit: 'requests',
  ratio: ours / limit,
  better: 'lower',
  runs: 1,
  aim: '= 1',
  met: ours === limit,
});

function tenantRows({ tenants }: SimulateDetails): BenchRow[] {
  const { apart, staggered, atOnce } = tenants;
  const what = `${count(tenants.tenants)} tenants`;
  return [
    enough(`${what} apart: busiest partition of one`, apart.partitionEntities, LIMITS.partition, 'entities/s'),
    enough(`${what} apart: busiest account`, apart.requests, LIMITS.account, 'requests/s'),
    room(`${what} on one account, in ten time zones`, staggered.requestsPeak, LIMITS.account, 'requests/s'),
    room(`${what} on one account, in one time zone`, atOnce.requestsPeak, LIMITS.account, 'requests/s'),
    room(`${what} on one account, idle: timers`, tenants.timersTogether, LIMITS.account, 'requests/s'),
    room(`${what} on one namespace, in ten time zones`, staggered.messageOperationsPeak, LIMITS.credits, 'credits/s'),
    room(`${what} on one namespace, in one time zone`, atOnce.messageOperationsPeak, LIMITS.credits, 'credits/s'),
  ];
}

function yearRows({ year, inputs, bills }: SimulateDetails): BenchRow[] {
  const what = `a year of ${count(inputs.profile.year.invitations)}`;
  const row = (name: string, ours: number, unit: string): BenchRow => ({
    what: `${what}: ${name}`,
    ours,
    unit,
    runs: 1,
  });
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return [
    row('reminders a day', mean(year.days.reminded), ''),
    row('redemption checks a day', mean(year.days.checked), ''),
    row('wake-ups due at a tick, 99 of 100', year.tick.p99, ''),
    row('open, mean of the last four weeks', mean(year.days.open.slice(-28)), ''),
    row('entities at the end', year.stored.entities.at(-1) ?? 0, ''),
    row('tables at the end', (year.stored.bytes.at(-1) ?? 0) / 1e9, 'GB'),
    row('at the example prices, a month', bills.year.bill.total, inputs.prices.currency),
  ];
}
