import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(__dirname, '../../samples/webhooks');

interface WrittenSource {
  fetch?: { url: string; allowedHosts: string[]; authorization?: { type: string; tokenUrl?: string } };
  verification: { type: string };
  filter?: string | string[];
  mapping: string | string[];
  [property: string]: unknown;
}

interface WrittenRequest {
  receivedAt: string;
  environment: Record<string, string>;
  query?: Record<string, string>;
  headers: Record<string, string>;
}

/** A folder of samples/webhooks, as a sender would post it to the app. */
export interface WebhookSample {
  name: string;
  source: WrittenSource;
  receivedAt: Date;
  environment: Record<string, string>;
  query: string;
  headers: Record<string, string>;
  payload: Buffer;
  fetched: string | undefined;
  expected: { fetchUrl?: string; actions: Action[] };
}

type Action =
  | { action: 'invite'; request: AskedRequest }
  | { action: 'revoke'; externalId?: string; email?: string }
  | { action: 'replace'; externalId?: string; email?: string; request: AskedRequest };

interface AskedRequest {
  invitedUserEmailAddress: string;
  externalId?: string;
  notBefore?: string;
}

export const SAMPLE_NAMES = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

export function readWebhookSample(name: string): WebhookSample {
  const read = (file: string): Buffer => readFileSync(join(FOLDER, name, file));
  const json = (file: string): unknown => JSON.parse(read(file).toString());
  const source = (json('source.json') as Record<string, WrittenSource>)[name];
  if (!source) throw new Error(`samples/webhooks/${name}/source.json holds no source ${name}.`);
  const request = json('request.json') as WrittenRequest;
  return {
    name,
    source,
    receivedAt: new Date(request.receivedAt),
    environment: request.environment,
    query: String(new URLSearchParams(request.query)),
    headers: request.headers,
    payload: read('payload.json'),
    fetched: source.fetch ? read('fetched.json').toString() : undefined,
    expected: json('expected.json') as WebhookSample['expected'],
  };
}

/** The source with what it fetches served at `baseUrl` on this machine, in place of its vendor. */
export function fetchingFrom(baseUrl: string, { name, source }: WebhookSample): WrittenSource {
  if (!source.fetch) return source;
  const moved = (url: string): string => url.replace(/^https:\/\/[^/]+/, `${baseUrl}/${name}`);
  const { authorization } = source.fetch;
  const tokenUrl = authorization?.tokenUrl;
  return {
    ...source,
    fetch: {
      ...source.fetch,
      url: moved(source.fetch.url),
      allowedHosts: ['127.0.0.1'],
      ...(authorization
        ? { authorization: { ...authorization, ...(tokenUrl === undefined ? {} : { tokenUrl: moved(tokenUrl) }) } }
        : {}),
    },
  };
}
