import { cpSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { startHostProcess } from '../../support/hostProcess';
import { FUNCTION_NAMES, ROOT, emptyFolder, packageApp, readBundle } from './packaged';

const folder = emptyFolder();
const app = path.join(folder, 'app');
let printed = '';

beforeAll(async () => {
  printed = await packageApp('--out', app);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (file: string): string => readFileSync(path.join(app, file), 'utf8');

const IN_NODE_MODULES = /(?:^|\/)node_modules\//;

/** A copy of the app that is made worse. */
function spoiled(name: string, spoil: (copy: string) => void): string {
  const copy = path.join(folder, name);
  cpSync(app, copy, { recursive: true });
  spoil(copy);
  return copy;
}

describe('npm run package', () => {
  it('makes an app that needs no install: its files, the licences, no settings', () => {
    // Of whoever runs this, and not ours.
    const files = readdirSync(app).filter((file) => !/^sources\.jsonc?$/.test(file));
    expect(files.sort()).toEqual([
      'LICENSE',
      'THIRD-PARTY-NOTICES.txt',
      'host.json',
      'main.js',
      'main.js.map',
      'package.json',
      'packages',
    ]);
    const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect(JSON.parse(read('package.json'))).toEqual({
      name: 'invitation-workflow',
      version,
      private: true,
      license: 'MIT',
      main: 'main.js',
      engines: { node: '>=20.19' },
    });
    expect(read('host.json')).toBe(readFileSync(path.join(ROOT, 'host.json'), 'utf8'));
    expect(printed).toContain(`${app}: ${FUNCTION_NAMES.length} functions, all loaded\n`);
  });

  it('gives the same bytes when it runs again', async () => {
    const zip = readFileSync(`${app}.zip`);
    await packageApp('--out', app);
    expect(readFileSync(`${app}.zip`).equals(zip)).toBe(true);
  });

  it('states the licence of every package that it holds', () => {
    const { ownInputs, packageInputs } = readBundle(app);
    const notices = read('THIRD-PARTY-NOTICES.txt');
    const held = [...ownInputs, ...packageInputs].flatMap(
      (file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? [],
    );
    expect(held).toContain('@azure/msal-node');
    expect(notices).toMatch(/^jsonata \d/m);
    expect(held.filter((name) => !new RegExp(`^${name} \\d[^:]*: \\S`, 'm').test(notices))).toEqual([]);
  });

  it('leads each line of ours back to its TypeScript', () => {
    const { sources } = JSON.parse(read('main.js.map')) as { sources: string[] };
    const ours = sources.filter((source) => !source.includes('webpack:'));
    const files = ours.map((source) => path.relative(ROOT, path.resolve(app, source)));
    expect(files).toContain(path.join('functions', 'advanceInvitation.ts'));
    expect(files).toContain(path.join('shared', 'domain', 'nextStep.ts'));
    expect(files.filter((file) => file !== 'functions.js' && !existsSync(path.join(ROOT, file)))).toEqual([]);
  });
});

/** Read only where TELEMETRY is not off (wholeWay.test.ts). */
const ONLY_WITH_TELEMETRY = [
  '@azure/monitor-opentelemetry-exporter',
  '@opentelemetry/api',
  '@opentelemetry/exporter-metrics-otlp-http',
  '@opentelemetry/exporter-trace-otlp-http',
  '@opentelemetry/resources',
  '@opentelemetry/sdk-metrics',
  '@opentelemetry/sdk-trace-base',
];

/** Read with the first mapping of a webhook (wholeWay.test.ts). */
const JSONATA = './packages/shared-webhooks-jsonata.json.js';

describe('the bundle', () => {
  it('holds functions/, shared/ and packages, and nothing that is made for one machine or for tests', () => {
    const { ownInputs, packageInputs } = readBundle(app);
    const ours = ownInputs.filter((file) => !IN_NODE_MODULES.test(file)).map((file) => file.split('/')[0]);
    expect([...new Set(ours)].sort()).toEqual(['functions', 'functions.js', 'shared']);
    const beside = packageInputs.filter((file) => !file.startsWith('used-of:') && !IN_NODE_MODULES.test(file));
    expect(beside).toEqual(['shared/webhooks/jsonata.json']);
    expect(ownInputs.filter((file) => file.endsWith('.json'))).toEqual([]);
  });

  it('asks for the packages that a function needs and for no other', () => {
    const known = [
      '@azure/core-rest-pipeline',
      '@azure/data-tables',
      '@azure/functions-core',
      '@azure/identity',
      '@azure/service-bus',
      '@microsoft/microsoft-graph-client',
      'csv-parse',
      'csv-parse/sync',
      'jose',
      'jsonc-parser',
      'lossless-json',
      'luxon',
      'standardwebhooks',
      'zod',
      ...ONLY_WITH_TELEMETRY,
    ].map((name) =>
      name === '@azure/functions-core' ? name : `./packages/${name.replace(/^@/, '').replaceAll('/', '-')}.js`,
    );
    const asked = readBundle(app).asked.filter((name) => !isBuiltin(name) && name !== JSONATA);
    expect(asked.filter((name) => !known.includes(name))).toEqual([]);
    expect(asked).toContain('./packages/azure-identity.js');
  });

  it('begins with @azure/functions and our own code alone', () => {
    const inMain = readBundle(app).ownInputs.flatMap(
      (file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? [],
    );
    expect([...new Set(inMain)].sort()).toEqual(['@azure/functions', '@azure/functions-extensions-base', 'cookie']);
  });
});

describe('npm run package -- --check', () => {
  it('finds nothing wrong with what was made', async () => {
    expect(await packageApp('--check', app)).toBe(`${app}: ${FUNCTION_NAMES.length} functions, all loaded\n`);
  });

  it.each<[string, (copy: string) => void, RegExp]>([
    [
      'a package is not there',
      (copy) => rmSync(path.join(copy, 'packages', 'luxon.js')),
      /can't be deployed:\n {2}Cannot find module '\.\/packages\/luxon\.js'/,
    ],
    [
      'a package cannot be loaded',
      (copy) => writeFileSync(path.join(copy, 'packages', 'luxon.js'), 'throw new Error("a cause");'),
      /can't be deployed:\n {2}a cause/,
    ],
    [
      'main.js imports what is not there',
      (copy) => writeFileSync(path.join(copy, 'main.js'), `require('./missing');\n${read('main.js')}`),
      /can't be deployed:\n {2}Cannot load main\.js: Cannot find module '\.\/missing'/,
    ],
    [
      'main.js leans on a node_modules that is not deployed',
      (copy) => writeFileSync(path.join(copy, 'main.js'), `require('zod');\n${read('main.js')}`),
      /can't be deployed:\n {2}Cannot load main\.js: Cannot find module 'zod'/,
    ],
    [
      'no function is registered',
      (copy) => writeFileSync(path.join(copy, 'main.js'), ''),
      /can't be deployed:\n {2}No function is registered in /,
    ],
  ])('refuses the app when %s', async (what, spoil, message) => {
    await expect(packageApp('--check', spoiled(what.replaceAll(' ', '-'), spoil))).rejects.toThrow(message);
  });
});

it('is refused by the host when an import fails, instead of starting without functions', async () => {
  const copy = spoiled('host-refuses', (place) => {
    writeFileSync(path.join(place, 'main.js'), `require('./missing');\n${read('main.js')}`);
  });
  await expect(startHostProcess({ appRoot: copy })).rejects.toThrow(/^Cannot load main\.js: Cannot find module/);
});
