import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from '../../support/bicep';

/** The rows of the threat model: threat, answer, and the test that shows it with words of its name. */
function rowsOf(page: string): { threat: string; answer: string; file: string; words: string }[] {
  return [...page.matchAll(/^\| (.+?) +\| (.*?) +\| (.*?) +\|$/gm)]
    .filter(([, threat = '']) => !/^(\*\*|threat|-)/.test(threat))
    .map(([, threat = '', answer = '', shown = '']) => {
      const [, file = '', words = ''] = /^`([^`]+)`: (.+)$/.exec(shown) ?? [];
      return { threat, answer, file, words };
    });
}

/** Rows that name no test, a test that is not there, or words that no test of that file has in its name. */
function unshown(page: string): string[] {
  return rowsOf(page).flatMap(({ threat, answer, file, words }) => {
    if (answer === '' || words === '') return [`${threat}: has no answer, or no test`];
    if (!existsSync(join(__dirname, '../../..', file))) return [`${threat}: there is no ${file}`];
    return readText(file).includes(words) ? [] : [`${threat}: ${file} has no test "${words}"`];
  });
}

const page = readText('SECURITY.md');

describe('SECURITY.md', () => {
  it('names for every threat an answer and a test that is there', () => {
    expect(rowsOf(page).length).toBeGreaterThanOrEqual(20);
    expect(unshown(page)).toEqual([]);
  });

  it.each([
    'Spoofing',
    'Tampering',
    'Repudiation',
    'Information disclosure',
    'Denial of service',
    'Elevation of privilege',
  ])('has a part on %s', (part) => {
    expect(page).toContain(`| **${part}**`);
  });

  it.each([
    ['a test that is not there', '| A | b | `test/unit/gone.test.ts`: x |', 'A: there is no test/unit/gone.test.ts'],
    [
      'a test of another name',
      '| A | b | `test/unit/infra/azd.test.ts`: says no such thing |',
      'A: test/unit/infra/azd',
    ],
    ['a threat without an answer', '| A |  | `test/unit/infra/azd.test.ts`: azd |', 'A: has no answer, or no test'],
    ['a threat without a test', '| A | b | trust us |', 'A: has no answer, or no test'],
  ])('a planted fault is found: %s', (_, row, fault) => {
    expect(unshown(row).join('\n')).toContain(fault);
  });
});
