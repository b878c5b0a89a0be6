import type { ExportedJWKSCache, JWKSCacheInput, JWTVerifyGetKey } from 'jose';

/** Whether a token is genuine can't be told now: the tenant's keys could not be read. Nothing is known against the token. */
export class SigningKeysUnavailableError extends Error {
  readonly code = 'signingKeysUnavailable';
  readonly retryable = true;

  constructor(cause: unknown) {
    super(`The tenant’s signing keys could not be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
    this.name = 'SigningKeysUnavailableError';
  }
}

/** A key that was withdrawn is trusted this much longer at most, while the keys can be read. */
const REFRESH_AFTER_MS = 3600_000;
/** Keys that can't be refreshed count this long: an outage of Entra is none of this API. */
const KEEP_MS = 24 * 3600_000;
/** How often a token with an unknown key may cause a request. Whoever makes such tokens up would otherwise flood Entra. */
const COOL_DOWN_MS = 30_000;
/** After a failure nobody asks again for so long. */
const PAUSE_AFTER_FAILURE_MS = 5_000;
const TIMEOUT_MS = 5_000;
/** Entra's own document has some 20 KB. */
const MOST_BYTES = 256 * 1024;

/** What fails in a look-up because of the token, and not because of the keys. */
const OF_THE_TOKEN = new Set(['ERR_JWKS_NO_MATCHING_KEY', 'ERR_JWKS_MULTIPLE_MATCHING_KEYS']);

/**
 * The key that a token says it is signed with, from the tenant's published keys. They are read at the first token, again
 * after an hour (in the background) and for an unknown key, and kept for a day while they can't be read.
 *
 * Throws jose's `JWKSNoMatchingKey` for a token with an unknown key, `SigningKeysUnavailableError` when there are no
 * keys to look into. https://learn.microsoft.com/entra/identity-platform/signing-key-rollover
 */
export async function makeSigningKeys(url: URL): Promise<JWTVerifyGetKey> {
  const { createRemoteJWKSet, customFetch, jwksCache } = await import('jose');
  // jose notes here when the keys were read.
  const cache: Partial<ExportedJWKSCache> = {};
  const keys = createRemoteJWKSet(url, {
    timeoutDuration: TIMEOUT_MS,
    cooldownDuration: COOL_DOWN_MS,
    cacheMaxAge: KEEP_MS,
    [customFetch]: pausingAfterFailure(fetchBounded),
    [jwksCache]: cache as JWKSCacheInput,
  });
  const isOld = () => cache.uat !== undefined && Date.now() > cache.uat + REFRESH_AFTER_MS;

  return async (header, token) => {
    // Nobody waits for it, and its failure is the next look-up's: the keys at hand are good until then.
    if (isOld() && !keys.reloading) keys.reload().catch(() => undefined);
    try {
      return await keys(header, token);
    } catch (error) {
      if (error instanceof Error && 'code' in error && OF_THE_TOKEN.has(String(error.code))) throw error;
      throw new SigningKeysUnavailableError(error);
    }
  };
}

type Fetch = (url: string, options: RequestInit) => Promise<Response>;

/** The answer as JSON that is known to be some, of a bounded size. */
const fetchBounded: Fetch = async (url, options) => {
  const response = await fetch(url, options);
  if (response.status !== 200 || !response.body) {
    await response.body?.cancel();
    throw new Error(`${url} answered ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new Error(`${url} answered more than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Response.json(JSON.parse(Buffer.concat(chunks).toString('utf8')));
};

/** The same failure for all who ask within the pause: their tokens must not queue up behind a server that is away. */
function pausingAfterFailure(call: Fetch): Fetch {
  let failed: { atMs: number; error: unknown } | undefined;
  return async (url, options) => {
    if (failed && Date.now() < failed.atMs + PAUSE_AFTER_FAILURE_MS) throw failed.error;
    failed = undefined;
    try {
      return await call(url, options);
    } catch (error) {
      failed = { atMs: Date.now(), error };
      throw error;
    }
  };
}
