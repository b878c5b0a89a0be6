import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, readResult, writePlot } from '../result';
import { sectionsOf, withSections } from './capacity';
import type { SimulateDetails } from './details';
import { plotsOf } from './draw';

const DOCUMENT = join(ROOT, 'docs', 'capacity.md');

/** docs/capacity.md and its plots with the figures of bench/results/simulate.json, formatted as the rest of it: `npm run docs:capacity`. */
async function main(): Promise<void> {
  const result = readResult('simulate');
  if (!result) throw new Error('There is no bench/results/simulate.json: run "npm run bench -- simulate" first.');
  for (const [name, svg] of Object.entries(plotsOf(result.details as SimulateDetails))) writePlot(name, svg);
  const { format, resolveConfig } = await import('prettier');
  const document = withSections(readFileSync(DOCUMENT, 'utf8'), sectionsOf(result));
  writeFileSync(DOCUMENT, await format(document, { ...(await resolveConfig(DOCUMENT)), filepath: DOCUMENT }));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
