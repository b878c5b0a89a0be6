import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const packageJson = z.object({ name: z.string(), version: z.string(), license: z.string().optional() });

/**
 * The licences of the packages whose files are given (as esbuild's metafile names them, relative to `root`), one section
 * a package and version, sorted. Throws when a package states no licence at all: somebody has to look.
 */
export function noticesOf(root: string, files: string[]): string {
  const folders = [...new Set(files.flatMap(packageFolder))];
  const sections = folders.map((folder) => sectionOf(join(root, folder)));
  return [HEAD, ...[...new Set(sections)].sort()].join(`\n${'-'.repeat(100)}\n\n`);
}

const HEAD = 'The bundle holds parts of the packages below, each under its own licence.\n';

const packageFolder = (file: string): string[] => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? [];

function sectionOf(folder: string): string {
  const { name, version, license } = packageJson.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
  const texts = readdirSync(folder)
    .filter((file) => /^(?:licen[cs]e|copying|notice|thirdpartynotices?)(?:[-._]\w+)?(?:\.(?:md|txt))?$/i.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim());
  if (license === undefined && texts.length === 0) {
    throw new Error(`${name} ${version} states no licence, neither in package.json nor in a file: may it be shipped?`);
  }
  return `${[`${name} ${version}: ${license ?? 'see below'}`, ...texts].join('\n\n')}\n`;
}
