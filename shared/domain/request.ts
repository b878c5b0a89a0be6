import type { DriveItemRequest } from './driveItemRequest';
import type { GuestRequest } from './guestRequest';
import { sha256 } from './ids';
import type { LinkedInRequest } from './linkedInRequest';

/** This product's own options, as they are stored with every kind. */
export interface CommonOptions {
  notBefore?: string;
  reminders: { after: string[]; timeZone: string };
  expireAfter: string;
  /** Held until somebody approves; rejected by itself after `expiresAfter`. */
  approval?: { required: true; expiresAfter: string };
  /** Id of the invitation that this one stands in for. */
  replaces?: string;
  source?: string;
  externalId?: string;
  metadata?: Record<string, string>;
}

/** A request as it was understood: every default filled in. This is what is stored and what the answer shows. */
export type InvitationRequest = GuestRequest | DriveItemRequest | LinkedInRequest;

/** What an invitation invites to. One file a kind in shared/graph speaks it. */
export type Kind = InvitationRequest['kind'];

export const KINDS = ['guest', 'driveItem', 'linkedIn'] as const satisfies Kind[];

/** Whether Graph mails the person, so that reminders and re-sends make sense. */
export function isMailed(request: InvitationRequest): boolean {
  switch (request.kind) {
    case 'guest':
      return request.sendInvitationMessage;
    case 'driveItem':
      return request.sendInvitation;
    case 'linkedIn':
      return false;
  }
}

/**
 * Whether the first call may be made again though nobody knows what became of the one before: it mails nobody, and a guest
 * or a permission that is there is not made twice. A reset is no such call: it undoes what was accepted since.
 */
export const isRepeatable = (request: InvitationRequest): boolean =>
  request.kind !== 'linkedIn' && !isMailed(request) && !isReset(request);

/** What Graph limits by itself, so that each has a gate. */
export type Limit = 'invitations' | 'shares' | 'mailedShares' | 'linkedIn';

export function limitOf(request: InvitationRequest): Limit {
  switch (request.kind) {
    case 'guest':
      return 'invitations';
    case 'driveItem':
      return request.sendInvitation ? 'mailedShares' : 'shares';
    case 'linkedIn':
      return 'linkedIn';
  }
}

/** The address that is invited, where the request names one. */
export function addressOf(request: InvitationRequest): string | undefined {
  switch (request.kind) {
    case 'guest':
      return request.invitedUserEmailAddress;
    case 'driveItem':
      return request.recipients[0].email;
    case 'linkedIn':
      return undefined;
  }
}

/** Id of the directory user whom the request names, where it does. */
export function userIdOf(request: InvitationRequest): string | undefined {
  switch (request.kind) {
    case 'guest':
      return request.invitedUser?.id;
    case 'driveItem':
      return request.recipients[0].objectId;
    case 'linkedIn':
      return undefined;
  }
}

/** What a person is invited to, as part of a key: one open invitation for each person and thing. */
export const thingOf = (request: InvitationRequest): string =>
  request.kind === 'driveItem' ? `driveItem-${sha256(request.target).slice(0, 32)}` : request.kind;

/** Whether Graph can tell that the person has redeemed; of LinkedIn invitations nothing can be read. */
export const isRedemptionKnown = ({ kind }: InvitationRequest): boolean => kind !== 'linkedIn';

/** The first mail redeems anew, for a guest who has accepted before. */
export const isReset = (request: InvitationRequest): boolean => request.kind === 'guest' && request.resetRedemption;

export const groupIdsOf = (request: InvitationRequest): string[] | undefined =>
  request.kind === 'guest' ? request.groups : undefined;
