import type { Conflict } from './conflict';
import type { Decision } from './decisions';
import type { Change } from './history';
import { entry } from './history';
import { type GraphRecord, type Invitation, isWorkLeft, phaseOf } from './invitation';
import type { InvitationRequest } from './request';
import { without } from './states';
import type { Instant } from './time';

/** In the place of what was erased. */
export const ERASED = '(erased)';

export type Erasure = { change?: Change; conflict?: Conflict };

/**
 * Erases addresses, names and texts of a closed invitation; ids, times, statuses and the person's keyed hash stay, for
 * duplicates and audit. Refused while anything but that is left to do; nothing where it is done already.
 */
export function decideErase(invitation: Invitation, by: string, now: Instant): Erasure {
  if (invitation.erasedAt !== undefined) return {};
  const { status } = invitation;
  if (phaseOf(status) !== 'closed') {
    const message = `An invitation that is ${status} can’t be erased; revoke it first.`;
    return { conflict: { code: 'statusForbids', message } };
  }
  if (isWorkLeft(invitation)) {
    const message = 'Something is still being done for this invitation. Try again when its nextAt has passed.';
    return { conflict: { code: 'workOutstanding', message } };
  }
  return {
    change: {
      invitation: {
        // An expired one is not looked at any more: whom it was for is not known now.
        ...without(invitation, 'nextCheckAt', 'lateCheckUntil', 'nextAttemptAt'),
        ...(invitation.approval ? { approval: { ...invitation.approval, comment: ERASED } } : {}),
        request: erasedRequest(invitation.request),
        ...(invitation.graph ? { graph: erasedGraph(invitation.graph) } : {}),
        erasedAt: now,
      },
      history: [entry(now, 'erased', by)],
    },
  };
}

/** The same, as what a caller decided. */
export function eraseDecision(invitation: Invitation, by: string, now: Instant): Decision {
  const { change, conflict } = decideErase(invitation, by, now);
  if (conflict) return { type: 'conflict', fault: conflict };
  return change ? { type: 'change', change } : { type: 'nothing' };
}

function erasedRequest(request: InvitationRequest): InvitationRequest {
  const { notBefore, reminders, expireAfter, replaces, source, approval } = request;
  const common = {
    reminders,
    expireAfter,
    ...(notBefore === undefined ? {} : { notBefore }),
    ...(replaces === undefined ? {} : { replaces }),
    ...(source === undefined ? {} : { source }),
    ...(approval ? { approval } : {}),
  };
  switch (request.kind) {
    case 'guest': {
      const { kind, graphVersion, inviteRedirectUrl, invitedUserType, sendInvitationMessage, resetRedemption } =
        request;
      const kept = { kind, graphVersion, inviteRedirectUrl, invitedUserType, sendInvitationMessage, resetRedemption };
      return { ...kept, ...common, invitedUserEmailAddress: ERASED };
    }
    case 'driveItem': {
      const { kind, target, requireSignIn, roles, sendInvitation } = request;
      return { kind, target, requireSignIn, roles, sendInvitation, ...common, recipients: [{ alias: ERASED }] };
    }
    case 'linkedIn': {
      const { kind, created, lastModified } = request;
      const names = { inviter: ERASED, invitee: ERASED, trackingId: ERASED, message: {} };
      return { kind, created, lastModified, ...names, ...common };
    }
  }
}

/** Ids of the directory stay: they lead nowhere without it. */
function erasedGraph(graph: GraphRecord): GraphRecord {
  const { id, status, invitedUser, externalUserState, externalUserStateChangeDateTime, roles } = graph;
  return {
    ...(id === undefined ? {} : { id }),
    ...(status === undefined ? {} : { status }),
    ...(invitedUser ? { invitedUser: { id: invitedUser.id } } : {}),
    ...(externalUserState === undefined ? {} : { externalUserState }),
    ...(externalUserStateChangeDateTime === undefined ? {} : { externalUserStateChangeDateTime }),
    ...(roles ? { roles } : {}),
  };
}
