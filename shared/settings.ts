import { z } from 'zod';
import { isDuration, durationMs } from './domain/time';
import { MisconfiguredError } from './misconfiguredError';
import {
  DEFAULT_CLEAN_UP_SCHEDULE,
  DEFAULT_COMPARE_SCHEDULE,
  DEFAULT_EVENTS_QUEUE,
  DEFAULT_QUEUE,
  DEFAULT_SYNC_SCHEDULE,
  DEFAULT_WAKE_SCHEDULE,
  DEFAULT_WEBHOOKS_QUEUE,
} from './triggerDefaults';

/** Every setting, with its default. docs/configuration.md says more of each. */
const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((entry) => entry.trim().toLowerCase())
      .filter((entry) => entry !== ''),
  );

const iso = (standard: string) =>
  z.string().default(standard).refine(isDuration, { error: 'an ISO 8601 duration such as P3D, PT10M or PT2M' });

const milliseconds = (standard: string) => iso(standard).transform(durationMs);

const durations = (standard: string) =>
  z
    .string()
    .default(standard)
    .transform((text) =>
      text
        .split(',')
        .map((entry) => entry.trim())
        .filter((entry) => entry !== ''),
    )
    .refine((entries) => entries.length <= 10 && entries.every(isDuration), {
      error: 'ten ISO 8601 durations at most, separated by commas, such as P3D,P7D',
    });

const flag = (standard: boolean) =>
  z
    .enum(['true', 'false'], { error: 'true or false' })
    .default(standard ? 'true' : 'false')
    .transform((text) => text === 'true');

/** A version and path of Graph in one text: beta/linkedIn/invitations. */
const endpoint = (standard: string) =>
  z
    .string()
    .default(standard)
    .transform((text, context) => {
      const [, version, path] = /^(v1\.0|beta)(\/[\w./$-]+)$/.exec(text) ?? [];
      if ((version === 'v1.0' || version === 'beta') && path !== undefined) return { version, path } as const;
      context.addIssue({ code: 'custom', message: 'a version and a path of Graph such as beta/linkedIn/invitations' });
      return z.NEVER;
    });

const number = (standard: number, least: number, most: number) => {
  const error = `a number from ${least} to ${most}`;
  return z.coerce.number({ error }).min(least, { error }).max(most, { error }).default(standard);
};

const numberOrAuto = (standard: number, least: number, most: number) => {
  const error = `a number from ${least} to ${most}, or auto`;
  return z
    .union([z.literal('auto'), z.coerce.number({ error }).min(least, { error }).max(most, { error })], { error })
    .default(standard);
};

const wholeNumber = (standard: number, least: number, most: number) => {
  const error = `a whole number from ${least} to ${most}`;
  return z.coerce.number({ error }).int({ error }).min(least, { error }).max(most, { error }).default(standard);
};

const oneOf = <const T extends string>(standard: T, other: T) =>
  z.enum([standard, other], { error: `${standard} or ${other}` }).default(standard);

const webUrl = z.string().refine((text) => /^https?:\/\//.test(text) && URL.canParse(text), {
  error: 'an absolute URL such as https://myapp.contoso.com',
});

const guid = z.guid({ error: 'a GUID such as 11111111-2222-3333-4444-555555555555' }).toLowerCase();

