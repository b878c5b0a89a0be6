import type { JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { type Caller, ROLES } from '../caller';

/** Whose tokens count, and for what. */
export interface TokenRules {
  tenantId: string;
  /** Values of `aud` that mean this API. */
  audiences: string[];
  /** Values of `iss` that mean the tenant. */
  issuers: string[];
}

/** What is wrong with a token, in words for whoever sent it. Never quotes it. */
export type Verified = { ok: true; caller: Caller } | { ok: false; reason: string };

/** Clocks of well-kept servers differ by less. */
const CLOCK_TOLERANCE_SECONDS = 60;

/**
 * Makes a check of access tokens that a tenant of Entra gave out for this API, to apps and to users alike: signature
 * (RS256), issuer, tenant, audience, time. Throws what `keyOf` throws when there is no telling
 * (`SigningKeysUnavailableError`).
 *
 * https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-tokens and …/claims-validation
 */
export async function makeVerifyToken(rules: TokenRules, keyOf: JWTVerifyGetKey, now: () => Date) {
  const { jwtVerify } = await import('jose');

  return async (token: string): Promise<Verified> => {
    let payload: unknown;
    try {
      ({ payload } = await jwtVerify(token, keyOf, {
        algorithms: ['RS256'],
        issuer: rules.issuers,
        audience: rules.audiences,
        requiredClaims: ['exp', 'nbf', 'tid'],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: now(),
      }));
    } catch (error) {
      const reason = whatIsWrong(error);
      if (reason === undefined) throw error;
      return { ok: false, reason };
    }
    const claims = claimsSchema.safeParse(payload);
    if (!claims.success) return { ok: false, reason: UNUSABLE };
    if (claims.data.tid !== rules.tenantId) return { ok: false, reason: 'it comes from another tenant (tid)' };
    return callerOf(claims.data);
  };
}

const guid = z.guid().toLowerCase();

const claimsSchema = z.object({
  tid: guid,
  oid: guid.optional(),
  /** The client that the token was given to: `appid` in tokens of version 1.0, `azp` in 2.0. */
  appid: guid.optional(),
  azp: guid.optional(),
  idtyp: z.string().optional(),
  scp: z.string().optional(),
  roles: z.array(z.string()).default([]),
});

const UNUSABLE = 'its claims are not those of an access token of Entra';

/**
 * An app that calls for itself is known by its client id, a user by the object id, which are the same through every
 * client and change of name. ID tokens name no client, so none passes for an access token.
 */
function callerOf({ appid, azp, oid, idtyp, scp, roles }: z.output<typeof claimsSchema>): Verified {
  const client = azp ?? appid;
  const isApp = idtyp === undefined ? scp === undefined : idtyp === 'app';
  if (client === undefined || (!isApp && oid === undefined)) return { ok: false, reason: UNUSABLE };
  const id = isApp ? `app:${client}` : `user:${String(oid)}`;
  return { ok: true, caller: { id, roles: new Set(ROLES.filter((role) => roles.includes(role))) } };
}

const BY_CLAIM: Record<string, string> = {
  aud: 'it is meant for another API (aud)',
  iss: 'it comes from another issuer (iss)',
  nbf: 'it is not valid yet (nbf)',
};

const BY_CODE: Record<string, string> = {
  ERR_JOSE_ALG_NOT_ALLOWED: 'it is not signed with RS256 (alg)',
  ERR_JWKS_NO_MATCHING_KEY: 'it is signed with a key that the tenant does not have (kid)',
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: 'it does not say which key it is signed with (kid)',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'its signature is not valid',
  ERR_JWT_EXPIRED: 'it has expired (exp)',
};

/** Undefined for an error that is none of the token's. */
function whatIsWrong(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  if (error.code === 'ERR_JWT_CLAIM_VALIDATION_FAILED') {
    const claim = 'claim' in error ? String(error.claim) : '';
    return BY_CLAIM[claim] ?? UNUSABLE;
  }
  // What else jose finds (JWSInvalid, JWTInvalid, JOSENotSupported …) is about a text that is no token.
  return BY_CODE[error.code] ?? (/^ERR_(JWS|JWT|JOSE)_/.test(error.code) ? 'it is no JSON Web Token' : undefined);
}
