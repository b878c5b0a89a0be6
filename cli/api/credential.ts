import type { TokenCredential } from '@azure/identity';
import { endpointFault } from '../cliFault';

/** What shows the endpoint who is calling: headers of a request. */
export type Credential = () => Promise<Record<string, string>>;

/** A function key; without one, nothing (as `npm start` asks for none). */
export const keyCredential =
  (key: string | undefined): Credential =>
  () =>
    Promise.resolve(key === undefined ? {} : { 'x-functions-key': key });

/** A token is asked for anew this long before it ends. */
const AHEAD_MS = 5 * 60_000;

/**
 * Whoever is logged in at Entra: environment, managed identity, `az login` and the others that
 * https://learn.microsoft.com/javascript/api/@azure/identity/defaultazurecredential names; AZURE_TOKEN_CREDENTIALS narrows
 * them down. `scope` is that of the app, `api://{client id}`.
 */
export function entraCredential(scope: string, nowMs: () => number): Credential {
  const fullScope = scope.endsWith('/.default') ? scope : `${scope.replace(/\/+$/, '')}/.default`;
  let credential: TokenCredential | undefined;
  let held: { token: string; expiresOnTimestamp: number } | undefined;
  return async () => {
    if (!held || held.expiresOnTimestamp - AHEAD_MS < nowMs()) {
      credential ??= await defaultCredential();
      held = await credential.getToken(fullScope).then(
        (token) => token ?? undefined,
        (error: unknown) => {
          throw noLogin(fullScope, error);
        },
      );
      if (!held) throw noLogin(fullScope, undefined);
    }
    return { authorization: `Bearer ${held.token}` };
  };
}

/** Loaded when it is needed: it takes longer to load than most commands take to run. */
async function defaultCredential(): Promise<TokenCredential> {
  const { DefaultAzureCredential } = await import('@azure/identity');
  return new DefaultAzureCredential();
}

function noLogin(scope: string, error: unknown): Error {
  const [said = ''] = error instanceof Error ? error.message.split('\n') : [];
  const why = /AADSTS\d+[^\n]*/.exec(error instanceof Error ? error.message : '')?.[0] ?? said;
  return endpointFault(
    `Entra gave no token for ${scope}. Log in with "az login" (or set AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_CLIENT_SECRET). ` +
      `It said: ${why || 'nothing'}`,
    { cause: error, isUnsent: true },
  );
}
