import { SignJWT, createLocalJWKSet, exportJWK, exportSPKI } from 'jose';
import { SigningKeysUnavailableError } from '../../../../../shared/http/auth/signingKeys';
import { makeVerifyToken } from '../../../../../shared/http/auth/verifyToken';
import {
  APP,
  CLIENT_ID,
  type Claims,
  OTHER_TENANT,
  type SigningKey,
  TENANT,
  USER,
  aSigningKey,
  appClaims,
  sign,
  unsigned,
  userClaims,
} from '../../../../support/entra';

const AUTHORITY = 'https://login.microsoftonline.com';
const rules = {
  tenantId: TENANT,
  audiences: [CLIENT_ID, `api://${CLIENT_ID}`],
  issuers: [`${AUTHORITY}/${TENANT}/v2.0`, `https://sts.windows.net/${TENANT}/`],
};

let key: SigningKey;
let stranger: SigningKey;
let verify: Awaited<ReturnType<typeof makeVerifyToken>>;
beforeAll(async () => {
  [key, stranger] = await Promise.all([aSigningKey('one'), aSigningKey('two')]);
  const jwk = { ...(await exportJWK(key.publicKey)), kid: key.kid, use: 'sig' };
  const other = { ...(await exportJWK((await aSigningKey('old')).publicKey)), kid: 'old', use: 'sig' };
  verify = await makeVerifyToken(rules, createLocalJWKSet({ keys: [jwk, other] }), () => new Date());
});

const app = (changes: Claims = {}) => appClaims(AUTHORITY, changes);
const user = (changes: Claims = {}) => userClaims(AUTHORITY, changes);
const verified = async (claims: Claims) => verify(await sign(key, claims));
const reasonOf = async (token: string) => {
  const result = await verify(token);
  return result.ok ? `accepted as ${result.caller.id}` : result.reason;
};
const seconds = () => Math.floor(Date.now() / 1000);

describe('who called', () => {
  it('is the app in a token of its own, by azp in version 2.0', async () => {
    const result = await verified(app({ roles: ['Invitation.Create', 'Invitation.Manage'] }));
    expect(result).toEqual({
      ok: true,
      caller: { id: `app:${APP}`, roles: new Set(['Invitation.Create', 'Invitation.Manage']) },
    });
  });

  it('is the app by appid in version 1.0, with its issuer and the Application ID URI', async () => {
    const v1 = app({
      iss: `https://sts.windows.net/${TENANT}/`,
      aud: `api://${CLIENT_ID}`,
      azp: undefined,
      appid: APP.toUpperCase(),
      ver: '1.0',
    });
    expect(await verified(v1)).toMatchObject({ ok: true, caller: { id: `app:${APP}` } });
  });

  it('is the user in a token with a scope, by object id and never by a name', async () => {
    const result = await verified(user({ roles: ['Invitation.Approve'] }));
    expect(result).toEqual({ ok: true, caller: { id: `user:${USER}`, roles: new Set(['Invitation.Approve']) } });
  });

  it('is told by idtyp where the registration asks for that claim', async () => {
    expect(await verified(app({ idtyp: 'app', scp: 'x' }))).toMatchObject({ caller: { id: `app:${APP}` } });
    expect(await verified(user({ idtyp: 'user', scp: undefined }))).toMatchObject({ caller: { id: `user:${USER}` } });
  });

  it('has the roles of this API and no others', async () => {
    const result = await verified(app({ roles: ['Invitation.Create', 'invitation.manage', 'Admin', '__proto__'] }));
    expect(result).toMatchObject({ caller: { roles: new Set(['Invitation.Create']) } });
    expect(await verified(app())).toMatchObject({ ok: true, caller: { roles: new Set() } });
  });
});

