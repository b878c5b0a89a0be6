import { type BicepFile, type Edits, bodyOf, declared, readInfra, readJson, valueAt } from '../../support/bicep';
import type { Check } from '../../support/bicepChecks';
import { roleFaults, secretFaults, typeFaults, untagged } from '../../support/bicepResources';

const ROLES = readJson('infra/roles.json') as Record<string, string>;
const rolesAreKnown: Check = (files) => roleFaults(files, ROLES);

/** What must stand where: file, resource, path in it, text. */
const HARDENED: [file: string, resource: string, path: string, text: string][] = [
  ['modules/storage.bicep', 'account', 'properties.allowSharedKeyAccess', 'false'],
  ['modules/storage.bicep', 'account', 'properties.allowBlobPublicAccess', 'false'],
  ['modules/storage.bicep', 'account', 'properties.minimumTlsVersion', "'TLS1_2'"],
  ['modules/storage.bicep', 'account', 'properties.supportsHttpsTrafficOnly', 'true'],
  ['modules/storage.bicep', 'account', 'properties.publicNetworkAccess', 'publicNetworkAccess'],
  ['modules/storage.bicep', 'deployments', 'properties.publicAccess', "'None'"],
  ['modules/storage.bicep', 'assignments', 'scope', 'account'],
  ['modules/serviceBus.bicep', 'namespace', 'properties.disableLocalAuth', 'true'],
  ['modules/serviceBus.bicep', 'namespace', 'properties.minimumTlsVersion', "'1.2'"],
  ['modules/serviceBus.bicep', 'namespace', 'properties.publicNetworkAccess', 'publicNetworkAccess'],
  ['modules/serviceBus.bicep', 'senders', 'scope', 'allQueues[index]'],
  ['modules/serviceBus.bicep', 'receivers', 'scope', 'allQueues[index]'],
  ['modules/keyVault.bicep', 'vault', 'properties.enableRbacAuthorization', 'true'],
  ['modules/keyVault.bicep', 'vault', 'properties.enablePurgeProtection', 'true'],
  ['modules/keyVault.bicep', 'vault', 'properties.publicNetworkAccess', 'publicNetworkAccess'],
  ['modules/keyVault.bicep', 'secretsUser', 'scope', 'vault'],
  ['modules/monitoring.bicep', 'applicationInsights', 'properties.DisableLocalAuth', 'true'],
  ['modules/monitoring.bicep', 'metricsPublisher', 'scope', 'applicationInsights'],
  ['modules/functionApp.bicep', 'plan', 'sku.tier', "'FlexConsumption'"],
  ['modules/functionApp.bicep', 'site', 'properties.httpsOnly', 'true'],
  ['modules/functionApp.bicep', 'site', 'properties.siteConfig.minTlsVersion', "'1.2'"],
  ['modules/functionApp.bicep', 'site', 'properties.keyVaultReferenceIdentity', 'identity.id'],
  ['modules/functionApp.bicep', 'site', 'identity.type', "'UserAssigned'"],
  ['modules/functionApp.bicep', 'noPasswords', 'properties.allow', 'false'],
];

const softened: Check = (files) =>
  HARDENED.filter(([file, resource, path, text]) => valueOf(files, file, resource, path) !== text).map(
    ([file, resource, path]) => `${file}: ${resource}.${path} is ${String(valueOf(files, file, resource, path))}`,
  );

const valueOf = (files: BicepFile[], file: string, resource: string, path: string): string | undefined =>
  valueAt(bodyOf(declared(files, file, 'resource', resource)), path)?.text;

/** HASH_KEY is made once: by Resource Manager, from a value that no file and no log holds. */
const hashKeyIsKept: Check = (files) => {
  const secret = declared(files, 'modules/keyVault.bicep', 'resource', 'hashKey');
  const given = ['main.bicep', 'modules/keyVault.bicep'].map((path) => declared(files, path, 'param', 'newHashKey'));
  return [
    ...(secret.decorators.includes('onlyIfNotExists') ? [] : ['HASH_KEY would change at every deployment']),
    ...(given.every(({ decorators }) => decorators.includes('secure')) ? [] : ['newHashKey would be logged']),
  ];
};

