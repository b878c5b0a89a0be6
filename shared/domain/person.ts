import { checkEmailAddress, normalFormOf } from './emailAddress';
import type { RequestFault } from './requestRules';

/** A person of a request in normal form, as the keyed hash is made of it: an address where there is one. */
export function normalPerson(named: {
  email?: string | undefined;
  objectId?: string | undefined;
  alias?: string | undefined;
}): string {
  const { email, objectId, alias = '' } = named;
  // Addresses alone hold an @, so no two persons meet.
  if (email !== undefined) return normalFormOf(email).normalised;
  return objectId === undefined ? `alias:${alias.toLowerCase()}` : `objectId:${objectId.toLowerCase()}`;
}

const NAMES = ['email', 'objectId', 'alias'] as const;

/** The person whom a query names: `?email=…`, or by the objectId or alias of a share. */
export function parsePerson(
  query: Iterable<[string, string]>,
): { ok: true; person: string } | { ok: false; faults: RequestFault[] } {
  // The Functions host hands the key over in the query too.
  const given = [...query].filter(([name]) => name !== 'code');
  const [first, ...more] = given;
  const name = NAMES.find((each) => each === first?.[0]);
  if (!first || !name || more.length > 0) return refuse('email', 'Name one person: ?email=… (or objectId, or alias).');
  const check = name === 'email' ? checkEmailAddress(first[1]) : undefined;
  if (check?.ok === false) return refuse('email', `email ${check.why}.`);
  return { ok: true, person: normalPerson({ [name]: check ? check.address : first[1] }) };
}

const refuse = (target: string, message: string): { ok: false; faults: RequestFault[] } => ({
  ok: false,
  faults: [{ code: 'invalidValue', target, message }],
});
