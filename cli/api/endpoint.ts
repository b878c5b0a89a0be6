import { usageFault } from '../cliFault';

export interface Endpoint {
  /** Ends without a slash; `/invitations` comes behind it. */
  baseUrl: string;
  /** The function key, where the URL held one. */
  key?: string;
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Understands the URL of an app in the forms that people have at hand: its origin, with or without `/api`, or a
 * function's URL as the portal shows it, with `?code=`. Throws for http beyond this machine: addresses and the key
 * would travel in clear.
 */
export function readEndpoint(text: string): Endpoint {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw usageFault(`"${text}" is no URL of an app. Give one such as https://my-app.azurewebsites.net.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw usageFault('The URL holds a name or password. Give the function key with B2B_INVITE_KEY instead.');
  }
  if (url.protocol === 'http:' && !LOOPBACK.has(url.hostname)) {
    throw usageFault(
      `${url.origin} is not encrypted: addresses and the key would travel in clear. Give the https URL; http is for this machine only.`,
    );
  }
  const path = url.pathname.replace(/\/+$/, '').replace(/\/invitations(\/bulk)?$/, '');
  const key = url.searchParams.get('code');
  return { baseUrl: url.origin + (path === '' ? '/api' : path), ...(key ? { key } : {}) };
}
