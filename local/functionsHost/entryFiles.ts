import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const packageJson = z.object({ main: z.string().min(1) });

/**
 * The files that `main` of the app's package.json names, relative to the app and sorted; `*`, `**`, `?` and `{a,b}` as
 * in Azure.
 *
 * @throws Error when package.json names none, or the pattern finds none.
 */
export function entryFiles(root: string): string[] {
  const file = path.join(root, 'package.json');
  const parsed = packageJson.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success)
    throw new Error(`${file} has no "main": it must name the function files, as in dist/functions/*.js.`);
  const { main } = parsed.data;
  const pattern = globToRegExp(main);
  const found = filesBelow(root, fixedFolder(main)).filter((name) => pattern.test(name));
  if (found.length === 0) throw new Error(`No file matches "${main}", the "main" of ${file}: has the app been built?`);
  return found.sort();
}

/** The leading folders without a wildcard: nothing outside them can match, so nothing outside is read. */
function fixedFolder(glob: string): string {
  const segments = glob.split('/');
  const firstWild = segments.findIndex((segment) => /[*?{]/.test(segment));
  return segments.slice(0, firstWild === -1 ? -1 : firstWild).join('/');
}

function filesBelow(root: string, folder: string): string[] {
  const start = path.join(root, folder);
  if (!existsSync(start)) return [];
  return readdirSync(start, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'));
}

export function globToRegExp(glob: string): RegExp {
  const source = glob
    .replace(/^\.\//, '')
    .replace(/\*\*\/|\*\*|[*?{},]|[^*?{},]+/g, (part) => wildcards[part] ?? part.replace(/[.+^$()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${source}$`);
}

const wildcards: Record<string, string> = {
  '**/': '(?:.+/)?',
  '**': '.*',
  '*': '[^/]*',
  '?': '[^/]',
  '{': '(?:',
  '}': ')',
  ',': '|',
};
