import type { TokenCredential } from '@azure/identity';

export type AccessTokenOf = () => Promise<string>;

/** A token for Graph's `.default` scope. The credential keeps tokens until shortly before they end. */
export const accessTokenFrom =
  (credential: () => Promise<TokenCredential>, baseUrl: string): AccessTokenOf =>
  async () => {
    const token = await (await credential()).getToken(`${baseUrl}/.default`);
    if (!token) throw new Error('The credential gave no token.');
    return token.token;
  };

/** What a simulator on this machine takes for a token; no real one ever leaves for a plain-http address. */
export const simulatorToken: AccessTokenOf = () => Promise.resolve('local-simulator');
