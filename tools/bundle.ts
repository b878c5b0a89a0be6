import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeBundle, weigh } from './bundle/bundle';
import { reportOf } from './bundle/report';

const USAGE = `npm run bundle [-- --report]

Bundles the functions into out/package: main.js and, read when first used, packages/.
  --report  says what the bundle holds, by size; out/bundle.json has it file by file`;

async function main(): Promise<void> {
  const { report, help } = parseArgs({ options: { report: { type: 'boolean' }, help: { type: 'boolean' } } }).values;
  if (help) {
    console.log(USAGE);
    return;
  }
  const root = join(__dirname, '..', '..');
  const bundle = await makeBundle(root, join(root, 'out', 'package'));
  if (report) console.log(reportOf(weigh(bundle)));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
