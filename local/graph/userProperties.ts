import { badRequest, type Answer } from './answers';
import type { DirectoryUser } from './directory';

/** What Graph gives of a user without `$select`; the rest comes only when asked for. */
const BY_DEFAULT = [
  'displayName',
  'givenName',
  'jobTitle',
  'mail',
  'preferredLanguage',
  'surname',
  'userPrincipalName',
  'id',
] as const;

const ONLY_SELECTED = [
  'otherMails',
  'userType',
  'creationType',
  'createdDateTime',
  'externalUserState',
  'externalUserStateChangeDateTime',
] as const;

type Property = (typeof BY_DEFAULT)[number] | (typeof ONLY_SELECTED)[number];

const known = new Map<string, Property>([...BY_DEFAULT, ...ONLY_SELECTED].map((name) => [name, name]));

export type Selection =
  | { type: 'all'; properties: readonly Property[] }
  | { type: 'some'; properties: readonly Property[]; asWritten: string }
  | { type: 'invalid'; answer: Answer };

export function parseSelect(select: string | null): Selection {
  if (select === null) return { type: 'all', properties: BY_DEFAULT };
  const names = select.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !known.has(name));
  if (unknown !== undefined) {
    return {
      type: 'invalid',
      answer: badRequest(
        `Parsing OData Select and Expand failed: Could not find a property named '${unknown}' on type 'microsoft.graph.user'.`,
      ),
    };
  }
  const properties = names.flatMap((name) => known.get(name) ?? []);
  return { type: 'some', properties, asWritten: names.join(',') };
}

/** The user as JSON; properties that the directory doesn't hold (surname …) are null, as for most guests in Graph. */
export function pick(user: DirectoryUser, properties: readonly Property[]): Record<string, unknown> {
  const held: Partial<Record<Property, unknown>> = { ...user };
  return Object.fromEntries(properties.map((name) => [name, held[name] ?? null]));
}
