import { normalFormOf } from './emailAddress';
import type { InvitationRequest } from './request';

/** Names of the properties in which a new request differs from the one that an open invitation was made from. */
export function differencesOf(asked: InvitationRequest, open: InvitationRequest): string[] {
  const names = new Set([...Object.keys(asked), ...Object.keys(open)]);
  const value = (request: InvitationRequest, name: string): string => canonical(comparable(request, name));
  return [...names].filter((name) => value(asked, name) !== value(open, name)).sort();
}

/** An address in its normal form: two that mean one person are no difference. */
function comparable(request: InvitationRequest, name: string): unknown {
  if (request.kind === 'guest' && name === 'invitedUserEmailAddress') {
    return normalFormOf(request.invitedUserEmailAddress).normalised;
  }
  if (request.kind === 'driveItem' && name === 'recipients') {
    return request.recipients.map(({ email, ...named }) => ({
      ...named,
      email: email && normalFormOf(email).normalised,
    }));
  }
  return Reflect.get(request, name);
}

/** JSON with sorted keys: equal for equal values however they were written. */
export function canonical(value: unknown): string {
  const sorted = JSON.stringify(value, (_key, entry: unknown) => {
    if (typeof entry === 'bigint') return `${entry}n`;
    return typeof entry === 'object' && entry !== null && !Array.isArray(entry)
      ? Object.fromEntries(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1)))
      : entry;
  }) as string | undefined;
  return sorted ?? 'undefined';
}
