import { isIP } from 'node:net';

/** A path into the payload, of names only: `{data.employeeId}`. */
const PLACEHOLDER = /\{([A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*){0,9})\}/g;

/** What a placeholder may become: ids, never a piece of a path or of a query. */
const VALUE = /^[\w.@:+ -]{1,200}$/;

/** May be among `allowedHosts` where the whole app runs on one machine, and is then called by plain http (`readySource`). */
export const LOOPBACK_HOST = '127.0.0.1';

export const isLoopbackUrl = (text: string): boolean => /^http:\/\/127\.0\.0\.1:\d{1,5}\/[^\s\\]*$/.test(text);

/**
 * What is wrong with the template of a URL to fetch from, or undefined: https, a host that is on the list and written
 * out, no name or password, no other port, placeholders in path and query only.
 */
export function fetchTemplateFault(template: string, allowedHosts: string[]): string | undefined {
  const sample = template.replace(PLACEHOLDER, 'x');
  if (/[{}]/.test(sample)) return 'must hold no braces but placeholders such as {data.employeeId}';
  const head = /^https:\/\/([^/?#]*)/.exec(template)?.[1];
  if (head?.includes('{')) return 'must not take its host from the payload';
  return fetchUrlFault(sample, allowedHosts);
}

/**
 * The same for a finished URL. The names on the list are trusted; the address that one resolves to still has to be
 * public (`publicLookup`), and redirects are not to be followed.
 */
export function fetchUrlFault(text: string, allowedHosts: string[]): string | undefined {
  if (allowedHosts.includes(LOOPBACK_HOST) && isLoopbackUrl(text)) return undefined;
  const fault = publicUrlFault(text);
  if (fault !== undefined) return fault;
  const { hostname } = new URL(text);
  return allowedHosts.includes(hostname) ? undefined : `has host ${hostname}, which is not among allowedHosts`;
}

/** What is wrong with a URL that the app is told to call, whatever its host; undefined where nothing is. */
export function publicUrlFault(text: string): string | undefined {
  if (/[\s\\]/.test(text) || !URL.canParse(text)) return 'must be an absolute URL without spaces or backslashes';
  const url = new URL(text);
  if (url.protocol !== 'https:') return 'must be https';
  if (url.username !== '' || url.password !== '') return 'must hold no name or password';
  if (url.port !== '') return 'must leave the port out (443)';
  if (isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0) return 'must have a host name, not an address';
  return undefined;
}

export type FetchUrl = { ok: true; url: string } | { ok: false; reason: 'noValue' | 'valueNotAllowed'; path: string };

/**
 * The URL to fetch for a payload. Values from the payload are texts or whole numbers that look like an id, and are
 * percent-encoded, so none of them can lead to another path.
 */
export function fetchUrlOf(template: string, payload: unknown): FetchUrl {
  let fault: Extract<FetchUrl, { ok: false }> | undefined;
  const url = template.replace(PLACEHOLDER, (_all, path: string) => {
    const value = valueAt(payload, path.split('.'));
    const text = typeof value === 'string' || Number.isSafeInteger(value) ? String(value) : undefined;
    if (text === undefined) fault ??= { ok: false, reason: 'noValue', path };
    // The parser of URLs takes . and .. as steps in the path even when they are percent-encoded.
    else if (!VALUE.test(text) || /^\.+$/.test(text)) fault ??= { ok: false, reason: 'valueNotAllowed', path };
    return encodeURIComponent(text ?? '');
  });
  return fault ?? { ok: true, url };
}

const valueAt = (value: unknown, path: string[]): unknown =>
  path.reduce<unknown>(
    (at, name) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, name) ? Reflect.get(at, name) : undefined,
    value,
  );
