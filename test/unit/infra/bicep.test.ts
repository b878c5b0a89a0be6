import { type Edits, readInfra } from '../../support/bicep';
import { type Check, moduleFaults, nameFaults, syntaxFaults, undescribed } from '../../support/bicepChecks';

describe('the Bicep of infra/', () => {
  it.each<[string, Check]>([
    ['can be read', syntaxFaults],
    ['describes every parameter, output and setting', undescribed],
    ['gives each module the parameters that it has, and takes the outputs that it has', moduleFaults],
    ['declares what it uses and uses what it declares', nameFaults],
  ])('%s', async (_, check) => {
    expect(check(await readInfra())).toEqual([]);
  });
});

const MAIN = 'main.bicep';
const STORAGE = 'modules/storage.bicep';

describe('a planted fault is found:', () => {
  it.each<[string, Check, Edits, string]>([
    ['a brace too few', syntaxFaults, { [STORAGE]: [['sku: { name: sku }', 'sku: { name: sku']] }, 'is not Bicep'],
    [
      'a parameter without a description',
      undescribed,
      { [STORAGE]: [["@description('Replication.')\n", '']] },
      'modules/storage.bicep: sku has no description',
    ],
    [
      'an output without a description',
      undescribed,
      { [MAIN]: [["@description('Address of the API.')\n", '']] },
      'main.bicep: API_URL has no description',
    ],
    [
      'a setting without a description',
      undescribed,
      { 'settings.bicep': [['  PARTITIONS: string?', '  PARTITIONS: string?\n  UNHEARD_OF: string?']] },
      'settings.bicep: AppSettings.UNHEARD_OF has no description',
    ],
    [
      'a module that is not there',
      moduleFaults,
      { [MAIN]: [["'modules/storage.bicep'", "'modules/stores.bicep'"]] },
      'main.bicep: module storage refers to a file that is not there',
    ],
    [
      'a parameter that a module does not know',
      moduleFaults,
      { [MAIN]: [['    sku: storageSku\n', '    skew: storageSku\n']] },
      'main.bicep: module storage knows no parameter skew',
    ],
    [
      'a parameter that a module is not given',
      moduleFaults,
      { [MAIN]: [['    sku: storageSku\n', '']] },
      'main.bicep: module storage is not given sku',
    ],
    [
      'an output that a module has not',
      moduleFaults,
      { [MAIN]: [['keyVault.outputs.id', 'keyVault.outputs.uri']] },
      'main.bicep: module keyVault has no output uri',
    ],
    [
      'a type that nobody exports',
      moduleFaults,
      { 'settings.bicep': [['@export()\n@sealed()\n', '@sealed()\n']] },
      'main.bicep: settings.bicep exports no AppSettings',
    ],
    [
      'a name that is declared nowhere',
      nameFaults,
      { [STORAGE]: [['sku: { name: sku }', 'sku: { name: skew }']] },
      'skew (line',
    ],
    [
      'a name inside a loop that is declared nowhere',
      nameFaults,
      { [STORAGE]: [['guid(account.id, principalId, roles[role])', 'guid(account.id, principalId, roles[rule])']] },
      'rule (line',
    ],
    [
      'a parameter that nothing uses',
      nameFaults,
      { [MAIN]: [['    sku: storageSku\n', "    sku: 'Standard_LRS'\n"]] },
      'main.bicep: param storageSku is used nowhere',
    ],
  ])('%s', async (_, check, edits, fault) => {
    expect(check(await readInfra(edits)).join('\n')).toContain(fault);
  });
});
