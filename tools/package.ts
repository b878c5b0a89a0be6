import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { makeBundle } from './bundle/bundle';
import { functionNames } from './bundle/ownCode';
import { faultsOf } from './package/check';
import { completeFolder, writeZip } from './package/deployable';

const USAGE = `npm run package [-- --out FOLDER | --check FOLDER]

Makes out/package, the folder that is deployed as it is, and out/package.zip, its archive; loads what it made and counts
the functions before it says so.
  --out FOLDER    makes that folder (emptied first) and FOLDER.zip
  --check FOLDER  makes nothing: loads that folder and says what is wrong with it
Exit code: 0 all is well, 1 it is not.`;

async function main(): Promise<void> {
  const { out, check, help } = parseArgs({
    options: { out: { type: 'string' }, check: { type: 'string' }, help: { type: 'boolean' } },
  }).values;
  if (help) {
    console.log(USAGE);
    return;
  }
  const root = join(__dirname, '..', '..');
  const folder = resolve(check ?? out ?? join(root, 'out', 'package'));
  if (check === undefined) await completeFolder(root, folder, await makeBundle(root, folder));
  const names = functionNames(root);
  const faults = await faultsOf(folder, names);
  if (faults.length > 0) throw new Error(`${folder} can't be deployed:\n  ${faults.join('\n  ')}`);
  console.log(`${folder}: ${names.length} functions, all loaded`);
  if (check !== undefined) return;
  const zip = `${folder}.zip`;
  console.log(`${zip}: ${Math.round((await writeZip(folder, zip)) / 1024)} KiB`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
