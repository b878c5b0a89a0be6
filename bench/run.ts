import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeTable } from './document';
import {
  type BenchOptions,
  type BenchOutcome,
  type BenchResult,
  machine,
  readResult,
  versions,
  writePlot,
  writeResult,
} from './result';
import { tableOf } from './table';

/**
 * In the order they run in, those of a group beside each other: they tell no times. Each is a file beside this one that
 * exports `run(options: BenchOptions)`.
 */
const GROUPS = [['drain'], ['overhead'], ['ingest'], ['due'], ['coldStart'], ['memory', 'simulate']];
const BENCHMARKS = GROUPS.flat();
/** A simulation makes and drops objects by the million: more room for young ones spares it collections. */
const NODE_FLAGS: Partial<Record<string, string[]>> = { simulate: ['--max-semi-space-size=64'] };
const WITH_OPTIONS_OF_THEIR_OWN = ['drain', 'coldStart', 'simulate'];

const USAGE = `npm run bench [-- NAME] [--full] [--seed N] [options of the benchmark]

Without a name: each benchmark at a small size, in under ten minutes, and one table of all.
  NAME      one of ${BENCHMARKS.join(', ')}
  --full    at full size: an hour at most, and one benchmark at a time
  --docs    bring docs/performance.md and docs/plots/{NAME}.svg up to date with it, as --full does
  --seed N  of people, latencies and faults, 1 unless told
  --help    this, or what drain, coldStart or simulate understand beside it

Results go to bench/results/{NAME}.json ({NAME}.full.json at full size); "npm run bench:check" compares them with the
committed ones. Everything stays on 127.0.0.1.`;

const DEFAULT_SEED = 1;
/** One that hangs must not hold up the others for ever. */
const MOST_MS_EACH = 5 * 60_000;

interface Asked extends Omit<BenchOptions, 'log'> {
  name: string | undefined;
  docs: boolean;
}

/** What the runner understands of the command line; the rest is the benchmark's own. Throws one sentence. */
export function readArguments(words: readonly string[]): Asked {
  const args = [...words];
  const name = args[0]?.startsWith('-') === false ? args.shift() : undefined;
  if (name !== undefined && !BENCHMARKS.includes(name)) {
    throw new Error(`There is no benchmark "${name}": there are ${BENCHMARKS.join(', ')}.`);
  }
  const full = takeFlag(args, '--full');
  const docs = takeFlag(args, '--docs') || full;
  const seed = Number(takeValue(args, '--seed') ?? DEFAULT_SEED);
  if (!Number.isInteger(seed)) throw new Error('--seed should be a whole number.');
  if (name === undefined && full) throw new Error('--full goes with the name of one benchmark.');
  if (name === undefined && args.length > 0) {
    throw new Error(`${args.join(' ')} goes with the name of one benchmark: see --help.`);
  }
  if (name !== undefined && args.length > 0 && !WITH_OPTIONS_OF_THEIR_OWN.includes(name)) {
    throw new Error(`${name} has no option ${args.join(' ')}: see --help.`);
  }
  return { name, full, docs, seed, args };
}

function takeFlag(args: string[], flag: string): boolean {
  const at = args.indexOf(flag);
  if (at >= 0) args.splice(at, 1);
  return at >= 0;
}

function takeValue(args: string[], flag: string): string | undefined {
  const at = args.indexOf(flag);
  return at < 0 ? undefined : (args.splice(at, 2)[1] ?? 'nothing');
}

const progress = (line: string) => process.stderr.write(`${line}\n`);

type Benchmark = { run: (options: BenchOptions) => Promise<BenchOutcome> };

/** Runs one in this process, and writes its result. */
async function runOne(name: string, { full, docs, seed, args }: Asked): Promise<BenchResult> {
  const [startedAt, startedMs, onMachine] = [new Date().toISOString(), performance.now(), machine()];
  const { run } = (await import(pathToFileURL(join(__dirname, `${name}.js`)).href)) as Benchmark;
  const { rows, details, plots = {}, file } = await run({ full, seed, args, log: progress });
  const size = full ? ['--full'] : [];
  const result: BenchResult = {
    name,
    command: ['npm run bench --', name, ...size, '--seed', seed, ...args].join(' '),
    seed,
    machine: onMachine,
    versions: versions(),
    startedAt,
    seconds: Math.round((performance.now() - startedMs) / 1000),
    rows,
    ...(details ? { details } : {}),
  };
  if (file === false) return result;
  const written = file ?? fileOf(name, full);
  progress(`Written to ${writeResult(result, written)}`);
  if (docs) {
    for (const [title, svg] of Object.entries(plots)) progress(`Drawn in ${writePlot(title, svg)}`);
    progress(`Its table is in ${await writeTable(result, written)}`);
  }
  return result;
}

const fileOf = (name: string, full: boolean) => (full ? `${name}.full` : name);

/** Each in a process of its own: none inherits another's heap, sockets or settings. */
async function runAll({ seed }: Asked): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  for (const names of GROUPS) {
    const ended = await Promise.all(names.map((name) => runApart(name, seed)));
    results.push(...ended.filter((result) => result !== undefined));
  }
  return results;
}

async function runApart(name: string, seed: number): Promise<BenchResult | undefined> {
  progress(`\n${name} …`);
  const began = new Date().toISOString();
  const flags = [...process.execArgv, ...(NODE_FLAGS[name] ?? [])];
  const child = spawn(process.execPath, [...flags, __filename, name, '--seed', String(seed)], {
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: MOST_MS_EACH,
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  const result = readResult(name);
  if (code === 0 && result && result.startedAt >= began) return result;
  progress(`${name} failed (exit code ${code ?? 'none: stopped'}): it is not in the table.`);
  process.exitCode = 1;
  return undefined;
}

async function main(words: string[]): Promise<void> {
  if (words.includes('--help') && !WITH_OPTIONS_OF_THEIR_OWN.includes(words[0] ?? '')) {
    console.log(USAGE);
    return;
  }
  const asked = readArguments(words);
  const results = asked.name === undefined ? await runAll(asked) : [await runOne(asked.name, asked)];
  console.log(tableOf(results));
}

if (require.main === module) {
  main(process.argv.slice(2)).catch((error: unknown) => {
    console.error(error instanceof Error && error.cause === undefined ? error.message : error);
    process.exitCode = 1;
  });
}