/** Only the host, for the tenant is added to it; plain http never leaves the machine. */
const authority = z
  .string()
  .default('https://login.microsoftonline.com')
  .transform((text) => text.replace(/\/+$/, ''))
  .refine(
    (text) =>
      /^https:\/\/[^/?#@]+$|^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(text) && URL.canParse(text),
    {
      error: 'https:// and a host, without a path, such as https://login.microsoftonline.us',
    },
  );

/** Tokens of version 2.0 name an API by its client id, those of 1.0 by its Application ID URI: either stands for both. */
const audiences = z
  .string()
  .default('')
  .transform((text) => [
    ...new Set(
      text
        .split(',')
        .map((entry) => entry.trim())
        .filter((entry) => entry !== '')
        .flatMap((entry) => {
          const clientId = guid.safeParse(entry.replace(/^api:\/\//i, '')).data;
          return clientId === undefined ? [entry] : [clientId, `api://${clientId}`];
        }),
    ),
  ]);

const EVERY_SECONDS = /^\*\/([1-9]|[1-5]\d) \* \* \* \* \*$/;
const EVERY_MINUTES = /^0 (?:\*|\*\/([1-9]|[1-5]\d)) \* \* \* \*$/;

/** Milliseconds between two runs of a schedule of the forms that WAKE_SCHEDULE takes; undefined for any other. */
export function tickMs(schedule: string): number | undefined {
  const seconds = EVERY_SECONDS.exec(schedule)?.[1];
  if (seconds !== undefined) return Number(seconds) * 1000;
  const minutes = EVERY_MINUTES.exec(schedule);
  return minutes ? Number(minutes[1] ?? 1) * 60_000 : undefined;
}

const ncrontab = (standard: string) =>
  z
    .string()
    .default(standard)
    .refine((text) => /^\S+( \S+){5}$/.test(text), {
      error: 'an NCRONTAB expression of six fields such as 0 */5 * * * * or 0 30 4 * * *',
    });

/** docs/configuration.md is made from it: `npm run docs:settings`. */
export const settingsSchema = z.object({
  AzureWebJobsStorage: z.string().optional(),
  TablesConnection: z.string().min(1).optional(),
  TablesConnection__tableServiceUri: webUrl.optional(),
  ServiceBusConnection: z.string().min(1).optional(),
  ServiceBusConnection__fullyQualifiedNamespace: z.string().min(1).optional(),
  INVITATIONS_QUEUE: z.string().min(1).default(DEFAULT_QUEUE),
  EVENTS_QUEUE: z.string().min(1).default(DEFAULT_EVENTS_QUEUE),
  WEBHOOKS_QUEUE: z.string().min(1).default(DEFAULT_WEBHOOKS_QUEUE),
  AZURE_CLIENT_ID: z.string().optional(),
  GRAPH_BASE_URL: webUrl.default('https://graph.microsoft.com').transform((url) => url.replace(/\/+$/, '')),
  GRAPH_CALL_TIMEOUT: milliseconds('PT30S'),
  INVITE_REDIRECT_URL: webUrl.optional(),
  ALLOWED_REDIRECT_ORIGINS: list.transform((origins) => origins.map((origin) => origin.replace(/\/+$/, ''))),
  ALLOWED_EMAIL_DOMAINS: list,
  BLOCKED_EMAIL_DOMAINS: list,
  SEND_INVITATION_MESSAGE: flag(true),
  REMIND_AFTER: durations('P3D,P7D'),
  EXPIRE_AFTER: iso('P30D'),
  CHECK_REDEMPTION_EVERY: milliseconds('P1D'),
  CHECK_EXPIRED_FOR: milliseconds('P30D'),
  ON_EXPIRY: oneOf('keep', 'removeGuest'),
  ON_REVOKE: oneOf('keep', 'removeGuest'),
  AMBIGUOUS_SENDS: oneOf('reconcile', 'strict'),
  RESOLVE_AFTER: milliseconds('PT10M'),
  SEND_LEASE: milliseconds('PT2M'),
  GRAPH_INVITATIONS_PER_SECOND: numberOrAuto(25, 0.1, 1000),
  GRAPH_INVITATIONS_BURST: milliseconds('PT5S'),
  GRAPH_PERMISSIONS: oneOf('application', 'delegated'),
  INVITE_GUESTS_FIRST: flag(true),
  GRAPH_SHARES_PER_SECOND: number(1, 0.01, 30),
  GRAPH_SHARING_MAILS_PER_HOUR: number(200, 1, 100_000),
  LINKEDIN_INVITATIONS: oneOf('off', 'on'),
  LINKEDIN_ADD: endpoint('beta/linkedIn/invitations'),
  LINKEDIN_UPDATE: endpoint('v1.0/linkedIn/invitations'),
  GRAPH_LINKEDIN_PER_SECOND: number(1, 0.01, 30),
  QUOTA_PER_CALLER: wholeNumber(5000, 0, 10_000_000),
  QUOTA_PER_RECIPIENT: wholeNumber(5, 0, 1000),
  APPROVAL_REQUIRED_DOMAINS: list,
  APPROVAL_EXPIRES_AFTER: iso('P14D'),
  RETAIN_DAYS: wholeNumber(365, 1, 36_500),
  ALLOWED_EVENT_HOSTS: list,
  MAX_SEND_ATTEMPTS: wholeNumber(8, 1, 100),
  WAKE_SCHEDULE: z
    .string()
    .default(DEFAULT_WAKE_SCHEDULE)
    .refine((text) => tickMs(text) !== undefined, {
      error: 'every n seconds or minutes: */10 * * * * * or 0 * * * * * or 0 */5 * * * *',
    }),
  SYNC_SCHEDULE: ncrontab(DEFAULT_SYNC_SCHEDULE),
  COMPARE_SCHEDULE: ncrontab(DEFAULT_COMPARE_SCHEDULE),
  CLEAN_UP_SCHEDULE: ncrontab(DEFAULT_CLEAN_UP_SCHEDULE),
  HASH_KEY: z.string({ error: 'a secret of 16 characters or more; make one with: openssl rand -hex 32' }).min(16, {
    error: 'a secret of 16 characters or more; make one with: openssl rand -hex 32',
  }),
  PARTITIONS: wholeNumber(16, 1, 256),
  TELEMETRY: z.enum(['off', 'otlp', 'azureMonitor'], { error: 'off or otlp or azureMonitor' }).default('off'),
  AUTH: oneOf('keys', 'entra'),
  AUTH_TENANT_ID: guid.optional(),
  AUTH_AUDIENCE: audiences,
  AUTH_AUTHORITY: authority,
  /** Read by `readSources` (shared/webhooks/readSources.ts), which checks what it says. */
  SOURCES: z.string().optional(),
});

export type Settings = z.output<typeof settingsSchema>;

export const SETTING_NAMES = Object.keys(settingsSchema.shape);

/** Of an endpoint too, because people put a signature behind it. */
const SECRET = new Set([
  'AzureWebJobsStorage',
  'TablesConnection',
  'TablesConnection__tableServiceUri',
  'ServiceBusConnection',
  'HASH_KEY',
]);

/** The configuration is wrong; `faults` has a sentence for each setting. */
export class SettingsError extends MisconfiguredError {
  constructor(readonly faults: string[]) {
    super(`The configuration is not valid:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'SettingsError';
  }
}

/** Reads and checks all settings. Throws `SettingsError` that lists every fault; values of secrets are never in it. */
export function readSettings(environment: Record<string, string | undefined>): Settings {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = settingsSchema.safeParse(given);
  const faults = [
    ...(parsed.error?.issues ?? []).map((issue) => faultOf(issue, given)),
    ...unresolvedReferences(given),
    ...missingConnections(given),
    ...missingIdentity(given),
    ...leaseFaults(LEASE.safeParse(given).data),
  ];
  if (!parsed.success || faults.length > 0) throw new SettingsError(faults);
  return parsed.data;
}

type Given = Record<string, string | undefined>;

function faultOf(issue: z.core.$ZodIssue, given: Given): string {
  const name = String(issue.path[0]);
  const value = given[name];
  const shown = value === undefined ? 'is not set' : SECRET.has(name) ? 'is not valid' : `is "${value}"`;
  return `${name} ${shown}: it should be ${issue.message}`;
}

/** Each connection is either a connection string or, for a managed identity, an address. */
const CONNECTIONS = [
  ['TablesConnection', 'TablesConnection__tableServiceUri', 'an endpoint'],
  ['ServiceBusConnection', 'ServiceBusConnection__fullyQualifiedNamespace', 'a namespace'],
] as const;

const missingConnections = (given: Given): string[] =>
  CONNECTIONS.filter(([name, identity]) => given[name] === undefined && given[identity] === undefined).map(
    ([name, identity, what]) => `${name} is not set: it should be a connection string, or ${identity} ${what}`,
  );

/**
 * What App Service leaves in place of a secret that it could not read from the Key Vault. It would pass for a HASH_KEY,
 * and persons would be hashed with a text that anybody can guess.
 * @see https://learn.microsoft.com/azure/app-service/app-service-key-vault-references#troubleshoot-key-vault-references
 */
const unresolvedReferences = (given: Given): string[] =>
  SETTING_NAMES.filter((name) => given[name]?.startsWith('@Microsoft.KeyVault(') === true).map(
    (name) =>
      `${name} is a Key Vault reference that was not resolved: it should be one that the app's identity may read`,
  );

/** Without these nobody could be let in. */
const missingIdentity = (given: Given): string[] =>
  given['AUTH'] !== 'entra'
    ? []
    : [
        ['AUTH_TENANT_ID', 'the id of the Entra tenant whose tokens count, for AUTH is entra'],
        ['AUTH_AUDIENCE', 'the client id of this API’s registration in Entra, for AUTH is entra'],
      ].flatMap(([name = '', what = '']) =>
        given[name] === undefined ? [`${name} is not set: it should be ${what}`] : [],
      );

const LEASE = settingsSchema.pick({ SEND_LEASE: true, GRAPH_CALL_TIMEOUT: true });

function leaseFaults(lease: z.output<typeof LEASE> | undefined): string[] {
  if (!lease || lease.SEND_LEASE >= 3 * lease.GRAPH_CALL_TIMEOUT) return [];
  const [leaseS, timeoutS] = [lease.SEND_LEASE / 1000, lease.GRAPH_CALL_TIMEOUT / 1000];
  return [`SEND_LEASE is ${leaseS} s: it should be at least three times GRAPH_CALL_TIMEOUT (${timeoutS} s)`];
}
