import { z } from 'zod';
import { durationMs, isDuration } from '../domain/time';
import { fetchTemplateFault } from './fetchUrl';
import { PRESET_NAMES } from './presets';
import { parseSignedContent } from './signedContent';

const SETTING = /^[A-Za-z_]\w{0,127}$/;

/** Never the secret itself: the name of the environment setting that holds it. */
const secretName = z
  .string()
  .regex(SETTING, { error: 'must be the name of a setting that holds the secret, such as BAMBOOHR_WEBHOOK_KEY' });

/** Several while a secret is being changed: any of them will do. */
const secrets = z
  .array(secretName)
  .min(1, { error: 'must name one setting at least' })
  .max(5, { error: 'must name five settings at most' });

const headerName = z.string().regex(/^[\w-]{1,100}$/, { error: 'must be the name of a header' });

const place = {
  header: headerName,
  separator: z.string().min(1).max(5).optional(),
  prefix: z.string().max(50).optional(),
};

const tolerance = z
  .string()
  .default('PT5M')
  .refine((text) => isDuration(text) && durationMs(text) <= 3_600_000, {
    error: 'must be an ISO 8601 duration of one hour at most, such as PT5M',
  })
  .transform(durationMs);

const signedContent = z.string().check((context) => {
  const parsed = parseSignedContent(context.value);
  if (typeof parsed === 'string') context.issues.push({ code: 'custom', message: parsed, input: context.value });
});

/** One of the known senders; how it signs is in presets.ts. */
const preset = z.strictObject({ type: z.enum(PRESET_NAMES), secrets, tolerance });

/** Any sender that signs with a shared secret. */
const hmac = z.strictObject({
  type: z.literal('hmac'),
  ...place,
  algorithm: z.enum(['sha256', 'sha384', 'sha512']).default('sha256'),
  encoding: z.enum(['hex', 'base64']).default('hex'),
  signedContent: signedContent.default('{body}'),
  timestamp: z.strictObject(place).optional(),
  secretEncoding: z.enum(['utf8', 'hex', 'base64']).default('utf8'),
  secrets,
  tolerance,
});

/** RFC 7617. The secrets are passwords. */
const basic = z.strictObject({ type: z.literal('basic'), username: z.string().regex(/^[^:]{1,200}$/), secrets });

/** A secret that the sender puts into a header or into the URL's query, for systems that can't sign. */
const token = z
  .strictObject({
    type: z.literal('token'),
    header: headerName.optional(),
    /** What stands before the token, such as `Bearer `. */
    prefix: z.string().max(50).optional(),
    query: z.string().min(1).max(50).optional(),
    secrets,
  })
  .refine(({ header, query }) => (header === undefined) !== (query === undefined), {
    error: 'must name either a header or a query parameter',
  });

/** The sender shows who it is as a caller of POST /invitations does: a function key or an Entra token. */
const caller = z.strictObject({ type: z.literal('caller') });

const jsonata = z
  .union([z.string(), z.array(z.string()).min(1)], { error: 'must be a JSONata expression, or an array of its lines' })
  .transform((text) => (typeof text === 'string' ? text : text.join('\n')))
  .refine((text) => text.length <= 20_000, { error: 'must have 20,000 characters at most' });

const hostName = z
  .string()
  .toLowerCase()
  .regex(/^(?=.{4,253}$)[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z][a-z0-9-]+$|^127\.0\.0\.1$/, {
    error: 'must be a host name such as api.hibob.com',
  });

const authorization = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('basic'), username: secretName, secret: secretName }),
  z.strictObject({
    type: z.literal('header'),
    header: headerName,
    prefix: z.string().max(50).default(''),
    secret: secretName,
  }),
  /** RFC 6749, 4.4: the token is asked for at `tokenUrl` and sent as Bearer. */
  z.strictObject({ type: z.literal('clientCredentials'), tokenUrl: z.url(), clientId: secretName, secret: secretName }),
]);

/** One GET for the data that a payload leaves out; a POST with `body` where a system is read that way. The rules that keep it from going astray are in fetchUrl.ts and publicAddress.ts. */
const fetchSchema = z
  .strictObject({
    url: z.string().max(2048),
    allowedHosts: z.array(hostName).min(1, { error: 'must name one host at least' }).max(10),
    authorization: authorization.optional(),
    body: z.record(z.string(), z.unknown()).optional(),
  })
  .check(({ value, issues }) => {
    const fault = fetchTemplateFault(value.url, value.allowedHosts);
    if (fault !== undefined) issues.push({ code: 'custom', message: fault, input: value.url, path: ['url'] });
    const tokenUrl = value.authorization?.type === 'clientCredentials' ? value.authorization.tokenUrl : undefined;
    const tokenFault = tokenUrl === undefined ? undefined : fetchTemplateFault(tokenUrl, value.allowedHosts);
    if (tokenFault === undefined) return;
    issues.push({ code: 'custom', message: tokenFault, input: tokenUrl, path: ['authorization', 'tokenUrl'] });
  });

const origin = z
  .string()
  .toLowerCase()
  .regex(/^[a-z0-9.-]{1,253}$/, { error: 'must be an origin such as eventgrid.azure.net' });

const format = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('json') }),
  /** Structured, binary and batched mode (https://github.com/cloudevents/spec). */
  z.strictObject({
    type: z.literal('cloudEvents'),
    allowedOrigins: z.array(origin).min(1).max(10),
    /** Requests a minute that the sender may make; not given: any number. */
    allowedRate: z.int().min(1).optional(),
  }),
  /** https://learn.microsoft.com/azure/event-grid/event-schema */
  z.strictObject({ type: z.literal('eventGrid') }),
]);

/** A source as it is written down. docs/sources.md explains every property. */
export const sourceSchema = z.strictObject({
  verification: z.discriminatedUnion('type', [preset, hmac, basic, token, caller]),
  format: format.default({ type: 'json' }),
  filter: jsonata.optional(),
  eventId: z.union([jsonata, z.strictObject({ header: headerName })]).optional(),
  fetch: fetchSchema.optional(),
  mapping: jsonata,
});

export const sourcesSchema = z.record(
  z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, { error: 'a source’s name has small letters, digits and hyphens, 64 at most' }),
  sourceSchema,
);

export type WrittenSource = z.output<typeof sourceSchema>;
export type FetchDescription = NonNullable<WrittenSource['fetch']>;
