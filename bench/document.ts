import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BenchResult, ROOT } from './result';
import { cellsOf } from './table';

const DOCUMENT = join(ROOT, 'docs', 'performance.md');

/** The table of one result, with where and when it was measured, as Markdown. */
export function markdownOf({ name, command, machine, versions, startedAt, rows }: BenchResult, file: string): string {
  const head = ['', 'ours', 'peer', 'limit', 'ratio', 'min–max of runs', 'aim'];
  const lines = [head, ['---', '--:', '--:', '--:', '--:', '--:', '---'], ...rows.map(cellsOf)];
  const { cpu, cores, node, load } = machine;
  return [
    ...lines.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`),
    '',
    `\`${command}\` on ${startedAt.slice(0, 10)}: ${cores} cores of ${cpu}, Node ${node.replace('v', '')}, load ${load} when it began, ` +
      `commit ${versions['commit'] ?? 'unknown'}. Every run is in [bench/results/${file}.json](../bench/results/${file}.json) (${name}).`,
  ].join('\n');
}

/**
 * The document with the table between `<!-- bench:NAME -->` and `<!-- /bench:NAME -->` in place of what was there.
 *
 * @throws Error where there is no such place.
 */
export function withTable(document: string, name: string, table: string): string {
  const [begin, end] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from < 0 || to < from)
    throw new Error(`docs/performance.md has no place for ${name}: it should be ${begin} and ${end}.`);
  return `${document.slice(0, from + begin.length)}\n\n${table}\n\n${document.slice(to)}`;
}

/** Writes the table into docs/performance.md, formatted as the rest of it, and tells where. */
export async function writeTable(result: BenchResult, file: string): Promise<string> {
  const { format, resolveConfig } = await import('prettier');
  const document = withTable(readFileSync(DOCUMENT, 'utf8'), result.name, markdownOf(result, file));
  const options = { ...(await resolveConfig(DOCUMENT)), filepath: DOCUMENT };
  writeFileSync(DOCUMENT, await format(document, options));
  return DOCUMENT;
}
