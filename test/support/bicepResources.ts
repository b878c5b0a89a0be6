import type { Node } from 'web-tree-sitter';
import { type BicepFile, type Declaration, bodyOf, literal, valueAt } from './bicep';
import { type Check, nodesOf } from './bicepChecks';

/**
 * Types and API versions that exist, each seen in the index of Azure's own type definitions: `generated/{provider}/{type}/{version}`
 * of github.com/Azure/bicep-types-az, looked up in November 2026. `taggable` is what its `tags` property says there.
 */
const KNOWN: Record<string, { version: string; taggable: boolean }> = {
  'Microsoft.Authorization/roleAssignments': { version: '2022-04-01', taggable: false },
  'Microsoft.Insights/actionGroups': { version: '2023-01-01', taggable: true },
  'Microsoft.Insights/components': { version: '2020-02-02', taggable: true },
  // The only version there is of it in use; it never left preview.
  'Microsoft.Insights/diagnosticSettings': { version: '2021-05-01-preview', taggable: false },
  'Microsoft.Insights/metricAlerts': { version: '2018-03-01', taggable: true },
  'Microsoft.Insights/scheduledQueryRules': { version: '2023-12-01', taggable: true },
  'Microsoft.Insights/workbooks': { version: '2023-06-01', taggable: true },
  'Microsoft.KeyVault/vaults': { version: '2026-02-01', taggable: true },
  'Microsoft.KeyVault/vaults/secrets': { version: '2026-02-01', taggable: false },
  'Microsoft.ManagedIdentity/userAssignedIdentities': { version: '2024-11-30', taggable: true },
  'Microsoft.Network/natGateways': { version: '2025-05-01', taggable: true },
  'Microsoft.Network/privateDnsZones': { version: '2024-06-01', taggable: true },
  'Microsoft.Network/privateDnsZones/virtualNetworkLinks': { version: '2024-06-01', taggable: true },
  'Microsoft.Network/privateEndpoints': { version: '2025-05-01', taggable: true },
  'Microsoft.Network/privateEndpoints/privateDnsZoneGroups': { version: '2025-05-01', taggable: false },
  'Microsoft.Network/publicIPAddresses': { version: '2025-05-01', taggable: true },
  'Microsoft.Network/virtualNetworks': { version: '2025-05-01', taggable: true },
  'Microsoft.Network/virtualNetworks/subnets': { version: '2025-05-01', taggable: false },
  'Microsoft.OperationalInsights/workspaces': { version: '2026-03-01', taggable: true },
  'Microsoft.Resources/resourceGroups': { version: '2025-04-01', taggable: true },
  'Microsoft.ServiceBus/namespaces': { version: '2026-01-01', taggable: true },
  'Microsoft.ServiceBus/namespaces/queues': { version: '2026-01-01', taggable: false },
  'Microsoft.Storage/storageAccounts': { version: '2026-04-01', taggable: true },
  'Microsoft.Storage/storageAccounts/blobServices': { version: '2026-04-01', taggable: false },
  'Microsoft.Storage/storageAccounts/blobServices/containers': { version: '2026-04-01', taggable: false },
  'Microsoft.Storage/storageAccounts/tableServices': { version: '2026-04-01', taggable: false },
  'Microsoft.Web/serverfarms': { version: '2025-03-01', taggable: true },
  'Microsoft.Web/sites': { version: '2025-03-01', taggable: true },
  'Microsoft.Web/sites/basicPublishingCredentialsPolicies': { version: '2025-03-01', taggable: false },
  'Microsoft.Web/sites/config': { version: '2025-03-01', taggable: false },
  // Of the Microsoft Graph extension, version 1.0.0 (github.com/microsoftgraph/msgraph-bicep-types).
  'Microsoft.Graph/servicePrincipals': { version: 'v1.0', taggable: false },
  'Microsoft.Graph/appRoleAssignedTo': { version: 'v1.0', taggable: false },
};

/** @see https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
export const KNOWN_ROLES: Record<string, string> = {
  'Azure Service Bus Data Receiver': '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0',
  'Azure Service Bus Data Sender': '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39',
  'Key Vault Secrets User': '4633458b-17de-408a-b874-0445c86b69e6',
  'Monitoring Metrics Publisher': '3913510d-42f4-4e42-8a64-420c390055eb',
  'Storage Blob Data Owner': 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b',
  'Storage Table Data Contributor': '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3',
};

/** Microsoft Graph itself, the same in every tenant. */
const GRAPH_APP_ID = '00000003-0000-0000-c000-000000000000';

