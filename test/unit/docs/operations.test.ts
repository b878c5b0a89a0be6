import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ACTIONS } from '../../../cli/commands/act';

const ROOT = join(__dirname, '../../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const namesIn = (folder: string, ending: string): string[] =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length));

const PAGE = read('docs/operations.md');
const PROGRAM = read('cli/program.ts');
const SCRIPTS = Object.keys((JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts);
const FUNCTIONS = namesIn('functions', '.ts');
const QUERIES = namesIn('infra/kql', '.kql');
const COMMANDS = ['send', 'dry-run', 'status', 'list', 'watch', ...ACTIONS.map(({ command }) => command)];
/** What a script of ours is told, as its source knows it. */
const TOLD: Record<string, string> = {
  fsck: read('tools/fsck.ts'),
  map: read('tools/map.ts'),
  replay: read('tools/replay.ts'),
};

const all = (pattern: RegExp, page: string): string[] => [...page.matchAll(pattern)].map(([, one = '']) => one);
const flagsIn = (text: string): string[] => all(/ --([a-z-]+)/g, text);

/** The anchor that GitHub gives a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\d _-]/gu, '')
    .replaceAll(' ', '-');

const anchorsOf = (page: string): string[] => all(/^#+ (.+)$/gm, page).map(anchorOf);

/** Commands, options, functions, queries and places that the page names and that are not there. */
function missing(page: string): string[] {
  const cli = [...page.matchAll(/\bb2b-invite ([\w-]+)([^`\n|]*)/g)].map(([, command = '', rest = '']) => ({
    command,
    rest,
  }));
  const scripts = [...page.matchAll(/\bnpm run ([\w:-]+)(?: -- ([^`\n]*))?/g)].map(([, name = '', rest = '']) => ({
    name,
    rest,
  }));
  return [
    ...cli.filter(({ command }) => !COMMANDS.includes(command)).map(({ command }) => `b2b-invite ${command}`),
    ...cli
      .flatMap(({ rest }) => flagsIn(rest))
      .filter((flag) => !PROGRAM.includes(`'--${flag}`))
      .map((flag) => `b2b-invite --${flag}`),
    ...scripts.filter(({ name }) => !SCRIPTS.includes(name)).map(({ name }) => `npm run ${name}`),
    ...scripts.flatMap(({ name, rest }) =>
      flagsIn(` ${rest}`)
        .filter((flag) => TOLD[name] !== undefined && !new RegExp(`\\b${flag}: \\{ type`).test(TOLD[name]))
        .map((flag) => `npm run ${name} -- --${flag}`),
    ),
    ...all(/AzureWebJobs\.(\w+)\.Disabled/g, page).filter((name) => !FUNCTIONS.includes(name)),
    ...all(/\bkql ([a-z]\w+)/g, page).filter((name) => !QUERIES.includes(name)),
    ...all(/\((#[\w-]+)\)/g, page).filter((link) => !anchorsOf(page).includes(link.slice(1))),
    ...[...page.matchAll(/\(([\w-]+\.md)#([\w-]+)\)/g)]
      .filter(([, file = '', anchor = '']) => !anchorsOf(read(`docs/${file}`)).includes(anchor))
      .map(([link]) => link),
  ];
}

describe('docs/operations.md', () => {
  it('names commands, options, functions, queries and places that are there', () => {
    expect(missing(PAGE)).toEqual([]);
  });

  it('stays a page that shows many of them', () => {
    expect(all(/\bb2b-invite ([\w-]+)/g, PAGE).length).toBeGreaterThan(10);
    expect(all(/\bnpm run ([\w:-]+)/g, PAGE).length).toBeGreaterThan(5);
  });

  it.each([
    ['a command that there is not', '`b2b-invite confirm ID`', 'b2b-invite confirm'],
    ['an option that there is not', 'b2b-invite list --state needsReview', 'b2b-invite --state'],
    ['a script that there is not', '`npm run repair`', 'npm run repair'],
    ['an option that a script does not take', 'npm run fsck -- --fix', 'npm run fsck -- --fix'],
    ['a function that there is not', 'AzureWebJobs.wakeUp.Disabled=true', 'wakeUp'],
    ['a query that there is not', 'kql lateness P1D', 'lateness'],
    ['a section that there is not', '[x](#nowhere)', '#nowhere'],
    ['a section of another page that there is not', '[x](deploy.md#nowhere)', '(deploy.md#nowhere)'],
  ])('would tell of %s', (_, text, fault) => {
    expect(missing(`${text}\n`)).toEqual([fault]);
  });
});
