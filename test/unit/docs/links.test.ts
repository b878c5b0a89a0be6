import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

const root = path.join(__dirname, '..', '..', '..');
const filesIn = (folder: string): string[] =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => path.join(folder, file));
const pages = [
  ...readdirSync(root),
  ...['docs', 'bench', 'connector', 'infra', 'local', 'samples'].flatMap(filesIn),
].filter((file) => file.endsWith('.md'));
const textOf = (page: string): string => readFileSync(path.join(root, page), 'utf8');

/** Targets in the tree that a page links to or shows. */
const targetsOf = (page: string): string[] =>
  [...textOf(page).matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)]
    .flatMap(([, target = '']) => (/^[a-z]+:/.test(target) ? [] : [target]))
    .map((target) => path.join(path.dirname(page), target));

describe('the pages', () => {
  it.each(pages)('%s leads to files that are there', (page) => {
    expect(targetsOf(page).filter((target) => !existsSync(path.join(root, target)))).toEqual([]);
  });

  it.each(filesIn('docs/plots'))('show %s', (plot) => {
    expect(pages.flatMap(targetsOf)).toContain(plot);
  });
});
