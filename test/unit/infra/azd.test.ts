import { parse } from 'yaml';
import { type BicepFile, declared, literal, readInfra, readJson, readText } from '../../support/bicep';

const AZURE = parse(readText('azure.yaml')) as {
  infra: { path: string; module: string };
  services: { api: { dist: string; remoteBuild: boolean; hooks: { prepackage: Record<string, { run: string }> } } };
};
type Parameters = Record<string, { value: unknown }>;
const { parameters: PARAMETERS } = readJson('infra/main.parameters.json') as { parameters: Parameters };

/** Parameters of main.bicep that azd passes no value for; newHashKey is made by Resource Manager. */
function parameterFaults(files: BicepFile[], passed: Parameters): string[] {
  const main = files.find(({ path }) => path === 'main.bicep')?.declarations ?? [];
  const known = main.filter(({ kind }) => kind === 'param').map(({ name }) => name);
  return [
    ...known.filter((name) => !(name in passed) && name !== 'newHashKey').map((name) => `${name} is not passed`),
    ...Object.keys(passed)
      .filter((name) => !known.includes(name))
      .map((name) => `main.bicep has no ${name}`),
    // Exactly one variable and no default: azd leaves out a parameter whose variable is not set, so Bicep's default holds.
    ...Object.entries(passed)
      .filter(([, { value }]) => !/^\$\{[A-Z_]+\}$/.test(String(value)))
      .map(([name]) => `${name} is not one variable`),
  ];
}

describe('azd', () => {
  it('passes every parameter of main.bicep', async () => {
    expect(parameterFaults(await readInfra(), PARAMETERS)).toEqual([]);
  });

  it('deploys the bundle as it is', () => {
    const { dist, remoteBuild, hooks } = AZURE.services.api;
    expect({ dist, remoteBuild }).toEqual({ dist: 'out/package', remoteBuild: false });
    expect(Object.values(hooks.prepackage).map(({ run }) => run)).toEqual(['npm run package', 'npm run package']);
  });

  it('is not kept from it by .funcignore: azd refuses remoteBuild false where that leaves out node_modules', () => {
    const ignored = readText('.funcignore')
      .split(/\r?\n/)
      .map((line) => line.trim().replace(/\/$/, ''));
    expect(ignored.filter((line) => /^(\*\*\/)?(node_modules|host\.json|package\.json|\*\.js)$/.test(line))).toEqual(
      [],
    );
  });

  it('finds the function app by the tag of its service', async () => {
    const [service] = Object.keys(AZURE.services);
    const app = (await readInfra()).find(({ path }) => path === 'modules/functionApp.bicep');
    expect(app?.text).toContain(`'azd-service-name': '${String(service)}'`);
  });

  it('takes the names of its files from where they are', async () => {
    expect((await readInfra()).map(({ path }) => `infra/${path}`)).toContain(
      `${AZURE.infra.path}/${AZURE.infra.module}.bicep`,
    );
  });
});

/** The table of docs/deploy.md: what is set with azd, and its default. */
function documented(page: string): Record<string, string> {
  const rows = [...page.matchAll(/^\| `([A-Z_]+)` +\| `([^`]*)` +\|/gm)];
  return Object.fromEntries(rows.map(([, name = '', value = '']) => [name, value]));
}

/** The parameters that azd passes, by their variables, with the defaults of main.bicep. */
function defaultsByVariable(files: BicepFile[]): Record<string, string> {
  const entries = Object.entries(PARAMETERS).map(([name, { value }]) => {
    const { value: standard } = declared(files, 'main.bicep', 'param', name);
    return [String(value).slice(2, -1), literal(standard) ?? standard?.text ?? ''] as const;
  });
  return Object.fromEntries(entries.filter(([variable]) => !/^AZURE_|^APP_SETTINGS$/.test(variable)));
}

describe('docs/deploy.md', () => {
  it('names what can be set with azd, with its default', async () => {
    expect(documented(readText('docs/deploy.md'))).toEqual(defaultsByVariable(await readInfra()));
  });
});

describe('a planted fault is found:', () => {
  it('a default that the page does not know', async () => {
    const files = await readInfra({ 'main.bicep': [["nodeVersion string = '24'", "nodeVersion string = '22'"]] });
    expect(documented(readText('docs/deploy.md'))).not.toEqual(defaultsByVariable(files));
  });

  it('a parameter that is not passed, one that is not there, one with a default of its own', async () => {
    const { location, ...others } = PARAMETERS;
    expect(location).toBeDefined();
    const passed = { ...others, unheardOf: { value: '${UNHEARD_OF}' }, nodeVersion: { value: '${NODE=22}' } };
    expect(parameterFaults(await readInfra(), passed)).toEqual([
      'location is not passed',
      'main.bicep has no unheardOf',
      'nodeVersion is not one variable',
    ]);
  });
});
