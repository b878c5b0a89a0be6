import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, SignJWT, exportJWK, generateKeyPair } from 'jose';

export const TENANT = '8e2d0c14-52a5-4d4b-9a35-3b7a1f8b6c10';
export const OTHER_TENANT = '11111111-aaaa-4bbb-8ccc-222222222222';
export const CLIENT_ID = '5f0b7a52-9c0e-4f83-b6a4-0f4a53a1c9d7';
export const APP = 'aaaaaaaa-0000-4000-8000-000000000001';
export const OTHER_APP = 'aaaaaaaa-0000-4000-8000-000000000002';
export const USER = 'bbbbbbbb-0000-4000-8000-000000000001';

export interface SigningKey {
  kid: string;
  privateKey: CryptoKey;
  publicKey: CryptoKey;
}

/** A claim that is undefined is left out. */
export type Claims = Record<string, unknown>;

export async function aSigningKey(kid: string): Promise<SigningKey> {
  return { kid, ...(await generateKeyPair('RS256', { extractable: true })) };
}

/** Claims as in an app's own token of version 2.0. https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference */
export const appClaims = (authority: string, changes: Claims = {}): Claims => ({
  aud: CLIENT_ID,
  iss: `${authority}/${TENANT}/v2.0`,
  azp: APP,
  azpacr: '1',
  oid: 'cccccccc-0000-4000-8000-000000000001',
  sub: 'cccccccc-0000-4000-8000-000000000001',
  tid: TENANT,
  ver: '2.0',
  ...changes,
});

/** Of a user through a client: it has a scope, and names people in claims that mean nothing for access. */
export const userClaims = (authority: string, changes: Claims = {}): Claims =>
  appClaims(authority, {
    oid: USER,
    sub: 'a-subject-for-this-pair-only',
    scp: 'access_as_user',
    name: 'Ann Example',
    preferred_username: 'ann@contoso.com',
    ...changes,
  });

/** Signs a token that is valid for an hour, unless the claims say otherwise. */
export function sign(key: SigningKey, claims: Claims, header: { alg?: string; kid?: string } = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const all: Claims = { iat: now, nbf: now, exp: now + 3600, ...claims };
  const payload = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return new SignJWT(payload)
    .setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid: key.kid, ...header })
    .sign(key.privateKey);
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token that says of itself that it needs no signature. */
export const unsigned = (claims: Claims): string => {
  const now = Math.floor(Date.now() / 1000);
  return `${encoded({ typ: 'JWT', alg: 'none' })}.${encoded({ iat: now, nbf: now, exp: now + 3600, ...claims })}.`;
};

interface KeysAnswer {
  status: number;
  body: string;
  location?: string;
}

interface Published {
  keys: SigningKey[];
  requests: number;
  /** In the place of the keys. */
  answer: KeysAnswer | undefined;
}

export type Entra = Awaited<ReturnType<typeof startEntra>>;

/** Serves the public halves of the keys where Entra has a tenant's, on 127.0.0.1; a test may change what is published. */
export async function startEntra(keys: SigningKey[]) {
  const published: Published = { keys, requests: 0, answer: undefined };
  const server = createServer((request, response) => {
    published.requests += 1;
    void answerTo(request.url ?? '', published).then(({ status, body, location }) => {
      response.writeHead(status, { 'Content-Type': 'application/json', ...(location ? { location } : {}) }).end(body);
    });
  });
  const port = await listenOn(server, 0);
  return {
    published,
    authority: `http://127.0.0.1:${port}`,
    keysUrl: new URL(`http://127.0.0.1:${port}${KEYS_PATH}`),
    goAway: () => closed(server),
    comeBack: () => listenOn(server, port),
    close: () => (server.listening ? closed(server) : Promise.resolve()),
  };
}

const KEYS_PATH = `/${TENANT}/discovery/v2.0/keys`;

async function answerTo(path: string, { keys, answer }: Published): Promise<KeysAnswer> {
  if (answer) return answer;
  if (path !== KEYS_PATH) return { status: 404, body: '' };
  const jwks = keys.map(async ({ kid, publicKey }) => ({ ...(await exportJWK(publicKey)), kid, use: 'sig' }));
  return { status: 200, body: JSON.stringify({ keys: await Promise.all(jwks) }) };
}

async function listenOn(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function closed(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}
