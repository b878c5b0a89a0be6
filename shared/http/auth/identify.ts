import type { HttpRequest } from '@azure/functions';
import { MisconfiguredError } from '../../misconfiguredError';
import type { Settings } from '../../settings';
import { type Caller, keyCaller } from '../caller';
import { readBearerToken } from './bearerToken';
import { issuersOf } from './issuers';
import { makeSigningKeys } from './signingKeys';
import { makeVerifyToken } from './verifyToken';

/** Who called, or why that is not known. */
export type Identified = { type: 'known'; caller: Caller } | { type: 'noToken' } | { type: 'badToken'; reason: string };

export type Identify = (request: HttpRequest) => Promise<Identified>;

export type IdentitySettings = Pick<Settings, 'AUTH' | 'AUTH_TENANT_ID' | 'AUTH_AUDIENCE' | 'AUTH_AUTHORITY'>;

/**
 * How callers are told apart. `keys`: the Functions host has checked the key before the function runs. `entra`: by the
 * bearer token; throws `SigningKeysUnavailableError` while it can't be checked.
 */
export async function makeIdentify(settings: IdentitySettings, now = () => new Date()): Promise<Identify> {
  if (settings.AUTH === 'keys') return () => Promise.resolve({ type: 'known', caller: keyCaller });
  const { AUTH_TENANT_ID: tenantId, AUTH_AUDIENCE: audiences, AUTH_AUTHORITY: authority } = settings;
  // The settings ask for both with AUTH=entra. Without a tenant there is nobody to trust.
  if (tenantId === undefined) throw new MisconfiguredError('AUTH_TENANT_ID is not set.');
  const rules = { tenantId, audiences, issuers: issuersOf(authority, tenantId) };
  const keyOf = await makeSigningKeys(new URL(`${authority}/${tenantId}/discovery/v2.0/keys`));
  const verify = await makeVerifyToken(rules, keyOf, now);

  return async (request) => {
    const bearer = readBearerToken(request);
    switch (bearer.type) {
      case 'none':
        return { type: 'noToken' };
      case 'malformed':
        return { type: 'badToken', reason: 'the Authorization header is not of the form Bearer <token>' };
      case 'given': {
        const verified = await verify(bearer.token);
        return verified.ok ? { type: 'known', caller: verified.caller } : { type: 'badToken', reason: verified.reason };
      }
    }
  };
}