const typeOf = ({ node }: Declaration): string =>
  literal(node.namedChildren.find(({ type }) => type === 'string')) ?? '';

const isExisting = ({ node }: Declaration): boolean => /^resource \w+ '[^']+' existing /.test(node.text);

const ofResources = (files: BicepFile[], faultsOf: (resource: Declaration) => string[]): string[] =>
  files.flatMap(({ path, declarations }) =>
    declarations
      .filter(({ kind }) => kind === 'resource')
      .flatMap((resource) => faultsOf(resource).map((fault) => `${path}: ${resource.name} ${fault}`)),
  );

/** Resources of a type or version that is not known to exist. */
export const typeFaults: Check = (files) =>
  ofResources(files, (resource) => {
    const [type = '', version = ''] = typeOf(resource).split('@');
    if (!KNOWN[type]) return [`is of type ${type}, which is not among the known ones`];
    return KNOWN[type].version === version ? [] : [`is of version ${version}, not ${KNOWN[type].version}`];
  });

/** Resources without tags that could have them. */
export const untagged: Check = (files) =>
  ofResources(files, (resource) => {
    const taggable = KNOWN[typeOf(resource).split('@')[0] ?? '']?.taggable === true;
    return taggable && !isExisting(resource) && !valueAt(bodyOf(resource), 'tags') ? ['has no tags'] : [];
  });

const GUID = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/gi;

/** Roles by other ids than the known ones: any GUID that is written out, and any name that roles.json has not. */
export function roleFaults(files: BicepFile[], roles: Record<string, string>): string[] {
  const wrong = Object.entries(roles).filter(([name, id]) => KNOWN_ROLES[name] !== id);
  return [
    ...wrong.map(([name, id]) => `roles.json: ${name} is not ${id}`),
    ...files.flatMap(({ path, text, root }) => [
      ...(text.match(GUID) ?? []).filter((id) => id !== GRAPH_APP_ID).map((id) => `${path}: ${id} is written out`),
      ...namesOfRoles(root)
        .filter((name) => roles[name] === undefined)
        .map((name) => `${path}: roles.json has no ${name}`),
    ]),
  ];
}

/** `roles['Name']`, and the names in `granted`. */
function namesOfRoles(root: Node): string[] {
  const asked = nodesOf(root).filter(
    ({ type, namedChildren: [object] }) => type === 'subscript_expression' && object?.text === 'roles',
  );
  const listed = nodesOf(root).find(
    ({ type, namedChildren: [name] }) => type === 'variable_declaration' && name?.text === 'granted',
  );
  return [
    ...asked.map(({ namedChildren }) => namedChildren[1]),
    ...(listed?.descendantsOfType('string') ?? []),
  ].flatMap((node) => literal(node ?? undefined) ?? []);
}

const SECRET_LOOKING = [
  /AccountKey=|SharedAccessKey|sig=|DefaultEndpointsProtocol=/i,
  /-----BEGIN/,
  /^[A-Za-z\d+/]{40,}={0,2}$/,
  /^[\da-f]{32,}$/i,
];

const SECRET_NAME = /key|password|secret|token/i;
/** Names that only sound like it: a vault, settings that refer to secrets, the token in names of resources. */
const HARMLESS = /^(keyVault|secretSettings|secretReferences|token)/;

/** Literals that look like secrets, calls that read keys, and secrets in parameters that are not @secure(). */
export const secretFaults: Check = (files) =>
  files.flatMap(({ path, root, declarations }) => {
    const literals = root
      .descendantsOfType('string_content')
      .filter(({ text }) => SECRET_LOOKING.some((one) => one.test(text)));
    const calls = root
      .descendantsOfType('call_expression')
      .filter(({ text }) => /^[\w.!?]*\blist[A-Z]\w*\(/.test(text));
    const open = declarations.filter(
      ({ kind, name, decorators }) =>
        kind === 'param' && SECRET_NAME.test(name) && !HARMLESS.test(name) && !decorators.includes('secure'),
    );
    const out = declarations.filter(
      ({ kind, node }) => kind === 'output' && /newHashKey|\.listKeys|secrets\//.test(node.text),
    );
    return [
      ...literals.map(({ startPosition }) => `${path}: line ${startPosition.row + 1} holds what looks like a secret`),
      ...calls.map(({ startPosition }) => `${path}: line ${startPosition.row + 1} reads keys`),
      ...open.map(({ name }) => `${path}: ${name} is not @secure()`),
      ...out.map(({ name }) => `${path}: ${name} gives a secret away`),
    ];
  });
