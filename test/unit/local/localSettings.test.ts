import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { applyLocalSettings, portsFromEnvironment, standInsFromArguments } from '../../../local/localSettings';
import { LOCAL_SETTINGS } from '../../../local/startLocal';
import { SETTING_NAMES, readSettings } from '../../../shared/settings';

const SAMPLE = path.join(__dirname, '..', '..', '..', 'local.settings.sample.json');
const sample = z
  .strictObject({ IsEncrypted: z.literal(false), Values: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(SAMPLE, 'utf8')));

const environment = { ...process.env };
afterEach(() => {
  process.env = { ...environment };
});

describe('local.settings.sample.json', () => {
  const ofTheHost = ['FUNCTIONS_WORKER_RUNTIME', 'AzureWebJobsStorage'];
  /** Identity-based connections and the identity itself: of no use with emulators. */
  const ofAzureOnly = [
    'TablesConnection__tableServiceUri',
    'ServiceBusConnection__fullyQualifiedNamespace',
    'AZURE_CLIENT_ID',
  ];

  it('holds only settings that the code reads, and the host’s own', () => {
    const unknown = Object.keys(sample.Values).filter((name) => ![...SETTING_NAMES, ...ofTheHost].includes(name));
    expect(unknown).toEqual([]);
  });

  it('holds every setting that is of use on one machine', () => {
    const missing = SETTING_NAMES.filter((name) => !(name in sample.Values) && !ofAzureOnly.includes(name));
    expect(missing).toEqual([]);
  });

  it('is a valid configuration, with the defaults for all that a machine does not need otherwise', () => {
    const connections = { TablesConnection: 'x', ServiceBusConnection: 'x', HASH_KEY: 'a-key-of-16-characters' };
    const deviating = Object.entries(readSettings(connections)).filter(
      ([name, value]) => JSON.stringify(Reflect.get(readSettings(sample.Values), name)) !== JSON.stringify(value),
    );
    expect(deviating.map(([name]) => name).sort()).toEqual([
      'GRAPH_BASE_URL',
      'HASH_KEY',
      'ServiceBusConnection',
      'TablesConnection',
      'WAKE_SCHEDULE',
    ]);
  });

  it('agrees with npm start, so that the same tables serve both', () => {
    expect(sample.Values).toMatchObject(LOCAL_SETTINGS);
  });

  it('leaves npm start its own stand-ins when it is copied as it is', () => {
    process.env = {};
    applyLocalSettings(SAMPLE);
    expect(process.env).not.toHaveProperty('TablesConnection');
    expect(process.env).not.toHaveProperty('ServiceBusConnection');
    expect(process.env).not.toHaveProperty('GRAPH_BASE_URL');
    expect(process.env).toMatchObject({ REMIND_AFTER: 'P3D,P7D', INVITATIONS_QUEUE: 'invitations' });
  });
});

describe('applyLocalSettings', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'local-settings-'));
  const file = path.join(folder, 'local.settings.json');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('takes real services from the file, and lets the environment go before', () => {
    process.env = { REMIND_AFTER: 'P1D' };
    const GRAPH_BASE_URL = 'https://graph.microsoft.com';
    writeFileSync(file, JSON.stringify({ Values: { GRAPH_BASE_URL, REMIND_AFTER: 'P2D', EXPIRE_AFTER: '' } }));
    applyLocalSettings(file);
    expect(process.env).toEqual({ REMIND_AFTER: 'P1D', GRAPH_BASE_URL });
  });

  it('does nothing when there is no file', () => {
    process.env = {};
    applyLocalSettings(path.join(folder, 'none.json'));
    expect(process.env).toEqual({});
  });

  it('says which file is wrong', () => {
    writeFileSync(file, '{"Values":');
    expect(() => applyLocalSettings(file)).toThrow(
      `${file} can't be read: it should be JSON like local.settings.sample.json.`,
    );
  });
});

describe('portsFromEnvironment', () => {
  it('gives the standard ports where the environment says nothing, or an empty text', () => {
    process.env = { GRAPH_PORT: '' };
    expect(portsFromEnvironment()).toEqual({ functions: 7071, tables: 10002, serviceBus: 5672, graph: 4300 });
  });

  it('takes each from its variable', () => {
    process.env = { FUNCTIONS_PORT: '1', TABLES_PORT: '2', SERVICE_BUS_PORT: '3', GRAPH_PORT: '0' };
    expect(portsFromEnvironment()).toEqual({ functions: 1, tables: 2, serviceBus: 3, graph: 0 });
  });

  it.each(['graph', '-1', '65536', '1.5'])('refuses %s', (port) => {
    process.env = { TABLES_PORT: port };
    expect(() => portsFromEnvironment()).toThrow(
      `TABLES_PORT is "${port}": it should be a port from 0 to 65535, 0 for any free one.`,
    );
  });
});

describe('standInsFromArguments', () => {
  it('takes the names of stand-ins in any case', () => {
    expect(standInsFromArguments(['graph', 'servicebus'])).toEqual(['graph', 'serviceBus']);
  });

  it('says which there are when a name is none', () => {
    expect(() => standInsFromArguments(['bus'])).toThrow(
      'There is no stand-in "bus": there are tables, serviceBus, graph. With no name, everything starts.',
    );
  });
});
