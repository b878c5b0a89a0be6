import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { BlockList, type LookupFunction, isIP } from 'node:net';

/** All addresses of a host. */
export type Resolve = (hostname: string) => Promise<LookupAddress[]>;

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

/** Whether an IP address is one of the public Internet. What is no IP address is none. */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 0) return false;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  return !notPublic[family].check(address, family);
}

const resolveAll: Resolve = (hostname) => lookup(hostname, { all: true });

/**
 * For sockets of Node: gives the addresses of a host, or fails with code `notPublic` where one of them is not. A name is
 * resolved once for a connection, and the socket connects to what was checked here: a name that leads elsewhere a moment
 * later ("DNS rebinding") changes nothing.
 * @see https://nodejs.org/api/net.html#socketconnectoptions-connectlistener
 * @see https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html
 */
export const publicLookup =
  (resolve: Resolve = resolveAll): LookupFunction =>
  (hostname, { all }, callback) => {
    resolve(hostname).then(
      (addresses) => {
        const [first] = addresses;
        if (!first) callback(failure('ENOTFOUND'), '');
        else if (!addresses.every(({ address }) => isPublicAddress(address))) callback(failure('notPublic'), '');
        else if (all === true) callback(null, addresses);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => callback(error as NodeJS.ErrnoException, ''),
    );
  };

const failure = (code: string): NodeJS.ErrnoException => Object.assign(new Error(code), { code });