const CHECKS: [string, Check][] = [
  ['are of types and versions that exist', typeFaults],
  ['are tagged', untagged],
  ['grant known roles only', rolesAreKnown],
  ['hold nothing that looks like a secret', secretFaults],
  ['take no key and no password, and grant no more than they must', softened],
  ['make HASH_KEY once', hashKeyIsKept],
];

describe('the resources of infra/', () => {
  it.each(CHECKS)('%s', async (_, check) => {
    expect(check(await readInfra())).toEqual([]);
  });
});

const STORAGE = 'modules/storage.bicep';
const VAULT = 'modules/keyVault.bicep';
const BUS = 'modules/serviceBus.bicep';

describe('a planted fault is found:', () => {
  it.each<[string, Check, Edits, string]>([
    [
      'a version that does not exist',
      typeFaults,
      { [VAULT]: [['Microsoft.KeyVault/vaults@2026-02-01', 'Microsoft.KeyVault/vaults@2026-02-30']] },
      'modules/keyVault.bicep: vault is of version 2026-02-30, not 2026-02-01',
    ],
    [
      'a type that is not known',
      typeFaults,
      { [VAULT]: [['Microsoft.KeyVault/vaults@', 'Microsoft.KeyVaults/vaults@']] },
      'vault is of type Microsoft.KeyVaults/vaults, which is not among the known ones',
    ],
    [
      'a resource without tags',
      untagged,
      { [VAULT]: [['  tags: tags\n', '']] },
      'modules/keyVault.bicep: vault has no tags',
    ],
    [
      'a role by its id',
      rolesAreKnown,
      { [VAULT]: [["'ServicePrincipal'", "'8e3af657-a8ff-443c-a75c-2fe8c4bcb635'"]] },
      'modules/keyVault.bicep: 8e3af657-a8ff-443c-a75c-2fe8c4bcb635 is written out',
    ],
    [
      'a role that is not in roles.json',
      rolesAreKnown,
      { [STORAGE]: [["'Storage Blob Data Owner', ", "'Owner', "]] },
      'modules/storage.bicep: roles.json has no Owner',
    ],
    [
      'a connection string',
      secretFaults,
      { [STORAGE]: [["'StorageV2'", "'AccountName=a;AccountKey=b'"]] },
      'modules/storage.bicep: line',
    ],
    [
      'a key that is read',
      secretFaults,
      { [STORAGE]: [['string = account.name', 'string = account.listKeys().keys[0].value']] },
      'reads keys',
    ],
    [
      'a secret that would be logged',
      secretFaults,
      { [VAULT]: [['@secure()\n', '']] },
      'modules/keyVault.bicep: newHashKey is not @secure()',
    ],
    [
      'a secret that is given away',
      secretFaults,
      { [VAULT]: [['string = vault.name', 'string = newHashKey']] },
      'modules/keyVault.bicep: name gives a secret away',
    ],
    [
      'shared keys of the storage account',
      softened,
      { [STORAGE]: [['allowSharedKeyAccess: false', 'allowSharedKeyAccess: true']] },
      'modules/storage.bicep: account.properties.allowSharedKeyAccess is true',
    ],
    [
      'a role on more than the queue',
      softened,
      {
        [BUS]: [
          [
            "scope: allQueues[index]\n    name: guid(allQueues[index].id, principalId, roles['Azure Service Bus Data Sender'])",
            'scope: namespace\n    name: guid(namespace.id)',
          ],
        ],
      },
      'modules/serviceBus.bicep: senders.scope is namespace',
    ],
    ['a HASH_KEY that changes', hashKeyIsKept, { [VAULT]: [['@onlyIfNotExists()\n', '']] }, 'HASH_KEY would change'],
  ])('%s', async (_, check, edits, fault) => {
    expect(check(await readInfra(edits)).join('\n')).toContain(fault);
  });

  it('a role id that is another role’s', async () => {
    const roles = { ...ROLES, 'Key Vault Secrets User': '00482a5a-887f-4fb3-b363-3b7fe8e74483' };
    expect(roleFaults(await readInfra(), roles)).toEqual([
      'roles.json: Key Vault Secrets User is not 00482a5a-887f-4fb3-b363-3b7fe8e74483',
    ]);
  });
});
