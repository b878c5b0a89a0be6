import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SETTING_NAMES } from '../../../shared/settings';

const page = readFileSync(join(__dirname, '../../../docs/configuration.md'), 'utf8');
const ONE_MACHINE = '## One machine only';

/** Names in the first column of the page's tables, up to the part on one machine. */
const documented = page
  .slice(0, page.indexOf(ONE_MACHINE))
  .split('\n')
  .flatMap((line) => /^\| `(\w+)`\s*\|/.exec(line)?.[1] ?? []);

describe('docs/configuration.md', () => {
  it('names every setting that the app reads, and no other', () => {
    expect([...documented].sort()).toEqual([...SETTING_NAMES].sort());
  });
});
