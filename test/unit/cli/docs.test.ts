import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACTIONS } from '../../../cli/commands/act';
import { EXIT } from '../../../cli/cliFault';

const page = readFileSync(join(__dirname, '../../../docs/cli.md'), 'utf8');

describe('docs/cli.md', () => {
  it.each(['send', 'dry-run', 'status', 'list', 'watch', ...ACTIONS.map(({ command }) => command)])(
    'has command %s in its table',
    (command) => {
      expect(page).toMatch(new RegExp(`^\\| [^|]*\`${command}[ \`]`, 'm'));
    },
  );

  it.each(Object.values(EXIT))('says what exit code %i means', (code) => {
    expect(page).toMatch(new RegExp(`^\\| ${code} +\\||\\(${code}: by SIGTERM\\)`, 'm'));
  });
});
