import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { entryFiles } from '../local/functionsHost/entryFiles';
import { startTables } from '../local/tables/startTables';
import { type Arm, type Measured, measure } from './coldStart/measure';
import { findNodes } from './nodes';
import { type Spread, ratioOf } from './coldStart/summary';
import { barPlot } from './plot';
import { type BenchOptions, type BenchOutcome, type BenchRow, ROOT } from './result';

const USAGE = `npm run bench -- coldStart [--full] [--starts N]

Process start to functions registered, and to the first answer (a look-up in Azurite that finds nothing): the package
that is deployed against the compiled files with node_modules, on Node 20, 22 and 24.
  --starts N   counted starts of each, 5 unless told and 15 at full size`;

const MAJORS = [20, 22, 24];
const SMALL_STARTS = 5;
const FULL_STARTS = 15;
/** Of issue 8, from a warm page cache. */
const MOST_RATIO = 0.35;

/** How much sooner the package that is deployed has registered its functions than the files that it is made of. */
export async function run({ full, args, log }: BenchOptions): Promise<BenchOutcome> {
  const { values } = parseArgs({ args, options: { starts: { type: 'string' }, help: { type: 'boolean' } } });
  if (values.help) {
    log(USAGE);
    return { rows: [], file: false };
  }
  const starts = Number(values.starts ?? (full ? FULL_STARTS : SMALL_STARTS));
  // What is measured is the package of these very sources.
  execFileSync('npm', ['run', '--silent', 'package'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  const nodes = await measureAll(starts, log);
  return {
    rows: Object.entries(nodes).flatMap(([version, measured]) => rowsOf(version, measured)),
    details: { starts, nodes },
    plots: { coldStart: draw(nodes) },
    ...(values.starts === undefined ? {} : { file: false }),
  };
}

type Nodes = Record<string, Record<string, Measured>>;

async function measureAll(starts: number, log: (line: string) => void): Promise<Nodes> {
  const { found, missing } = findNodes(MAJORS);
  for (const major of missing) log(`Node ${major} is not here and npx can't get it: left out.`);
  const folder = mkdtempSync(join(tmpdir(), 'cold-start-'));
  const tables = await startTables({ port: 0 });
  try {
    const nodes: Nodes = {};
    for (const node of found) {
      log(`${node.version}: ${starts} starts of each`);
      const arms = armsFor(node.version, join(folder, node.version));
      nodes[node.version] = await measure(node, arms, starts, settingsFor(tables.connectionString));
    }
    return nodes;
  } finally {
    await tables.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const filesOf = (folder: string): string[] => entryFiles(folder).map((file) => join(folder, file));

/** Nothing listens at Service Bus or Graph: neither is asked. */
const settingsFor = (tables: string): Record<string, string> => ({
  TablesConnection: tables,
  ServiceBusConnection:
    'Endpoint=sb://127.0.0.1:9;SharedAccessKeyName=any;SharedAccessKey=any;UseDevelopmentEmulator=true;',
  GRAPH_BASE_URL: 'http://127.0.0.1:9',
  HASH_KEY: 'only-for-this-benchmark',
  INVITE_REDIRECT_URL: 'https://myapp.contoso.com',
});

/** The compile cache is Node's own, kept in a folder from start to start: Node 20 has none. */
const armsFor = (version: string, cache: string): Arm[] => [
  { name: 'node', files: [] },
  { name: 'unbundled', files: filesOf(ROOT) },
  { name: 'package', files: filesOf(join(ROOT, 'out', 'package')) },
  ...(version.startsWith('v20.')
    ? []
    : [{ name: 'packageCached', files: filesOf(join(ROOT, 'out', 'package')), env: { NODE_COMPILE_CACHE: cache } }]),
];

function rowsOf(version: string, { node, unbundled, ...packages }: Record<string, Measured>): BenchRow[] {
  const major = version.replace(/\..*/, '').replace('v', 'Node ');
  return Object.entries(packages).flatMap(([arm, { registeredMs, answeredMs, starts }]) => {
    const row = (what: string, ours: Spread, theirs: Spread | undefined): BenchRow => ({
      what: `${major}, ${NAMES[arm] ?? arm}: ${what}; peer: unbundled`,
      ...oursOf(ours, starts),
      ...(theirs ? { peer: theirs.median, ratio: ratioOf(ours, theirs), better: 'lower' } : {}),
      ...(node ? { limit: node.registeredMs.median } : {}),
    });
    const registered = row('functions registered', registeredMs, unbundled?.registeredMs);
    const aim = { aim: `≤ ${MOST_RATIO}`, met: (registered.ratio ?? 1) <= MOST_RATIO };
    return [{ ...registered, ...aim }, ...(answeredMs ? [row('first answer', answeredMs, unbundled?.answeredMs)] : [])];
  });
}

const NAMES: Partial<Record<string, string>> = { package: 'package', packageCached: 'package with a compile cache' };

const oursOf = ({ median, min, max }: Spread, runs: number) => ({ ours: median, min, max, unit: 'ms', runs });

const draw = (nodes: Nodes): string =>
  barPlot({
    title: 'Process start to functions registered',
    description: 'Milliseconds for Node alone, the package that is deployed and the unbundled app, by version of Node.',
    label: 'ms, median and extremes',
    bars: Object.entries(nodes).flatMap(([version, arms]) =>
      Object.entries(arms).map(
        ([
          arm,
          {
            registeredMs: { median, min, max },
          },
        ]) => ({
          name: `${version} ${NAMES[arm] ?? arm}`,
          value: median,
          min,
          max,
        }),
      ),
    ),
  });
