import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withTables } from './settingsPage/page';

/** `npm run docs:settings`: writes the tables of docs/configuration.md anew, from the schema of the settings and tools/settingsPage/texts.ts. */
async function main(): Promise<void> {
  const file = join(__dirname, '..', '..', 'docs', 'configuration.md');
  const page = await readFile(file, 'utf8');
  const made = withTables(page);
  if (made !== page) await writeFile(file, made);
  console.log(`docs/configuration.md ${made === page ? 'is up to date' : 'is made anew'}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
