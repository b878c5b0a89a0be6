import { BlockList, isIP } from 'node:net';

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
 * The same for a finished URL. The names on the list are trusted; the address that one resolves to still has to pass
 * `isPublicAddress`, and redirects are not to be followed.
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

/** The ranges that are not the public Internet (https://www.iana.org/assignments/iana-ipv4-special-registry and ipv6). */
const PRIVATE_V4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16], // holds the metadata service of Azure, too
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3], // multicast and reserved
] as const;

/** 168.63.129.16 is a public address that Azure answers itself, for its virtual machines. */
const AZURE_HOST = '168.63.129.16';

/** Of IPv6 all but 2000::/3 is special; within it, tunnels that hide an IPv4 address, and documentation. */
const PRIVATE_V6 = [
  ['::', 3],
  ['4000::', 2],
  ['8000::', 1],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const;

// One list for each family: one for both would find every IPv4 address in ::/3, as ::ffff:a.b.c.d.
const notPublic = { ipv4: new BlockList(), ipv6: new BlockList() };
for (const [net, prefix] of PRIVATE_V4) notPublic.ipv4.addSubnet(net, prefix, 'ipv4');
notPublic.ipv4.addAddress(AZURE_HOST, 'ipv4');
for (const [net, prefix] of PRIVATE_V6) notPublic.ipv6.addSubnet(net, prefix, 'ipv6');

/**
 * Whether an IP address is one of the public Internet. Whoever connects to a host named by configuration or by a
 * subscriber resolves it, checks every address with this and connects to the address that was checked, not to the name
 * again (which may have changed meanwhile).
 */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 0) return false;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  return !notPublic[family].check(address, family);
}
