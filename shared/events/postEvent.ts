import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { retryAfterMs } from '../graph/retryAfter';
import { isPublicAddress } from '../webhooks/fetchUrl';
import { type EventUrlRules, eventUrlFault, isLoopbackUrl } from './eventUrl';

export interface EventPost {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** What came of one attempt. `reason`: for people; a fault of the network by its code, never what was answered. */
export type Posted =
  | { type: 'taken' }
  /** 410: the receiver wants no more, ever. */
  | { type: 'gone' }
  | { type: 'failed'; reason: string; retryAfterMs?: number };

export interface PostOptions extends EventUrlRules {
  timeoutMs: number;
  /** All addresses of a host. */
  resolve?: (hostname: string) => Promise<LookupAddress[]>;
}

export type PostEvent = (post: EventPost) => Promise<Posted>;

const resolveAll = (hostname: string): Promise<LookupAddress[]> => lookup(hostname, { all: true });

/** More than this of an answer's body is not waited for: only its status counts. */
const MOST_ANSWER_BYTES = 64 * 1024;

/**
 * Posts an event once; never throws. Follows no redirect. Connects to an address of the host that was found to be public,
 * and not to the name again, which may lead elsewhere a moment later (https://owasp.org/www-community/pages/controls/Server_Side_Request_Forgery).
 * Each post has a connection of its own, so that this holds for each.
 */
export const makePostEvent =
  ({ timeoutMs, resolve = resolveAll, ...rules }: PostOptions): PostEvent =>
  async ({ url, headers, body }) => {
    // The rules may have become stricter since the subscription was made.
    const fault = eventUrlFault(url, rules);
    if (fault !== undefined) return { type: 'failed', reason: `the URL ${fault}` };
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const answer = await new Promise<IncomingMessage>((resolved, reject) => {
        const options = {
          method: 'POST',
          headers: { ...headers, 'Content-Length': Buffer.byteLength(body) },
          agent: false,
          signal,
          ...(isLoopbackUrl(url) ? {} : { lookup: publicLookup(resolve) }),
        };
        const request = url.startsWith('https:') ? httpsRequest(url, options) : httpRequest(url, options);
        request.once('response', resolved);
        // Stays on: the connection may break after the answer too.
        request.on('error', reject);
        request.end(body);
      });
      discard(answer);
      return postedOf(answer);
    } catch (error) {
      return { type: 'failed', reason: signal.aborted ? `no answer in ${timeoutMs / 1000} s` : reasonOf(error) };
    }
  };

function postedOf({ statusCode = 0, headers }: IncomingMessage): Posted {
  if (statusCode >= 200 && statusCode < 300) return { type: 'taken' };
  if (statusCode === 410) return { type: 'gone' };
  const waitMs = retryAfterMs(headers['retry-after'] ?? null, headers.date ?? null);
  const reason = `status ${statusCode}${statusCode >= 300 && statusCode < 400 ? ' (redirects are not followed)' : ''}`;
  return { type: 'failed', reason, ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }) };
}

/** Lets the receiver write its answer to the end, within limits. */
function discard(answer: IncomingMessage): void {
  let bytes = 0;
  answer.on('error', () => undefined);
  answer.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MOST_ANSWER_BYTES) answer.destroy();
  });
}

const failure = (code: string): NodeJS.ErrnoException => Object.assign(new Error(code), { code });

/** For node's sockets: gives the addresses of a host, or fails where one of them is not public. */
const publicLookup =
  (resolve: (hostname: string) => Promise<LookupAddress[]>): LookupFunction =>
  (hostname, { all }, callback) => {
    resolve(hostname).then(
      (addresses) => {
        const [first] = addresses;
        if (!first) callback(failure('ENOTFOUND'), '');
        else if (!addresses.every(({ address }) => isPublicAddress(address))) callback(failure('addressNotPublic'), '');
        else if (all === true) callback(null, addresses);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => callback(error as NodeJS.ErrnoException, ''),
    );
  };

const REASONS: Record<string, string> = {
  addressNotPublic: 'its host leads to an address that is not public',
  ENOTFOUND: 'its host has no address',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection broke',
};

/** The system's own text may quote the URL; its code does not. */
function reasonOf(error: unknown): string {
  const { code = 'unknown' } = error as NodeJS.ErrnoException;
  return REASONS[code] ?? `the connection failed (${code})`;
}
