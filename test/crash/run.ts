import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { type Count, type World, chartOf, countsOf, openWorld, planOf } from './blows';
import type { Frozen, Thawed } from './frozen';
import type { Lived } from './life';

const USAGE = `npm run test:crash [-- --seeds N] [--seed S] [--scenario "NAME"]

Kills real workers before and after every effect, seed by seed, and checks what is left each time.
  --seeds N  that many seeds, from 1 on (11, with which every place of every scenario is struck once)
  --seed S   this one only: the same lives again
  --scenario "NAME"  of each seed the lives in this scenario only, and no freezing
Exit code: 0 all as it should be, 1 not.`;

/** What a life came to, and what makes it again. */
interface Report {
  lives: Lived[];
  faults: string[];
}

async function main(): Promise<number> {
  const { seeds, seed, scenario, help } = parseArgs({
    options: {
      seeds: { type: 'string', default: '11' },
      seed: { type: 'string' },
      scenario: { type: 'string' },
      help: { type: 'boolean' },
    },
  }).values;
  if (help) {
    console.log(USAGE);
    return 0;
  }
  const all = seed === undefined ? Array.from({ length: Number(seeds) }, (_, index) => index + 1) : [Number(seed)];
  const startedAt = performance.now();
  const report: Report = { lives: [], faults: [] };
  for (const each of all) await runSeed(each, scenario, report);
  const frozen = scenario === undefined ? await freezeEach() : [];

  console.log(`\n${countsTable(countsOf(report.lives))}\n\n${frozenTable(frozen)}\n`);
  const faults = [...report.faults, ...frozen.flatMap(faultsOfFrozen)];
  for (const fault of faults) console.log(fault);
  const deaths = sum(report.lives.map((life) => life.deaths));
  const reviewed = sum(report.lives.map((life) => life.reviewed));
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  console.log(
    `${report.lives.length} invitations, ${deaths} workers killed, ${reviewed} times a person asked, ` +
      `${faults.length} faults, ${seconds} s.`,
  );
  return faults.length === 0 ? 0 : 1;
}

const sum = (numbers: number[]): number => numbers.reduce((total, each) => total + each, 0);

/** A world of its own for each seed, so that tables stay small. */
async function runSeed(seed: number, scenario: string | undefined, report: Report): Promise<void> {
  const world = await openWorld();
  try {
    const { chart, lives } = await chartOf(world);
    // What a seed draws rests on all scenarios, so all are charted.
    const plans = planOf(chart, seed).filter((plan) => scenario === undefined || plan.scenario.name === scenario);
    for (const plan of plans) lives.push(await world.live(plan));
    report.lives.push(...lives);
    const faults = lives.flatMap((life) => life.faults.map((fault) => `seed ${seed}, ${whereOf(life)}: ${fault}`));
    report.faults.push(...faults);
    console.log(`seed ${seed}: ${sum(lives.map(({ deaths }) => deaths))} killed, ${faults.length} faults`);
    for (const fault of faults) console.log(`  ${fault}`);
  } finally {
    await world.close();
  }
}

function whereOf({ scenario, signs }: Lived): string {
  const struck = signs.filter(({ blow }) => blow).map(({ seam, side, nth }) => `${side} ${seam} ${nth}`);
  return `${scenario}, struck ${struck.join(', ') || 'nowhere'}`;
}

const POST = 'Graph POST invitations';
const PLACES: Omit<Frozen, 'mode'>[] = [
  { seam: 'intent transaction', side: 'after' },
  { seam: POST, side: 'before' },
  { seam: POST, side: 'between' },
  { seam: POST, side: 'after' },
  { seam: 'outcome transaction', side: 'before' },
];

async function freezeEach(): Promise<(Frozen & Thawed)[]> {
  const world: World = await openWorld();
  const results: (Frozen & Thawed)[] = [];
  try {
    for (const mode of ['strict', 'reconcile'] as const) {
      for (const place of PLACES) {
        const where = { mode, ...place };
        results.push({ ...where, ...(await world.freeze(where)) });
      }
    }
  } finally {
    await world.close();
  }
  return results;
}

/** Strict never mails twice; reconcile may where nothing can be checked any more, between the check and the call. */
function faultsOfFrozen({ mode, seam, side, mails, findings }: Frozen & Thawed): string[] {
  const most = mode === 'reconcile' && side === 'between' ? 2 : 1;
  const where = `frozen ${side} ${seam}, ${mode}`;
  return [
    ...(mails > most ? [`${where}: ${mails} mails.`] : []),
    ...findings.map((finding) => `${where}: the check finds ${finding}`),
  ];
}

function countsTable(counts: Count[]): string {
  const table = plainTable(['effect', 'reached', 'killed before', 'killed after']);
  for (const { seam, reached, struck } of counts) table.push([seam, reached, struck.before, struck.after]);
  return table.toString();
}

function frozenTable(frozen: (Frozen & Thawed)[]): string {
  const table = plainTable(['frozen beyond its lease', 'AMBIGUOUS_SENDS', 'mails', 'ended']);
  for (const { mode, seam, side, mails, status } of frozen) table.push([`${side} ${seam}`, mode, mails, status]);
  return table.toString();
}

const plainTable = (head: string[]) => new Table({ head, style: { head: [], border: [] } });

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
