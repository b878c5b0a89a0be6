import { domainToASCII } from 'node:url';

// https://learn.microsoft.com/graph/api/resources/invitation lists the characters that invitedUserEmailAddress may not hold.
const REFUSED = /[~!#$%^&*()+=[\]{}\\/|;:"<>?,]/;
const LONGEST_ADDRESS = 254;
const LONGEST_LOCAL_PART = 64;
const DOMAIN = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{1,59})$/;
/** Anything that is not printable ASCII: control characters, spaces, marks that turn text around, look-alike letters. */
const NOT_PRINTABLE_ASCII = /[^\x21-\x7e]/;

/** Spaces, controls, formatting marks, halves of surrogate pairs: domainToASCII drops or mends them unseen. */
const INVISIBLE = /[\s\p{C}]/u;

export type AddressCheck =
  { ok: true; address: string; normalised: string; domain: string } | { ok: false; why: string };

/**
 * Checks an address by Graph's rules and gives its normal form: lower case, an international domain as punycode. Two
 * addresses with the same normal form are one person.
 */
export function checkEmailAddress(text: string): AddressCheck {
  const address = text.trim();
  const no = (why: string): AddressCheck => ({ ok: false, why });
  if (address.length > LONGEST_ADDRESS) return no(`is longer than ${LONGEST_ADDRESS} characters`);
  const at = address.lastIndexOf('@');
  if (at <= 0 || at === address.length - 1) return no('has no name before or no domain after its @');
  const local = address.slice(0, at);
  if (local.includes('@')) return no('holds more than one @');
  // In the domain too: domainToASCII reads a URL's host, so it drops a path and decodes what is percent-encoded.
  const [refused] = REFUSED.exec(address) ?? [];
  if (refused !== undefined) return no(`holds ${refused} which Microsoft Graph does not permit in an address`);
  if (NOT_PRINTABLE_ASCII.test(local)) return no('holds a space or a character outside printable ASCII before the @');
  if (local.length > LONGEST_LOCAL_PART) return no(`has more than ${LONGEST_LOCAL_PART} characters before the @`);
  if (/^[.-]|[.-]$/.test(local)) return no('begins or ends with . or - before the @');
  if (local.includes('..')) return no('holds two dots in a row');
  const { normalised, domain } = normalFormOf(address);
  if (!DOMAIN.test(domain) || INVISIBLE.test(address)) return no('has no valid domain after its @');
  return { ok: true, address, normalised, domain };
}

/** The normal form of an address that has passed the check. */
export function normalFormOf(address: string): { normalised: string; domain: string } {
  const at = address.lastIndexOf('@');
  const domain = domainToASCII(address.slice(at + 1));
  return { normalised: `${address.slice(0, at).toLowerCase()}@${domain}`, domain };
}

/** Whether `domain` is one of `list`; an entry `*.example.com` stands for every subdomain of example.com. */
export const isDomainListed = (domain: string, list: string[]): boolean =>
  list.some((entry) => (entry.startsWith('*.') ? domain.endsWith(entry.slice(1)) : domain === entry));
