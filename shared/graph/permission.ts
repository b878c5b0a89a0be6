import { z } from 'zod';
import type { DriveRecipient } from '../domain/driveItemRequest';
import { normalFormOf } from '../domain/emailAddress';
import type { GraphRecord } from '../domain/invitation';

/** A permission as far as it is kept; `isUsed`: Graph names who uses it, so the invitation behind it is redeemed. */
export interface Permission {
  id: string;
  record: GraphRecord;
  isUsed: boolean;
}

const identity = z.looseObject({ id: z.string().nullish(), email: z.string().nullish() });

type Identity = z.output<typeof identity>;

const identities = z.looseObject({ user: identity.nullish(), siteUser: identity.nullish() });

export const permissionSchema = z.looseObject({
  id: z.string().nullish(),
  roles: z.array(z.string()).nullish(),
  grantedTo: identities.nullish(),
  grantedToV2: identities.nullish(),
  grantedToIdentities: z.array(z.looseObject({})).nullish(),
  hasPassword: z.boolean().nullish(),
  inheritedFrom: z.looseObject({}).nullish(),
  invitation: z.looseObject({ email: z.string().nullish() }).nullish(),
  shareId: z.string().nullish(),
  expirationDateTime: z.string().nullish(),
  link: z.looseObject({}).nullish(),
  error: z.looseObject({ code: z.string().nullish(), message: z.string().nullish() }).nullish(),
});

/** Graph's permission (https://learn.microsoft.com/graph/api/resources/permission) as it came. */
export type RawPermission = z.output<typeof permissionSchema>;

/** Whether it is the person's own: not one that the item inherits, and no sharing link. */
export function isOwnOf(permission: RawPermission, recipient: DriveRecipient, userId: string | undefined): boolean {
  return !says(permission.inheritedFrom) && !says(permission.link) && isFor(permission, recipient, userId);
}

/** The reference page shows objects that hold nothing but their annotation: those say nothing. */
const says = (value: object | null | undefined): boolean =>
  Object.keys(value ?? {}).some((name) => !name.startsWith('@'));

function isFor(permission: RawPermission, recipient: DriveRecipient, userId: string | undefined): boolean {
  const granted = [permission.grantedToV2, permission.grantedTo];
  const users = identitiesOf(granted.map((each) => each?.user));
  const ids = [userId, recipient.objectId].filter((id) => id !== undefined).map((id) => id.toLowerCase());
  if (users.some(({ id }) => id && ids.includes(id.toLowerCase()))) return true;
  if (recipient.email === undefined) return false;
  const address = normalFormOf(recipient.email).normalised;
  // Ids of a siteUser are the site's own numbers; its address is the person's.
  const siteUsers = identitiesOf(granted.map((each) => each?.siteUser));
  const addresses = [permission.invitation?.email, ...[...users, ...siteUsers].map(({ email }) => email)];
  return addresses.some((each) => each?.includes('@') && normalFormOf(each).normalised === address);
}

const identitiesOf = (some: (Identity | null | undefined)[]): Identity[] => some.filter((each) => !!each);

/** Ids of permissions have some dozens of characters; what is far longer is none. */
const LONGEST_ID = 1000;

/** Undefined for what names no id: it can't be read again and can't be deleted. */
export function permissionOf(raw: RawPermission): Permission | undefined {
  if (!raw.id || raw.id.length > LONGEST_ID) return undefined;
  return {
    id: raw.id,
    record: kept(raw),
    isUsed: [raw.grantedTo, raw.grantedToV2].some((granted) => !!granted?.user?.id || !!granted?.siteUser),
  };
}

const KEPT = [
  'id',
  'roles',
  'grantedTo',
  'grantedToV2',
  'grantedToIdentities',
  'hasPassword',
  'inheritedFrom',
  'invitation',
  'shareId',
  'expirationDateTime',
] as const;

/** In characters of JSON: an entity is bounded, and Graph's answer is not. What does not fit is left out. */
const LONGEST = { property: 2000, record: 8000 };

/** The sharing link is a secret and is left out, and so is whatever else is a URL. */
function kept(raw: RawPermission): GraphRecord {
  let left = LONGEST.record;
  const entries = KEPT.flatMap((name) => {
    const value = raw[name];
    if (value === null || value === undefined) return [];
    const json = JSON.stringify(value, withoutUrls);
    if (json.length > Math.min(left, LONGEST.property)) return [];
    left -= json.length;
    return [[name, JSON.parse(json) as unknown] as const];
  });
  return Object.fromEntries(entries);
}

const withoutUrls = (_name: string, value: unknown): unknown =>
  typeof value === 'string' && value.includes('://') ? '(URL)' : value;
