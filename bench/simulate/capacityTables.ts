import { requestsOf } from './cost';
import type { SimulateDetails } from './details';
import { LIMITS } from './manyTenants';
import { figure, hours, table } from './markdown';
import type { StepName } from './steps';

const STEP_NAMES: Record<StepName, string> = {
  request: 'requested by POST /invitations',
  bulk: 'requested in a bulk call of a thousand, each',
  send: 'the first mail',
  nothingDue: 'a look that finds nothing due',
  doubled: 'a look that another was faster than',
  postponed: 'put off, because the gate is closed',
  check: 'a look whether they redeemed',
  reminder: 'a reminder',
  redeemed: 'redeemed, noticed by syncRedemptions',
  expired: 'expired',
  erased: 'erased',
};

export const stepsTable = ({ costs }: SimulateDetails): string =>
  table(
    ['step', 'table requests', 'entities in its partition'],
    (Object.entries(STEP_NAMES) as [StepName, string][]).map(([name, words]) => {
      const cost = costs.steps[name];
      return [words, figure(requestsOf(cost)), figure(cost.entities)];
    }),
  );

export const drainTable = ({ drains }: SimulateDetails): string =>
  table(
    ['', ...drains.map(({ invitations, perSecond }) => `${figure(invitations)} at ${perSecond}/s`)],
    [
      ['time to the last mail', ...drains.map(({ seconds }) => hours(seconds))],
      ['… Graph’s limit or the setting, at best', ...drains.map(({ idealSeconds }) => hours(idealSeconds))],
      ['stored after', ...drains.map(({ storedAfterSeconds }) => hours(storedAfterSeconds))],
      ['calls that Graph refused', ...drains.map(({ refused }) => figure(refused))],
      ['table requests', ...drains.map(({ requestsTotal }) => figure(requestsTotal))],
      ['… for an invitation', ...drains.map((each) => figure(each.requestsTotal / each.invitations))],
      ['messages', ...drains.map(({ messages }) => figure(messages))],
      ['… for an invitation', ...drains.map((each) => figure(each.messages / each.invitations))],
      ['messages in the queue at once, at most', ...drains.map(({ mostQueued }) => figure(mostQueued))],
      ['looks in vain, for an invitation', ...drains.map((each) => figure(each.inVain / each.invitations))],
      [
        `busiest partition, entities/s (target ${figure(LIMITS.partition)})`,
        ...drains.map(({ storing, draining }) => most(storing.partitionEntities, draining.partitionEntities)),
      ],
      [
        `the gate’s entity, requests/s (target ${figure(LIMITS.partition)})`,
        ...drains.map(({ storing, draining }) => most(storing.gateRequests, draining.gateRequests)),
      ],
      [
        `account, requests/s (target ${figure(LIMITS.account)})`,
        ...drains.map(({ storing, draining }) => most(storing.requests, draining.requests)),
      ],
      [
        `namespace, messages sent and received/s (Standard: ${figure(LIMITS.credits)})`,
        ...drains.map(({ storing, draining }) => most(storing.messageOperations, draining.messageOperations)),
      ],
    ],
  );

const most = (...values: number[]): string => figure(Math.max(...values));

export function requestsTable({ drains }: SimulateDetails): string {
  const [first] = drains;
  if (!first) return '';
  const lines = Object.entries(first.requests).flatMap(([name, operations]) =>
    Object.entries(operations).map(([operation, count]) => ({ name, operation, count })),
  );
  return table(
    ['table', 'kind', 'requests', 'for an invitation'],
    lines
      .sort((a, b) => b.count - a.count)
      .map(({ name, operation, count }) => [name, operation, figure(count), figure(count / first.invitations)]),
  );
}

export const partitionsTable = ({ partitions }: SimulateDetails): string =>
  table(
    ['`PARTITIONS`', 'entities/s while stored', 'entities/s while drained', 'requests of a tick'],
    partitions.map((point) => [
      String(point.partitions),
      figure(point.storing),
      figure(point.draining),
      String(point.tickRequests),
    ]),
  );

export const instancesTable = ({ instances }: SimulateDetails): string =>
  table(
    ['instances', 'drain', 'refused calls', 'gate requests/s, busiest', 'gate requests for an invitation'],
    instances.map((point) => [
      String(point.instances),
      `${figure(point.drainPercent)} %`,
      figure(point.refused),
      figure(point.gateRequestsPeak),
      figure(point.gateRequests),
    ]),
  );

export function tenantsTable({ tenants }: SimulateDetails): string {
  const { apart, staggered, atOnce, timersTogether } = tenants;
  const over = (seconds: number) => (seconds === 0 ? 'never' : `${figure(seconds)} s`);
  return table(
    ['', 'account, requests/s', 'over 20,000, with timers', 'namespace, messages/s', 'over 1,000'],
    [
      ['each apart: the busiest', figure(apart.requests), 'never', figure(apart.messageOperations), ''],
      [
        'together, each by its own local time',
        figure(staggered.requestsPeak),
        over(staggered.secondsOverAccount),
        figure(staggered.messageOperationsPeak),
        over(staggered.secondsOverNamespace),
      ],
      [
        'together, all in one time zone',
        figure(atOnce.requestsPeak),
        over(atOnce.secondsOverAccount),
        figure(atOnce.messageOperationsPeak),
        over(atOnce.secondsOverNamespace),
      ],
      ['together, idle: the timers of a full minute', figure(timersTogether), '', '0', 'never'],
    ],
  );
}

