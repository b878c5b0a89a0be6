import { SETTING_NAMES, SettingsError, readSettings } from '../../../shared/settings';
import { type Edits, readInfra, readJson } from '../../support/bicep';
import { type Queue, allowedValuesOf, defaultsOf, settingFaults, writtenIn } from '../../support/bicepSettings';

const QUEUES = readJson('infra/queues.json') as Queue[];

/** What every environment has, so that the rest can be read. */
const BASE = {
  TablesConnection__tableServiceUri: 'https://account.table.core.windows.net',
  ServiceBusConnection__fullyQualifiedNamespace: 'namespace.servicebus.windows.net',
  HASH_KEY: 'sixteen-or-more-characters',
};

/** What readSettings says of one setting. */
function faultOf(name: string, value: string): string | undefined {
  try {
    readSettings({ ...BASE, [name]: value });
    return undefined;
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.faults.find((fault) => fault.startsWith(`${name} `));
  }
}

describe('the app settings that Bicep sets', () => {
  it('are those that the app, its host and its plan read, and no others', async () => {
    expect(settingFaults(await readInfra(), QUEUES, SETTING_NAMES)).toEqual([]);
  });

  it('have the defaults of the app', async () => {
    expect(readSettings({ ...BASE, ...defaultsOf(await readInfra()) })).toEqual(readSettings(BASE));
  });

  it('write a default wherever the app has one', async () => {
    const empty = Object.entries(defaultsOf(await readInfra())).filter(([, value]) => value === '');
    const read = readSettings(BASE) as Record<string, unknown>;
    const isNothing = (value: unknown): boolean => value === undefined || (Array.isArray(value) && value.length === 0);
    expect(empty.map(([name]) => name).filter((name) => !isNothing(read[name]))).toEqual([]);
  });

  it('allow exactly the values that the app takes, where they allow a few only', async () => {
    const choices = Object.entries(allowedValuesOf(await readInfra())).filter(([, values]) => values !== undefined);
    expect(choices.length).toBeGreaterThanOrEqual(4);
    for (const [name, values] of choices) {
      expect(faultOf(name, 'neither')).toBe(`${name} is "neither": it should be ${values!.join(' or ')}`);
      expect(values!.flatMap((value) => faultOf(name, value) ?? [])).toEqual([]);
    }
  });

  it('hold no secret: HASH_KEY is a reference to the Key Vault, connections are addresses', async () => {
    const settings = writtenIn(await readInfra(), 'resourceSettings');
    expect(settings['HASH_KEY']).toBe("'@Microsoft.KeyVault(SecretUri=${vault.properties.vaultUri}secrets/HASH-KEY)'");
    expect(settings['ServiceBusConnection__credential']).toBe("'managedidentity'");
    expect(settings['AzureWebJobsStorage__credential']).toBe("'managedidentity'");
    expect(settings).not.toHaveProperty('ServiceBusConnection');
  });
});

const SETTINGS = 'settings.bicep';
const FUNCTION_APP = 'modules/functionApp.bicep';

describe('a planted fault is found:', () => {
  const RESOURCE_SETTINGS = 'var resourceSettings = {\n';
  it.each<[string, Edits, string]>([
    [
      'a setting that is not set',
      { [SETTINGS]: [["  PARTITIONS: '16'\n", '']] },
      'PARTITIONS is read and not set: add it to settings.bicep',
    ],
    [
      'a connection that is not set',
      { [FUNCTION_APP]: [['  TablesConnection__tableServiceUri: storage.properties.primaryEndpoints.table\n', '']] },
      'TablesConnection is read and not set',
    ],
    [
      'a setting that nobody reads',
      { [FUNCTION_APP]: [[RESOURCE_SETTINGS, `${RESOURCE_SETTINGS}  UNHEARD_OF: 'x'\n`]] },
      'UNHEARD_OF is set and nobody reads it',
    ],
    [
      'a setting that the plan refuses',
      { [FUNCTION_APP]: [[RESOURCE_SETTINGS, `${RESOURCE_SETTINGS}  FUNCTIONS_WORKER_RUNTIME: 'node'\n`]] },
      'FUNCTIONS_WORKER_RUNTIME is refused by Flex Consumption',
    ],
    [
      'a setting that is set twice',
      { [FUNCTION_APP]: [[RESOURCE_SETTINGS, `${RESOURCE_SETTINGS}  INVITATIONS_QUEUE: 'x'\n`]] },
      'INVITATIONS_QUEUE is set twice',
    ],
    ['a setting without a default', { [SETTINGS]: [["  PARTITIONS: '16'\n", '']] }, 'PARTITIONS has no default'],
    [
      'a setting that is not described',
      { [SETTINGS]: [['  PARTITIONS: string?', '  PARTITION: string?']] },
      'PARTITIONS is not described in AppSettings',
    ],
    [
      'defaults that overrule what a deployment asks for',
      { [FUNCTION_APP]: [['cloudDefaults, settings, ', 'settings, cloudDefaults, ']] },
      'the app settings should be union(defaults, cloudDefaults, settings, ',
    ],
  ])('%s', async (_, edits, fault) => {
    expect(settingFaults(await readInfra(edits), QUEUES, SETTING_NAMES).join('\n')).toContain(fault);
  });

  it('a default that is not the app’s', async () => {
    const files = await readInfra({ [SETTINGS]: [["  EXPIRE_AFTER: 'P30D'\n", "  EXPIRE_AFTER: 'P31D'\n"]] });
    expect(readSettings({ ...BASE, ...defaultsOf(files) })).not.toEqual(readSettings(BASE));
  });
});
