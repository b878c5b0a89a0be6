import type { Usage } from './bill';
import { type Cost, NO_COST, plus, requestsOf } from './cost';
import type { Prices, Profile } from './inputs';
import type { LifeEvent } from './life';
import type { StepName, Steps, TimerName } from './steps';
import type { TenantDrain } from './tally';
import type { Year } from './year';

/** All that a drain asked of the tables, by table and operation. */
export function requestsOfDrain(drain: TenantDrain, { steps, timers }: Steps): Cost {
  const ofSteps = Object.entries(drain.steps).reduce(
    (sum, [name, times]) => plus(sum, steps[name as StepName], times),
    NO_COST,
  );
  const looked: Cost = {
    requests: { Invitations: { query: drain.tickPages }, Gates: drain.gateCalls },
    entities: 0,
    messages: 0,
  };
  return [timers.wakeEvents, timers.wakeWebhookEvents].reduce(
    (sum, timer) => plus(sum, timer, drain.ticks),
    plus(ofSteps, looked),
  );
}

const BULK = 1000;
const TICK_TIMERS = 3;
const GB = 1e9;

/** Of one batch, with the storage of a month. */
export function usageOfDrain(
  drain: TenantDrain,
  steps: Steps,
  { messages, logs }: Profile,
  { functions }: Prices,
): Usage {
  const executions = drain.messages + TICK_TIMERS * drain.ticks + Math.ceil(drain.invited / BULK);
  return {
    executions,
    gbSeconds: (drain.activeSeconds + drain.tickSeconds + drain.storedAfterSeconds) * functions.instanceGb,
    serviceBusOperations: drain.messages * messages.billedOperationsEach,
    tableTransactions: requestsOf(requestsOfDrain(drain, steps)),
    storedGb: (drain.accepted * steps.stored.pending.bytes) / GB,
    logGb: (executions * logs.bytesAnExecution) / GB,
  };
}

const STEP_OF: Record<LifeEvent, StepName> = {
  requested: 'request',
  sent: 'send',
  reminded: 'reminder',
  checked: 'check',
  redeemed: 'redeemed',
  expired: 'expired',
  erased: 'erased',
};

/** By the defaults of WAKE_SCHEDULE (three timers), SYNC_SCHEDULE and CLEAN_UP_SCHEDULE. */
const RUNS_A_DAY: Record<TimerName, number> = {
  wakeInvitations: 1440,
  wakeEvents: 1440,
  wakeWebhookEvents: 1440,
  syncRedemptions: 288,
  deleteExpiredKeys: 1,
};
const DAYS_A_MONTH = 30.4;

/**
 * Of an average month of the year, with the storage of its last. Every execution is billed as if it ran alone, which at a
 * few a minute most do.
 */
export function usageOfYear(year: Year, steps: Steps, { messages, logs }: Profile, { functions }: Prices): Usage {
  const months = year.days.requested.length / DAYS_A_MONTH;
  const ofEvents = Object.entries(STEP_OF).reduce(
    (sum, [event, step]) => sum + total(year.days[event as LifeEvent]) * requestsOf(steps.steps[step]),
    0,
  );
  const runs = Object.values(RUNS_A_DAY).reduce((sum, count) => sum + count, 0) * DAYS_A_MONTH;
  const ofTimers = Object.entries(RUNS_A_DAY).reduce(
    (sum, [name, count]) => sum + count * requestsOf(steps.timers[name as TimerName]),
    0,
  );
  const executions = runs + (year.wakeUps + total(year.days.requested)) / months;
  return {
    executions,
    gbSeconds: executions * functions.leastSeconds * functions.instanceGb,
    serviceBusOperations: (year.wakeUps / months) * messages.billedOperationsEach,
    tableTransactions: ofEvents / months + ofTimers * DAYS_A_MONTH,
    storedGb: (year.stored.bytes.at(-1) ?? 0) / GB,
    logGb: (executions * logs.bytesAnExecution) / GB,
  };
}

const total = (days: readonly number[]): number => days.reduce((sum, count) => sum + count, 0);
