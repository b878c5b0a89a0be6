import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';

/** What a benchmark is asked for: each exports `run(options: BenchOptions): Promise<BenchOutcome>`. */
export interface BenchOptions {
  /** The size of the issue, an hour at most; otherwise a small one, so that all together take under ten minutes. */
  full: boolean;
  /** The same seed gives the same people, latencies and faults. */
  seed: number;
  /** What else was on the command line: the benchmark's own options, for `parseArgs`. */
  args: string[];
  /** One line of progress, for who waits; the result is not told here. */
  log: (line: string) => void;
}

/** What a benchmark measured; who runs it adds machine, versions and times. */
export interface BenchOutcome {
  rows: BenchRow[];
  /** Whatever else is worth keeping beside the rows, as JSON: timelines, every single run, sizes. */
  details?: object;
  /** SVGs by file name without its ending; written into docs/plots at full size and where `--docs` says so. */
  plots?: Record<string, string>;
  /** In place of the benchmark's name, `results/{file}.json`, or nowhere: one with odd options is no result. */
  file?: string | false;
}

/** One line of the table: a median of `runs`, with the extremes of ours. */
export interface BenchRow {
  /** What was measured, under which circumstances; names the row from one result to the next. */
  what: string;
  ours: number;
  /** The same of what people use today, side by side in the same run. */
  peer?: number;
  /** What can't be beaten, whoever does it: Graph's pace, bare transactions. */
  limit?: number;
  /** Of ours, peer, limit, min and max: '%', 'ms', 'requests/s'. */
  unit: string;
  /** Ours ÷ peer or ours ÷ limit, as the benchmark says: what travels between machines, and all that is compared. */
  ratio?: number;
  /** Which way a ratio gets better; 'higher' unless told. */
  better?: 'higher' | 'lower';
  min?: number;
  max?: number;
  runs: number;
  /** In words: '≥ 97 %'. */
  aim?: string;
  met?: boolean;
}

export interface Machine {
  cpu: string;
  cores: number;
  memoryGiB: number;
  node: string;
  system: string;
  /** Average load of the minute before: what else the machine was doing. */
  load: number;
}

export interface BenchResult {
  name: string;
  /** How to measure it again. */
  command: string;
  seed: number;
  machine: Machine;
  /** The git commit (with `+changes` where the checkout had any) and the packages that most of it depends on. */
  versions: Record<string, string>;
  startedAt: string;
  seconds: number;
  rows: BenchRow[];
  details?: object;
}

/** The repository, as seen from dist/bench. */
export const ROOT = join(__dirname, '..', '..');
export const RESULTS = join(ROOT, 'bench', 'results');
export const PLOTS = join(ROOT, 'docs', 'plots');

const KEY_PACKAGES = [
  '@azure/data-tables',
  '@azure/functions',
  '@azure/service-bus',
  '@microsoft/microsoft-graph-client',
  'azurite',
  'rhea',
];

export function machine(): Machine {
  const [first] = cpus();
  return {
    cpu: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    system: `${platform()} ${release()}`,
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}

export function versions(): Record<string, string> {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
    devDependencies: Record<string, string>;
  };
  const all = { ...devDependencies, ...dependencies };
  return { commit: commit(), ...Object.fromEntries(KEY_PACKAGES.map((name) => [name, all[name] ?? 'unknown'])) };
}

function commit(): string {
  try {
    const git = (...words: string[]) => execFileSync('git', words, { cwd: ROOT, encoding: 'utf8' }).trim();
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '-uno') === '' ? '' : '+changes');
  } catch {
    // A checkout without git, such as an unpacked archive.
    return 'unknown';
  }
}

/** Writes `{folder}/{file}.json`, over the one that was there, and tells its path. */
export function writeResult(result: BenchResult, file: string = result.name, folder: string = RESULTS): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${file}.json`);
  writeFileSync(path, `${jsonOf(result)}\n`);
  return path;
}

/** As JSON.stringify indents it, but lists of numbers in one line each: there are long ones. */
const jsonOf = (value: object): string =>
  JSON.stringify(value, undefined, 2).replace(/\[[-\d.,e+\s]+\]/g, (numbers) => numbers.replace(/\s+/g, ' '));

export function writePlot(name: string, svg: string): string {
  mkdirSync(PLOTS, { recursive: true });
  const path = join(PLOTS, `${name}.svg`);
  writeFileSync(path, svg);
  return path;
}

export function readResult(file: string, folder: string = RESULTS): BenchResult | undefined {
  const path = join(folder, `${file}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as BenchResult) : undefined;
}
