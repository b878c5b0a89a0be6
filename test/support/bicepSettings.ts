import { type BicepFile, bodyOf, declared, literal, propertiesOf, valueAt } from './bicep';

/** A queue of infra/queues.json; `setting` is the app setting that holds its name. */
export interface Queue {
  name: string;
  setting: string;
  properties: Record<string, boolean | number | string>;
}

const FUNCTION_APP = 'modules/functionApp.bicep';
const SETTINGS = 'settings.bicep';

/** What the app settings are put together from, later ones winning: our own may not be overruled. */
const PARTS = 'union(defaults, cloudDefaults, settings, secretReferences, queueSettings, resourceSettings)';

/** Settings that Bicep sets and no code of ours reads, with who does. */
const READ_BY_OTHERS: Record<string, string> = {
  AzureWebJobsStorage__blobServiceUri: 'the Functions host',
  AzureWebJobsStorage__tableServiceUri: 'the Functions host',
  AzureWebJobsStorage__credential: 'the Functions host',
  AzureWebJobsStorage__clientId: 'the Functions host',
  ServiceBusConnection__credential: 'the trigger',
  ServiceBusConnection__clientId: 'the trigger',
  APPLICATIONINSIGHTS_CONNECTION_STRING: 'the Functions host',
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'the Functions host',
};

/**
 * Settings that Flex Consumption refuses or ignores.
 * @see https://learn.microsoft.com/azure/azure-functions/functions-app-settings#flex-consumption-plan-deprecations
 */
const REFUSED_BY_THE_PLAN = [
  'ENABLE_ORYX_BUILD',
  'FUNCTIONS_EXTENSION_VERSION',
  'FUNCTIONS_WORKER_PROCESS_COUNT',
  'FUNCTIONS_WORKER_RUNTIME',
  'FUNCTIONS_WORKER_RUNTIME_VERSION',
  'SCM_DO_BUILD_DURING_DEPLOYMENT',
  'WEBSITE_CONTENTAZUREFILECONNECTIONSTRING',
  'WEBSITE_CONTENTOVERVNET',
  'WEBSITE_CONTENTSHARE',
  'WEBSITE_DNS_SERVER',
  'WEBSITE_MAX_DYNAMIC_APPLICATION_SCALE_OUT',
  'WEBSITE_NODE_DEFAULT_VERSION',
  'WEBSITE_RUN_FROM_PACKAGE',
  'WEBSITE_SKIP_CONTENTSHARE_VALIDATION',
  'WEBSITE_VNET_ROUTE_ALL',
];

/** `defaults` of settings.bicep. */
export function defaultsOf(files: BicepFile[]): Record<string, string> {
  const { value } = declared(files, SETTINGS, 'var', 'defaults');
  return Object.fromEntries(propertiesOf(value).map((property) => [property.name, literal(property.value) ?? '']));
}

/** The settings that AppSettings knows, with the values that each may have; undefined where any text may stand. */
export function allowedValuesOf(files: BicepFile[]): Record<string, string[] | undefined> {
  const { value } = declared(files, SETTINGS, 'type', 'AppSettings');
  return Object.fromEntries(
    propertiesOf(value).map(({ name, value: type }) => {
      const named = type.namedChildren.find(({ type: kind }) => kind === 'identifier')?.text;
      const union = named === undefined ? undefined : declared(files, SETTINGS, 'type', named).value;
      return [name, union?.namedChildren.map((member) => literal(member) ?? '')];
    }),
  );
}

/** The values of `resourceSettings`, or of `cloudDefaults`, as they are written. */
export function writtenIn(files: BicepFile[], name: 'cloudDefaults' | 'resourceSettings'): Record<string, string> {
  const { value } = declared(files, FUNCTION_APP, 'var', name);
  return Object.fromEntries(propertiesOf(value).map((property) => [property.name, property.value.text]));
}

/** Settings that the app reads and Bicep does not set, sets and nobody reads, or describes and gives no default. */
export function settingFaults(files: BicepFile[], queues: Queue[], readByTheApp: string[]): string[] {
  const defaults = [...Object.keys(defaultsOf(files)), ...Object.keys(writtenIn(files, 'cloudDefaults'))];
  const described = Object.keys(allowedValuesOf(files));
  const set = [
    ...defaults,
    ...queues.map(({ setting }) => setting),
    ...Object.keys(writtenIn(files, 'resourceSettings')),
  ];
  // A connection is set by its parts: ServiceBusConnection by ServiceBusConnection__fullyQualifiedNamespace.
  const isSet = (name: string): boolean => set.includes(name) || set.some((one) => one.startsWith(`${name}__`));
  const put = valueAt(bodyOf(declared(files, FUNCTION_APP, 'resource', 'appSettings')), 'properties')?.text;
  return [
    ...readByTheApp.filter((name) => !isSet(name)).map((name) => `${name} is read and not set: add it to ${SETTINGS}`),
    ...set
      .filter((name) => !readByTheApp.includes(name) && READ_BY_OTHERS[name] === undefined)
      .map((name) => `${name} is set and nobody reads it`),
    ...set.filter((name) => REFUSED_BY_THE_PLAN.includes(name)).map((name) => `${name} is refused by Flex Consumption`),
    ...set.filter((name, at) => set.indexOf(name) !== at).map((name) => `${name} is set twice`),
    ...described.filter((name) => !defaults.includes(name)).map((name) => `${name} has no default`),
    ...defaults.filter((name) => !described.includes(name)).map((name) => `${name} is not described in AppSettings`),
    ...(put === PARTS ? [] : [`the app settings should be ${PARTS}, and are ${String(put)}`]),
  ];
}