describe('a token is refused', () => {
  it.each<[string, Claims, string]>([
    ['for another audience', { aud: 'api://another' }, 'it is meant for another API (aud)'],
    ['for Graph', { aud: '00000003-0000-0000-c000-000000000000' }, 'it is meant for another API (aud)'],
    ['from another issuer', { iss: `https://login.example.com/${TENANT}/v2.0` }, 'it comes from another issuer (iss)'],
    ['from another tenant', { iss: `${AUTHORITY}/${OTHER_TENANT}/v2.0` }, 'it comes from another issuer (iss)'],
    ['with another tenant inside', { tid: OTHER_TENANT }, 'it comes from another tenant (tid)'],
    ['without a tenant', { tid: undefined }, 'its claims are not those of an access token of Entra'],
    ['without an audience', { aud: undefined }, 'it is meant for another API (aud)'],
    ['without an end', { exp: undefined }, 'its claims are not those of an access token of Entra'],
    ['without a beginning', { nbf: undefined }, 'it is not valid yet (nbf)'],
    ['with an end that is no number', { exp: 'never' }, 'its claims are not those of an access token of Entra'],
    ['with roles that are no list', { roles: 'x' }, 'its claims are not those of an access token of Entra'],
    ['with a client that is no id', { azp: 'ann@contoso.com' }, 'its claims are not those of an access token of Entra'],
    [
      'that names no client, as ID tokens do',
      { azp: undefined },
      'its claims are not those of an access token of Entra',
    ],
  ])('%s', async (_what, changes, reason) => {
    expect(await reasonOf(await sign(key, app(changes)))).toBe(reason);
  });

  it('of a user who is not named', async () => {
    expect(await reasonOf(await sign(key, user({ oid: undefined })))).toBe(
      'its claims are not those of an access token of Entra',
    );
  });

  it('a minute after its end, and a minute before its beginning, and not sooner', async () => {
    expect(await reasonOf(await sign(key, app({ exp: seconds() - 61 })))).toBe('it has expired (exp)');
    expect(await reasonOf(await sign(key, app({ exp: seconds() - 30 })))).toBe(`accepted as app:${APP}`);
    expect(await reasonOf(await sign(key, app({ nbf: seconds() + 90 })))).toBe('it is not valid yet (nbf)');
    expect(await reasonOf(await sign(key, app({ nbf: seconds() + 30 })))).toBe(`accepted as app:${APP}`);
  });

  it('with alg none', async () => {
    expect(await reasonOf(unsigned(app()))).toBe('it is not signed with RS256 (alg)');
  });

  it('with the public key as the secret of HS256', async () => {
    const secret = new TextEncoder().encode(await exportSPKI(key.publicKey));
    const token = await new SignJWT(app()).setProtectedHeader({ alg: 'HS256', kid: key.kid }).sign(secret);
    expect(await reasonOf(token)).toBe('it is not signed with RS256 (alg)');
  });

  it('with another algorithm of the same key', async () => {
    expect(await reasonOf(await rewritten({ alg: 'RS512' }))).toBe('it is not signed with RS256 (alg)');
  });

  it('with a key of its own, under an unknown name, the name of a right one, or none', async () => {
    const unknown = 'it is signed with a key that the tenant does not have (kid)';
    expect(await reasonOf(await sign(stranger, app()))).toBe(unknown);
    expect(await reasonOf(await sign(stranger, app(), { kid: 'one' }))).toBe('its signature is not valid');
    const nameless = await sign({ ...stranger, kid: undefined as never }, app());
    expect(await reasonOf(nameless)).toBe('it does not say which key it is signed with (kid)');
  });

  it('with a key that it brings along', async () => {
    const jwk = await exportJWK(stranger.publicKey);
    const token = await new SignJWT(app())
      .setProtectedHeader({
        alg: 'RS256',
        kid: 'one',
        jwk,
        jku: 'https://example.com/keys',
        x5u: 'https://example.com',
      })
      .sign(stranger.privateKey);
    expect(await reasonOf(token)).toBe('its signature is not valid');
  });

  it('with claims that were changed after signing', async () => {
    const [header, , signature] = (await sign(key, app())).split('.');
    const claims = Buffer.from(JSON.stringify(app({ roles: ['Invitation.Manage'] }))).toString('base64url');
    expect(await reasonOf([header, claims, signature].join('.'))).toBe('its signature is not valid');
  });

  it.each(['x', 'a.b', 'a.b.c', '..', 'e30.e30.', 'a.b.c.d.e'])('when it is none at all: %s', async (text) => {
    expect(await reasonOf(text)).toBe('it is no JSON Web Token');
  });

  it('with something critical that is not understood', async () => {
    expect(await reasonOf(await rewritten({ alg: 'RS256', crit: ['x'], x: 1 }))).toBe('it is no JSON Web Token');
  });
});

/** A right token under another header, whose signature no longer matters. */
async function rewritten(header: object): Promise<string> {
  const [, claims, signature] = (await sign(key, app())).split('.');
  const encoded = Buffer.from(JSON.stringify({ kid: key.kid, ...header })).toString('base64url');
  return [encoded, claims, signature].join('.');
}

it('says of no token that it is wrong while there are no keys to tell with', async () => {
  const away = () => Promise.reject(new SigningKeysUnavailableError(new Error('ECONNREFUSED')));
  const check = await makeVerifyToken(rules, away, () => new Date());
  await expect(check(await sign(key, app()))).rejects.toMatchObject({ code: 'signingKeysUnavailable' });
});
