import { parseArgs } from 'node:util';
import type { BenchOptions, BenchOutcome } from './result';
import { billOf } from './simulate/bill';
import { requestsOf } from './simulate/cost';
import type { DrainDetails, SimulateDetails } from './simulate/details';
import { plotsOf } from './simulate/draw';
import { type Prices, type Profile, readPrices, readProfile } from './simulate/inputs';
import { peaksOf } from './simulate/load';
import { simulateTenants } from './simulate/manyTenants';
import { type Measured, readMeasured } from './simulate/measured';
import { rowsOf } from './simulate/rows';
import { type Steps, measureSteps } from './simulate/steps';
import { idealSeconds, sweepInstances, sweepPartitions } from './simulate/sweeps';
import type { TenantDrain } from './simulate/tally';
import { type DrainOptions, drainTenant } from './simulate/tenantDrain';
import { requestsOfDrain, usageOfDrain, usageOfYear } from './simulate/usage';
import { simulateYear } from './simulate/year';

const USAGE = `npm run bench -- simulate [--full] [--profile FILE] [--prices FILE]
  --profile FILE  in place of bench/simulate/profile.json: Graph, instances, tenants, arrivals, redemptions
  --prices FILE   in place of bench/simulate/prices.json, whose prices are examples
With either it keeps no result. "npm run docs:capacity" brings docs/capacity.md up to date with the result.`;

const MILLION = 1_000_000;
const SWEPT = 20_000;
/** GRAPH_INVITATIONS_PER_SECOND: all of Graph's limit, and the default; how many are drained at each. */
const SMALL = {
  drains: [
    { perSecond: 30, invitations: MILLION },
    { perSecond: 25, invitations: 100_000 },
  ],
  lives: 5_000,
};
const FULL = {
  drains: [
    { perSecond: 30, invitations: MILLION },
    { perSecond: 25, invitations: MILLION },
  ],
  lives: 100_000,
};

/** A million invitations, a thousand tenants and a year, simulated: the product's own domain, gate and tick on a clock that jumps. */
export async function run({ full, seed, args, log }: BenchOptions): Promise<BenchOutcome> {
  const { values } = parseArgs({
    args,
    options: { profile: { type: 'string' }, prices: { type: 'string' }, help: { type: 'boolean', default: false } },
  });
  if (values.help) {
    log(USAGE);
    return { rows: [], file: false };
  }
  const size = full ? FULL : SMALL;
  const inputs = { profile: readProfile(values.profile), prices: readPrices(values.prices) };
  const details = await simulate({ ...size, swept: SWEPT, seed, inputs, measured: readMeasured(), log });
  const isOdd = values.profile !== undefined || values.prices !== undefined;
  return {
    rows: rowsOf(details),
    details,
    plots: plotsOf(details),
    ...(isOdd ? { file: false as const } : {}),
  };
}

export interface SimulateOptions {
  drains: readonly { perSecond: number; invitations: number }[];
  /** Invitations of each point of the sweeps. */
  swept: number;
  lives: number;
  seed: number;
  inputs: { profile: Profile; prices: Prices };
  measured: Measured;
  log: (line: string) => void;
}

export async function simulate({
  drains,
  swept,
  lives,
  seed,
  inputs,
  measured,
  log,
}: SimulateOptions): Promise<SimulateDetails> {
  const { profile, prices } = inputs;
  log('what each step costs …');
  const costs = await measureSteps();
  const { graph, tableCallMs, queueCallMs, instances, partitions } = profile;
  const world = {
    graph,
    tableCallMs,
    queueCallMs,
    instances,
    partitions,
    seed,
    storedPerSecond: measured.bulkPerSecond,
  };
  const drained: { options: DrainOptions; drain: TenantDrain }[] = [];
  for (const each of drains) {
    log(`${each.invitations} invitations at ${each.perSecond} a second …`);
    const options = { ...world, ...each };
    drained.push({ options, drain: await drainTenant(options, costs) });
  }
  const [first] = drained;
  if (!first) throw new Error('There is nothing to drain.');
  const sweep = { ...world, invitations: swept, perSecond: graph.perSecond };
  log('partitions and instances …');
  const ofPartitions = await sweepPartitions(sweep, costs);
  const ofInstances = await sweepInstances(sweep, costs);
  log(`${profile.tenants.count} tenants …`);
  const tenants = await simulateTenants({ ...sweep, instances: 1, tenants: profile.tenants }, costs);
  log('a year …');
  const year = simulateYear({ profile: profile.year, lives, seed }, costs);
  const usage = {
    drain: usageOfDrain(first.drain, costs, profile, prices),
    year: usageOfYear(year, costs, profile, prices),
  };
  return {
    inputs,
    measured,
    costs,
    drains: drained.map(({ options, drain }) => detailsOf(options, drain, costs)),
    partitions: ofPartitions,
    instances: ofInstances,
    sweptInvitations: swept,
    tenants,
    year,
    bills: {
      drain: { usage: usage.drain, bill: billOf(usage.drain, prices) },
      year: { usage: usage.year, bill: billOf(usage.year, prices) },
    },
  };
}

function detailsOf(options: DrainOptions, drain: TenantDrain, costs: Steps): DrainDetails {
  const all = requestsOfDrain(drain, costs);
  const seconds = drain.load.seconds();
  const stored = Math.ceil(drain.storedAfterSeconds);
  return {
    invitations: drain.invited,
    perSecond: options.perSecond,
    instances: options.instances,
    seconds: drain.seconds,
    idealSeconds: idealSeconds(options),
    storedAfterSeconds: drain.storedAfterSeconds,
    refused: drain.refused,
    accepted: drain.accepted,
    waiting: drain.waiting,
    activeSeconds: drain.activeSeconds,
    inVain: (drain.steps.nothingDue ?? 0) + (drain.steps.doubled ?? 0),
    messages: drain.messages,
    mostQueued: drain.mostQueued,
    requests: all.requests,
    requestsTotal: requestsOf(all),
    storing: peaksOf(seconds.slice(0, stored)),
    draining: peaksOf(seconds.slice(stored)),
    acceptedByMinute: drain.acceptedByMinute,
  };
}
