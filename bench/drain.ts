import { drawDrain, drawTimeline } from './drain/draw';
import { runExperiment } from './drain/experiment';
import { USAGE, readExperiment } from './drain/options';
import type { OurRun } from './drain/ours';
import { PEERS, type PeerName, type PeerRun, runPeer } from './drain/peers';
import { type Arm, MAIN_ARM, type Plan, fullPlan, smallPlan } from './drain/plan';
import { AIMS, rowOfHarm, rowsOfCosts, rowsOfPeer, rowsOfRuns } from './drain/rows';
import { inLanes } from './drain/inLanes';
import { runArm } from './drain/runArm';
import type { BenchOptions, BenchOutcome } from './result';
import { medianOf, summaryOf } from './statistics';

/** Runs of ours under one name, in the order they are told. */
interface Measured {
  what: string;
  runs: OurRun[];
  leastDrain: number;
}

/** How near to Graph's limit queued invitations get through: bench/drain/options.ts says what may be asked for. */
export async function run({ full, seed, args, log }: BenchOptions): Promise<BenchOutcome> {
  if (args.includes('--help')) {
    log(USAGE);
    return { rows: [], file: false };
  }
  const experiment = readExperiment(args, seed);
  return experiment ? runExperiment(experiment, log) : runPlan(full ? fullPlan(seed) : smallPlan(seed), log);
}

async function runPlan(plan: Plan, log: (line: string) => void): Promise<BenchOutcome> {
  const [mainArm] = plan.arms;
  if (!mainArm) throw new Error('There is nothing to measure.');
  const measured = await measureArms(plan, log);
  const main = measured.find(({ what }) => what === MAIN_ARM)?.runs ?? [];
  const peers = await measurePeers(plan, mainArm, timeOf(main), log);
  const [first] = main;
  const { invitations, limit } = mainArm.setup;
  return {
    rows: [
      ...measured.flatMap(({ what, runs, leastDrain }) => rowsOfRuns(what, runs, plan.hasAims ? { leastDrain } : {})),
      rowOfHarm(measured.flatMap(({ runs }) => runs)),
      ...rowsOfCosts(MAIN_ARM, main),
      ...[...peers].flatMap(([name, peer]) => rowsOfPeer(name, peer, main)),
    ],
    details: {
      ours: Object.fromEntries(measured.map(({ what, runs }) => [what, runs.map(withoutLooks)])),
      peers: Object.fromEntries([...peers].map(([name, peer]) => [name, withoutLooks(peer)])),
    },
    plots: {
      drain: drawDrain(measured.map(barOf)),
      ...(first ? { drainTimeline: drawTimeline(invitations, limit, first.seconds, secondsOfPeers(peers)) } : {}),
    },
  };
}

/** Each arm once, then those of more runs again while there is time. */
async function measureArms({ arms, armsAtOnce, deadlineMs }: Plan, log: (line: string) => void): Promise<Measured[]> {
  const done = arms.map((arm) => ({ arm, first: [] as OurRun[], second: [] as OurRun[] }));
  const endMs = performance.now() + deadlineMs;
  const rounds = Math.max(...arms.map(({ runs }) => runs));
  const works = Array.from({ length: rounds }, (_, round) => round).flatMap((round) =>
    done
      .filter(({ arm }) => arm.runs > round)
      .map((each) => ({
        weight: each.arm.isAlone ? armsAtOnce : 1,
        work: async () => {
          const { what, setup, isLearned } = each.arm;
          const name = `${what}${round === 0 ? '' : `, run ${round + 1}`}`;
          if (performance.now() > endMs) {
            log(`Left out for want of time: ${name}`);
            return;
          }
          const again = { setup: { ...setup, seed: setup.seed + round }, isLearned, runs: 1 };
          try {
            const { first, second } = await runArm(again, (line) => log(`${name}: ${line.trim()}`));
            each.first.push(...first);
            each.second.push(...second);
          } catch (error) {
            // An hour's other runs are not thrown away for it; it is missing in the table.
            log(`${name} broke off: ${error instanceof Error ? error.message : String(error)}`);
            process.exitCode = 1;
          }
        },
      })),
  );
  await inLanes(armsAtOnce, works);
  return done.filter(({ first }) => first.length > 0).flatMap(namedRuns);
}

function namedRuns({ arm, first, second }: { arm: Arm; first: OurRun[]; second: OurRun[] }): Measured[] {
  if (!arm.isLearned) return [{ what: arm.what, runs: first, leastDrain: AIMS.drain }];
  return [
    { what: `${arm.what}, first run`, runs: first, leastDrain: AIMS.drainUnlearned },
    { what: `${arm.what}, second run`, runs: second, leastDrain: AIMS.drain },
  ];
}

/** Of the median run until Graph had made the last invitation that met no 503. */
const timeOf = (runs: readonly OurRun[]): number => {
  const times = runs.map(({ lastMs, seconds }) => lastMs ?? seconds.length * 1000);
  return times.length === 0 ? 0 : medianOf(times);
};

async function measurePeers(
  { peers, peersAtOnce, peerProcesses }: Plan,
  { setup }: Arm,
  mostMs: number,
  log: (line: string) => void,
): Promise<Map<PeerName, PeerRun>> {
  const done = new Map<PeerName, PeerRun>();
  for (let from = 0; from < peers.length; from += peersAtOnce) {
    const some = peers.slice(from, from + peersAtOnce);
    log(`peers, for ${Math.round(mostMs / 1000)} s: ${some.map((name) => PEERS[name]).join('; ')}`);
    const runs = await Promise.all(some.map((name) => runPeer(name, { ...setup, processes: peerProcesses, mostMs })));
    some.forEach((name, nth) => {
      const peer = runs[nth];
      if (peer) done.set(name, peer);
    });
  }
  return done;
}

/** As a result keeps it: numbers in lists, second by second, and no looks at the gate. */
function withoutLooks<T extends OurRun | PeerRun>({ seconds, ...run }: T) {
  return {
    ...run,
    looks: undefined,
    acceptedBySecond: seconds.map(({ accepted }) => accepted),
    refusedBySecond: seconds.map(({ refused }) => refused),
  };
}

const barOf = ({ what, runs }: Measured) => {
  const { median, min, max } = summaryOf(runs.map(({ drainPercent = 0 }) => drainPercent));
  return { name: what, value: median, min, max };
};

const secondsOfPeers = (peers: Map<PeerName, PeerRun>) =>
  Object.fromEntries([...peers].map(([name, { seconds }]) => [name, seconds]));