export function yearTable({ year }: SimulateDetails): string {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const row = (words: string, values: readonly number[]) => [words, figure(mean(values)), figure(Math.max(...values))];
  return table(
    ['a day', 'mean', 'most'],
    [
      row('requests', year.days.requested),
      row('reminders', year.days.reminded),
      row('looks whether they redeemed', year.days.checked),
      row('redemptions noticed', year.days.redeemed),
      row('expiries', year.days.expired),
      row('open invitations, from the ninth week on', year.days.open.slice(56)),
      ['wake-ups due at a tick: of 99 in 100 ticks, of the busiest', figure(year.tick.p99), figure(year.tick.most)],
    ],
  );
}

export function storedTable({ costs, year }: SimulateDetails): string {
  const { stored } = costs;
  const per = (words: string, { entities, bytes }: { entities: number; bytes: number }) => [
    words,
    figure(entities),
    figure(bytes),
  ];
  return table(
    ['', 'entities', 'bytes'],
    [
      per('one, queued', stored.queued),
      per('one, pending', stored.pending),
      per('one, accepted after a reminder', stored.accepted),
      per('one, expired', stored.expired),
      per('one, erased', stored.erased),
      ['all at the end of the year', figure(year.stored.entities.at(-1) ?? 0), figure(year.stored.bytes.at(-1) ?? 0)],
    ],
  );
}

export function billsTable({ bills, inputs, drains }: SimulateDetails): string {
  const { currency, notedOn } = inputs.prices;
  const { drain, year } = bills;
  const [first] = drains;
  const both = (words: string, of: (each: typeof drain) => number) => [words, figure(of(drain)), figure(of(year))];
  const money = (words: string, of: (each: typeof drain) => number) => [
    words,
    of(drain).toFixed(2),
    of(year).toFixed(2),
  ];
  const columns = [
    '',
    `${figure(first?.invitations ?? 0)} at once`,
    `a month of ${figure(inputs.profile.year.invitations)} a year`,
  ];
  return table(columns, [
    both('function executions', ({ usage }) => usage.executions),
    both('GB-s', ({ usage }) => usage.gbSeconds),
    both('Service Bus operations', ({ usage }) => usage.serviceBusOperations),
    both('table transactions', ({ usage }) => usage.tableTransactions),
    both('GB stored', ({ usage }) => usage.storedGb),
    both('GB of logs', ({ usage }) => usage.logGb),
    money(`Functions, ${currency}`, ({ bill }) => bill.functions),
    money(`Service Bus, ${currency}`, ({ bill }) => bill.serviceBus),
    money(`tables, ${currency}`, ({ bill }) => bill.tables),
    money(`logs, ${currency}`, ({ bill }) => bill.logs),
    money(`together at the example prices of ${notedOn}, ${currency}`, ({ bill }) => bill.total),
  ]);
}

/** Arithmetic alone: limits divided by what was counted. */
export function endsTable({ drains, costs, partitions, tenants, inputs, measured }: SimulateDetails): string {
  const [first] = drains;
  if (!first) return '';
  const { perSecond } = inputs.profile.graph;
  const requests = first.requestsTotal / first.invitations;
  const messages = (2 * first.messages) / first.invitations;
  const bulkBy = (count: number) => (LIMITS.partition * count) / costs.steps.bulk.entities;
  return table(
    ['what', 'ends at', 'because'],
    [
      ...partitions.map(({ partitions: count }) => [
        `bulk calls, \`PARTITIONS\` ${count}`,
        `${figure(bulkBy(count))} invitations/s`,
        `${figure(costs.steps.bulk.entities)} entities each, evenly spread`,
      ]),
      [
        'tenants that drain at once on one account',
        figure(Math.floor(LIMITS.account / (perSecond * requests))),
        `${figure(requests)} table requests an invitation, ${figure(perSecond)}/s each`,
      ],
      [
        'idle tenants on one account',
        figure(Math.floor((LIMITS.account * tenants.tenants) / tenants.timersTogether)),
        `${figure(tenants.timersTogether / tenants.tenants)} requests each in the first second of every minute`,
      ],
      [
        'processor of the app at Graph’s pace',
        `${figure((perSecond * measured.cpuMs) / 1000)} cores`,
        `${figure(measured.cpuMs)} ms an invitation, both hosts, as measured`,
      ],
      [
        'tenants that drain at once on one namespace, Standard',
        figure(Math.floor(LIMITS.credits / (perSecond * messages))),
        `${figure(messages)} messages sent and received an invitation, ${figure(perSecond)}/s each`,
      ],
    ],
  );
}
