import { type KeyObject, createHmac, createSecretKey } from 'node:crypto';
import type { PipelinePolicy, PipelineRequest } from '@azure/core-rest-pipeline';

/** By this name the SDK's own policy is known in a client's pipeline. */
export const SHARED_KEY_POLICY = 'tablesNamedKeyCredentialPolicy';

/** An account's name, and its key as it stands in a connection string: base64. */
export interface SharedKey {
  account: string;
  key: string;
}

/**
 * Signs requests with an account's key, as the SDK's own policy does to the letter: Shared Key Lite for the Table service,
 * https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key. The SDK makes a key of its text anew for
 * every request, which is slow on Node 24 (docs/decisions/0014).
 */
export function makeSharedKeyPolicy({ account, key }: SharedKey): PipelinePolicy {
  const made = createSecretKey(key, 'base64');
  return {
    name: SHARED_KEY_POLICY,
    sendRequest: (request, next) => {
      sign(request, account, made);
      return next(request);
    },
  };
}

function sign({ url, headers, body }: PipelineRequest, account: string, key: KeyObject): void {
  const date = headers.get('x-ms-date') ?? new Date().toUTCString();
  headers.set('x-ms-date', date);
  if (typeof body === 'string' && body !== '') headers.set('content-length', Buffer.byteLength(body));
  const { pathname, searchParams } = new URL(url);
  const comp = searchParams.get('comp');
  const resource = `/${account}${pathname}${comp === null || comp === '' ? '' : `?comp=${comp}`}`;
  const signature = createHmac('sha256', key).update(`${date}\n${resource}`).digest('base64');
  headers.set('authorization', `SharedKeyLite ${account}:${signature}`);
}

/** What a connection string signs with: undefined where that is a shared access signature, or not said. */
export function sharedKeyOf(connectionString: string): SharedKey | undefined {
  const parts = connectionString.split(';').map((part) => part.trim());
  const valueOf = (name: string): string | undefined =>
    parts.find((part) => part.toLowerCase().startsWith(`${name.toLowerCase()}=`))?.slice(name.length + 1);
  const [account, key] = [valueOf('AccountName'), valueOf('AccountKey')];
  return account && key ? { account, key } : undefined;
}
