import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseJsonc } from 'jsonc-parser';
import { parse } from 'yaml';
import { readJson, readText } from '../../support/bicep';

const ROOT = join(__dirname, '../../..');
const SCRIPTS = Object.keys((readJson('package.json') as { scripts: Record<string, string> }).scripts);

interface Workflow {
  permissions?: Record<string, string>;
  jobs: Record<string, { strategy?: { matrix: { node: number[] } }; 'timeout-minutes'?: number }>;
}

const workflowNames = readdirSync(join(ROOT, '.github/workflows'));
const textOf = (name: string): string => readText(`.github/workflows/${name}`);

/** npm scripts that a text runs. */
const scriptsIn = (text: string): string[] =>
  [...text.matchAll(/\bnpm (?:run )?(?:--silent )?([\w:-]+)/g)]
    .map((match) => match[1] ?? '')
    .map((name) => (name === 't' ? 'test' : name))
    .filter((name) => !['ci', 'sbom', 'install'].includes(name));

const missingScripts = (text: string): string[] => scriptsIn(text).filter((name) => !SCRIPTS.includes(name));

/** Only GitHub's and Azure's own actions, each by a version: @main or somebody else's code gets no token of ours. */
const strangeActions = (text: string): string[] =>
  [...text.matchAll(/uses: (\S+)/g)]
    .map((match) => match[1] ?? '')
    .filter((action) => !/^(actions|github|Azure)\/[\w-]+(\/[\w-]+)?@(v\d+|[\da-f]{40})$/.test(action));

/** What a workflow may do to the repository by default, and jobs that could run for six hours. */
function openEnded(text: string): string[] {
  const { permissions, jobs } = parse(text) as Workflow;
  const writes = Object.entries(permissions ?? { everything: 'write' }).filter(
    ([what, how]) => how === 'write' && what !== 'id-token',
  );
  const endless = Object.entries(jobs).filter(([, job]) => job['timeout-minutes'] === undefined);
  return [...writes.map(([what]) => `may write ${what}`), ...endless.map(([name]) => `${name} has no timeout`)];
}

describe.each(workflowNames)('.github/workflows/%s', (name) => {
  it('runs npm scripts that exist', () => {
    expect(missingScripts(textOf(name))).toEqual([]);
  });

  it('uses actions of GitHub and Azure only, by version', () => {
    expect(strangeActions(textOf(name))).toEqual([]);
  });

  it('may read only, and ends', () => {
    expect(openEnded(textOf(name))).toEqual([]);
  });

  it('needs no stored secret', () => {
    expect(textOf(name)).not.toMatch(/secrets\./);
  });
});

describe('ci', () => {
  it('tests on every Node that the project runs on', () => {
    const { jobs } = parse(textOf('ci.yml')) as Workflow;
    expect(jobs['test']?.strategy?.matrix.node).toEqual([20, 22, 24]);
  });

  it('lints, checks types, tests and packages', () => {
    expect(scriptsIn(textOf('ci.yml'))).toEqual(['lint', 'typecheck', 'test', 'package']);
  });

  it('asks the real Bicep compiler', () => {
    for (const template of ['infra/main.bicep', 'infra/graphRoles/main.bicep']) {
      expect(textOf('ci.yml')).toContain(`az bicep build --file ${template}`);
      expect(textOf('ci.yml')).toContain(`az bicep lint --file ${template}`);
    }
  });
});

describe('other files that run npm scripts', () => {
  it.each(['.vscode/tasks.json', '.vscode/launch.json', '.devcontainer/devcontainer.json'])(
    '%s names real ones',
    (path) => {
      const read = parseJsonc(readText(path)) as { tasks?: { script?: string }[] };
      const named = (read.tasks ?? []).flatMap(({ script }) => script ?? []);
      expect([...named, ...scriptsIn(readText(path))].filter((name) => !SCRIPTS.includes(name))).toEqual([]);
    },
  );

  it.each([
    '.github/dependabot.yml',
    ...readdirSync(join(ROOT, '.github/ISSUE_TEMPLATE')).map((name) => `.github/ISSUE_TEMPLATE/${name}`),
  ])('%s is YAML', (path) => {
    expect(parse(readFileSync(join(ROOT, path), 'utf8'))).toBeTruthy();
  });
});

describe('a planted fault is found:', () => {
  it.each([
    ['a script that does not exist', missingScripts, '- run: npm run unheard-of', ['unheard-of']],
    ['an action of a stranger', strangeActions, '- uses: stranger/action@v1', ['stranger/action@v1']],
    ['an action without a version', strangeActions, '- uses: actions/checkout@main', ['actions/checkout@main']],
    ['a workflow that may write', openEnded, 'permissions: { contents: write }\njobs: {}', ['may write contents']],
    ['a workflow that may do anything', openEnded, 'jobs: {}', ['may write everything']],
    ['a job without end', openEnded, 'permissions: {}\njobs: { x: { steps: [] } }', ['x has no timeout']],
  ])('%s', (_, faultsOf, text, faults) => {
    expect(faultsOf(text)).toEqual(faults);
  });
});
