import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, platform, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { entryFiles } from '../local/functionsHost/entryFiles';
import { startTables } from '../local/tables/startTables';
import { type Arm, type Measured, measure } from './coldStart/measure';
import { findNodes } from './coldStart/nodes';
import { ratioOf, textOf } from './coldStart/summary';

const USAGE = `npm run bench:coldStart [-- --starts N] [--json FILE]

Process start to functions registered, and to the first answer (a look-up in Azurite that finds nothing): the package
that is deployed against the compiled files with node_modules, on Node 20, 22 and 24. Run "npm run package" first.
  --starts N   counted starts of each, 15 unless told
  --json FILE  where the figures go, bench/results/coldStart.json unless told`;

const ROOT = join(__dirname, '..', '..');

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

function rowsOf(version: string, measured: Record<string, Measured>): string[] {
  const { unbundled } = measured;
  return Object.entries(measured).map(([arm, { registeredMs, answeredMs }]) => {
    const ratios = arm.startsWith('package') && unbundled ? ratiosOf({ registeredMs, answeredMs }, unbundled) : [];
    const [registered = '', answered = ''] = ratios.map((ratio) => ratio.toFixed(2));
    const cells = [textOf(registeredMs), registered, answeredMs ? textOf(answeredMs) : '', answered];
    return [version.padEnd(10), arm.padEnd(15), ...cells.map((cell, at) => cell.padStart(at % 2 ? 6 : 16))].join('');
  });
}

const ratiosOf = (ours: Pick<Measured, 'registeredMs'> & { answeredMs: Measured['answeredMs'] }, theirs: Measured) => [
  ratioOf(ours.registeredMs, theirs.registeredMs),
  ...(ours.answeredMs && theirs.answeredMs ? [ratioOf(ours.answeredMs, theirs.answeredMs)] : []),
];

function machine() {
  const [cpu] = cpus();
  return {
    cpu: cpu?.model.trim() ?? 'unknown',
    cpus: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()}`,
    loadBefore: loadavg()[0],
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { starts: { type: 'string' }, json: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const starts = Number(values.starts ?? 15);
  const file = values.json ?? join(ROOT, 'bench', 'results', 'coldStart.json');
  const { found, missing } = findNodes([20, 22, 24]);
  for (const major of missing) console.log(`Node ${major} is not here and npx can't get it: left out.`);
  const folder = mkdtempSync(join(tmpdir(), 'cold-start-'));
  const tables = await startTables({ port: 0 });
  const result = { benchmark: 'coldStart', at: new Date().toISOString(), machine: machine(), starts, nodes: {} };
  console.log(`ms since process start, median (min–max) of ${starts} starts; ratios are to unbundled`);
  console.log(
    `${''.padEnd(25)}${'registered'.padStart(16)}${'ratio'.padStart(6)}${'answered'.padStart(16)}${'ratio'.padStart(6)}`,
  );
  try {
    for (const node of found) {
      const arms = armsFor(node.version, join(folder, node.version));
      const measured = await measure(node, arms, starts, settingsFor(tables.connectionString));
      Object.assign(result.nodes, { [node.version]: measured });
      console.log(rowsOf(node.version, measured).join('\n'));
    }
  } finally {
    await tables.close();
    rmSync(folder, { recursive: true, force: true });
  }
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ ...result, versions: versionsOf() }, undefined, 2)}\n`);
  console.log(`Written to ${file}`);
}

/** The packages whose loading is most of it. */
const versionsOf = (): Record<string, string> => {
  const { version, dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    version: string;
    dependencies: Record<string, string>;
  };
  return { app: version, ...dependencies };
};

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
