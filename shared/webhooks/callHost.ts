import { type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isLoopbackUrl } from './fetchUrl';
import { type Resolve, publicLookup } from './publicAddress';

/** One call to a host that configuration names. */
export interface HostCall {
  /** Has passed `fetchUrlFault`. */
  url: string;
  headers: Record<string, string>;
  /** With it the call is a POST, without a GET. */
  body?: string;
}

/** `reason`: for logs; a fault of the network by its code, and nothing of what was answered. */
export type HostAnswer =
  { ok: true; status: number; body: Buffer; retryAfterMs?: number } | { ok: false; reason: string };

export type CallHost = (call: HostCall) => Promise<HostAnswer>;

export interface HostLimits {
  /** For all of it, the answer's body included. */
  timeoutMs: number;
  mostBytes: number;
  /** How names are resolved: by the system unless told. */
  resolve?: Resolve;
}

/**
 * Calls a host once; never throws. Follows no redirect. Connects to public addresses alone (`publicLookup`), each
 * call by a connection of its own, so that this holds for each.
 */
export const makeCallHost =
  ({ timeoutMs, mostBytes, resolve }: HostLimits): CallHost =>
  async ({ url, headers, body }) => {
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const answer = await new Promise<IncomingMessage>((answered, reject) => {
        const options = {
          method: body === undefined ? 'GET' : 'POST',
          headers: body === undefined ? headers : { ...headers, 'content-length': Buffer.byteLength(body) },
          agent: false,
          signal,
          ...(isLoopbackUrl(url) ? {} : { lookup: publicLookup(resolve) }),
        };
        const request = isLoopbackUrl(url) ? httpRequest(url, options) : httpsRequest(url, options);
        request.once('response', answered);
        // Stays on: the connection may break after the answer too.
        request.on('error', reject);
        request.end(body);
      });
      return { ok: true, status: answer.statusCode ?? 0, body: await bodyOf(answer, mostBytes), ...waitOf(answer) };
    } catch (error) {
      return { ok: false, reason: signal.aborted ? `gave no answer in ${timeoutMs / 1000} s` : reasonOf(error) };
    }
  };

async function bodyOf(answer: IncomingMessage, mostBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw Object.assign(new Error('tooLarge'), { code: 'tooLarge' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Seconds alone: a date would be by the other side's clock. */
function waitOf({ headers }: IncomingMessage): { retryAfterMs?: number } {
  const text = headers['retry-after'] ?? '';
  return /^\d{1,9}$/.test(text) ? { retryAfterMs: Number(text) * 1000 } : {};
}

const REASONS: Record<string, string> = {
  notPublic: 'leads to an address that is not public',
  tooLarge: 'answers more than is taken',
  ENOTFOUND: 'has no address',
  ECONNREFUSED: 'refuses the connection',
  ECONNRESET: 'broke the connection',
};

/** The system's own text may quote the URL; its code does not. */
function reasonOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';
  return REASONS[code] ?? `can’t be reached (${code})`;
}
