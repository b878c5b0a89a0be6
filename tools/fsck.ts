import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { applyLocalSettings } from '../local/localSettings';
import { openTables } from '../shared/clients/adapters';
import { policyOf } from '../shared/clients/policyOf';
import { partitionNames } from '../shared/domain/ids';
import type { Policy } from '../shared/domain/policy';
import { readSettings } from '../shared/settings';
import { findingsOf } from '../shared/tables/consistency';
import { type Tables, requireLayout } from '../shared/tables/openTables';
import { makeRepair } from '../shared/tables/repair';
import { type Checked, findingsTable, repairsTable, verdict } from './fsck/report';

const CLEAN = 0;
const FINDINGS = 1;
const CANT_READ = 2;

const USAGE = `npm run fsck [-- --repair] [--json]

Reads every partition of table Invitations and tells what does not agree; the app may be running.
  --repair  mends what can be mended, then reads again
  --json    one JSON object instead of a table
Exit code: 0 nothing found, or nothing left; 1 findings; 2 can't read.`;

/** `npm run fsck`. Gives the exit code; throws where it can't read. */
async function main(): Promise<number> {
  const { repair, json, help } = parseArgs({
    options: { repair: { type: 'boolean' }, json: { type: 'boolean' }, help: { type: 'boolean' } },
  }).values;
  if (help) {
    console.log(USAGE);
    return CLEAN;
  }
  applyLocalSettings(join(__dirname, '..', '..', 'local.settings.json'));
  // The check sends nothing, so what names the broker may be left out here.
  const settings = readSettings({ ServiceBusConnection: 'none', ...process.env });
  const policy = policyOf(settings);
  const tables = await openTables(settings);
  await requireLayout(tables, { partitions: settings.PARTITIONS, hashKey: settings.HASH_KEY });

  const partitions = partitionNames(settings.PARTITIONS);
  const check = (): Promise<Checked> => checkAll(tables, partitions, policy);
  const before = await check();
  if (!repair || before.findings.length === 0) {
    console.log(json ? JSON.stringify(before) : `${findingsTable(before)}${verdict(before)}`);
    return before.findings.length === 0 ? CLEAN : FINDINGS;
  }
  const mend = makeRepair(tables, policy);
  const repairs = [];
  for (const partition of partitions) {
    const found = before.findings.filter((finding) => finding.partition === partition);
    repairs.push(...(await mend(partition, found)).map((repaired) => ({ ...repaired, partition })));
  }
  const after = await check();
  console.log(json ? JSON.stringify({ repairs, ...after }) : `${repairsTable(repairs)}${verdict(after)}`);
  return after.findings.length === 0 ? CLEAN : FINDINGS;
}

async function checkAll(tables: Tables, partitions: string[], policy: Policy): Promise<Checked> {
  const findings = [];
  for (const partition of partitions) {
    const found = await findingsOf(tables, partition, policy);
    findings.push(...found.map((finding) => ({ ...finding, partition })));
  }
  return { partitions: partitions.length, findings };
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = CANT_READ;
  },
);
