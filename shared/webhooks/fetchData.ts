import { z } from 'zod';
import type { CallHost, HostAnswer, HostCall } from './callHost';
import { exactText } from './events';
import { fetchUrlFault } from './fetchUrl';
import type { Environment } from './secretKeys';
import type { FetchDescription } from './sourceSchema';

/** What the source's own API says of an event. No reason quotes an answer, a URL's path or a secret. */
export type Fetched =
  /** A JSON text. */
  | { type: 'fetched'; data: string }
  /** 404 or 410: it is not there any more, or not yet. */
  | { type: 'gone'; reason: string }
  | { type: 'failed'; reason: string; retryAfterMs?: number };

export type FetchData = (description: FetchDescription, url: string) => Promise<Fetched>;

export interface FetchParts {
  callHost: CallHost;
  /** Holds the secrets that a description names. */
  environment: Environment;
  monotonicMs: () => number;
}

type Failed = Extract<Fetched, { type: 'failed' }>;
type Authorized = { ok: true; headers: Record<string, string> } | { ok: false; failed: Failed };

/**
 * Makes the one call by which a source's data is fetched. Tokens of client credentials are kept until a minute before
 * they run out, and given up when one is refused. Never throws.
 */
export function makeFetchData({ callHost, environment, monotonicMs }: FetchParts): FetchData {
  const tokens = new Map<string, { header: string; until: number }>();

  const secretOf = (setting: string): string => environment[setting] ?? '';

  const authorize = async (description: FetchDescription): Promise<Authorized> => {
    const { authorization } = description;
    switch (authorization?.type) {
      case undefined:
        return { ok: true, headers: {} };
      case 'basic': {
        const pair = `${secretOf(authorization.username)}:${secretOf(authorization.secret)}`;
        return { ok: true, headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` } };
      }
      case 'header': {
        const { header, prefix, secret } = authorization;
        return { ok: true, headers: { [header]: `${prefix}${secretOf(secret)}` } };
      }
      case 'clientCredentials':
        return byToken(authorization, description.allowedHosts);
    }
  };

  const byToken = async (authorization: ClientCredentials, allowedHosts: string[]): Promise<Authorized> => {
    const known = tokens.get(nameOf(authorization));
    if (known && known.until > monotonicMs()) return { ok: true, headers: { authorization: known.header } };
    const { tokenUrl, clientId, secret } = authorization;
    const asked = { grant_type: 'client_credentials', client_id: secretOf(clientId), client_secret: secretOf(secret) };
    const answer = await call({ url: tokenUrl, headers: FORM, body: String(new URLSearchParams(asked)) }, allowedHosts);
    if (!answer.ok || answer.status !== 200) return { ok: false, failed: failureOf(answer, tokenUrl, 'no token') };
    const token = tokenSchema.safeParse(jsonOf(answer.body)).data;
    if (!token) return { ok: false, failed: { type: 'failed', reason: `${hostOf(tokenUrl)} gives no token to use.` } };
    const header = `Bearer ${token.access_token}`;
    tokens.set(nameOf(authorization), { header, until: monotonicMs() + (token.expires_in - 60) * 1000 });
    return { ok: true, headers: { authorization: header } };
  };

  /** A second look at what the description was checked for: what is put in comes from a payload. */
  const call = (toCall: HostCall, allowedHosts: string[]): Promise<HostAnswer> => {
    const fault = fetchUrlFault(toCall.url, allowedHosts);
    return fault === undefined
      ? callHost(toCall)
      : Promise.resolve({ ok: false, reason: `is not called: it ${fault}` });
  };

  return async (description, url) => {
    const authorized = await authorize(description);
    if (!authorized.ok) return authorized.failed;
    const { body } = description;
    const headers = { accept: 'application/json', ...authorized.headers, ...(body ? JSON_BODY : {}) };
    const answer = await call(
      { url, headers, ...(body ? { body: JSON.stringify(body) } : {}) },
      description.allowedHosts,
    );
    if (!answer.ok) return failureOf(answer, url);
    if (answer.status === 401 && description.authorization?.type === 'clientCredentials') {
      tokens.delete(nameOf(description.authorization));
    }
    if (answer.status === 404 || answer.status === 410) {
      return { type: 'gone', reason: `${hostOf(url)} answers ${answer.status}.` };
    }
    if (answer.status !== 200) return failureOf(answer, url);
    const data = exactText(answer.body);
    return data === undefined
      ? { type: 'failed', reason: `${hostOf(url)} answers no JSON.` }
      : { type: 'fetched', data };
  };
}

type ClientCredentials = Extract<FetchDescription['authorization'], { type: 'clientCredentials' }>;

const FORM = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
const JSON_BODY = { 'content-type': 'application/json' };

/** https://www.rfc-editor.org/rfc/rfc6749#section-5.1 */
const tokenSchema = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]{1,8192}$/),
  expires_in: z.coerce.number().min(0).max(86_400).default(300),
});

const nameOf = ({ tokenUrl, clientId }: ClientCredentials): string => `${tokenUrl} ${clientId}`;

const hostOf = (url: string): string => new URL(url).host;

function failureOf(answer: HostAnswer, url: string, what = 'no data'): Failed {
  if (!answer.ok) return { type: 'failed', reason: `${hostOf(url)} ${answer.reason}.` };
  const { status, retryAfterMs } = answer;
  const reason = `${hostOf(url)} gives ${what} (status ${status}).`;
  return { type: 'failed', reason, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
