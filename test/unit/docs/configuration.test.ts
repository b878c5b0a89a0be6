import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SETTING_NAMES } from '../../../shared/settings';
import { withTables } from '../../../tools/settingsPage/page';

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

  it('is up to date: npm run docs:settings would change nothing', () => {
    expect(withTables(page)).toBe(page);
  });

  it.each([
    ['a default that was changed by hand', '`P3D,P7D`', '`P3D,P9D`'],
    ['a range that was changed by hand', '0.1 to 1000', '0.1 to 25'],
    ['a setting that was taken out', /^\| `MAX_SEND_ATTEMPTS`.*\n/m, ''],
  ])('is made right again where it has %s', (_, find, replace) => {
    const spoilt = page.replace(find, replace);
    expect(spoilt).not.toBe(page);
    expect(withTables(spoilt)).toBe(page);
  });

  it('keeps what people wrote around the tables', () => {
    const more = page.replace('## Quotas\n', '## Quotas\n\nMore about it.\n');
    expect(withTables(more)).toBe(more);
  });

  it('says which section has no place for its table', () => {
    expect(() => withTables(page.replace('## Quotas\n', '## Shares\n'))).toThrow('needs a section "Quotas"');
  });
});
