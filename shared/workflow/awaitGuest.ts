import { backOffMs } from '../domain/backOff';
import type { GuestRequest } from '../domain/guestRequest';
import { invitationId, partitionOfId, sha256 } from '../domain/ids';
import type { Invitation } from '../domain/invitation';
import { newInvitation } from '../domain/newInvitation';
import { limitOf } from '../domain/request';
import { addMs, sumOf, toMs } from '../domain/time';
import type { Gate } from '../graph/gate';
import type { HintSender } from '../queue/hintSender';
import type { StoredInvitation } from '../tables/invitationEntity';
import type { Invitations } from '../tables/invitations';
import type { AdvanceParts } from './intent';
import { sendHintFor } from './sendHint';
import type { StepDone } from './sendStep';

export interface InviteGuestParts {
  invitations: Invitations;
  gate: Pick<Gate, 'estimate'>;
  hints: HintSender;
  tickMs: number;
}

/**
 * Makes the guest invitation, without mail, that a share with a stranger waits for, and gives its id. Where the person has
 * an open guest invitation already, it is that one. Doing it twice makes one: the id follows from the share.
 */
export function makeInviteGuest(parts: InviteGuestParts) {
  const { invitations } = parts;
  return async ({ invitation }: StoredInvitation): Promise<string> => {
    const { id, person, caller, createdAt, historyCount, origin } = invitation;
    const random = Buffer.from(sha256(`guest of ${id} ${historyCount}`), 'hex');
    const guestId = invitationId(toMs(createdAt), random, partitionOfId(id));
    const sendAt = await parts.gate.estimate();
    const request = guestRequestOf(invitation);
    const change = newInvitation(
      { id: guestId, person, caller, request, warnings: [], takesClaim: true, sendAt, ...(origin ? { origin } : {}) },
      invitations.now(),
    );
    const result = await invitations.create(change);
    if (result.type === 'claimed') return result.by.invitation.id;
    if (result.type === 'created') await sendHintFor(result.stored, { ...parts, now: invitations.now });
    return guestId;
  };
}

/**
 * The guest is invited before the share, and would expire before it: while the share is open, nobody would remove the
 * guest, and later nobody would look.
 */
const OUTLIVES_SHARE_BY = 'P7D';

function guestRequestOf({ id, request }: Invitation): GuestRequest {
  if (request.kind !== 'driveItem') throw new TypeError(`A ${request.kind} invitation needs no guest first.`);
  const [{ email }] = request.recipients;
  const { inviteRedirectUrl, expireAfter, source, externalId } = request;
  // Both were checked when the request came in.
  if (email === undefined || inviteRedirectUrl === undefined) throw new TypeError(`${id} can’t make a guest.`);
  return {
    kind: 'guest',
    graphVersion: 'v1.0',
    invitedUserEmailAddress: email,
    inviteRedirectUrl,
    invitedUserType: 'Guest',
    sendInvitationMessage: false,
    resetRedemption: false,
    reminders: { after: [], timeZone: request.reminders.timeZone },
    expireAfter: sumOf(expireAfter, OUTLIVES_SHARE_BY),
    ...(source === undefined ? {} : { source }),
    ...(externalId === undefined ? {} : { externalId }),
  };
}

/** Looks whether the guest that a share waits for has been invited. */
export async function awaitGuestStep(
  stored: StoredInvitation,
  guestInvitationId: string,
  { invitations, gates, now }: AdvanceParts,
): Promise<StepDone> {
  const { invitation } = stored;
  const found = await invitations.read(guestInvitationId);
  if (!found) return { stored, outcome: { type: 'guestMissing', fault: LOST } };
  const { status, graph, fault } = found.invitation;
  switch (status) {
    case 'pendingAcceptance':
    case 'accepted':
    case 'expired': {
      // The beta dialect names no user: the share's own look-up then finds them by address.
      const userId = graph?.invitedUser?.id;
      const guest = userId === undefined ? {} : { userId };
      const sendAt = await gates[limitOf(invitation.request)].estimate();
      return { stored, outcome: { type: 'enqueued', sendAt, guest } };
    }
    case 'failed':
    case 'revoked':
    case 'rejected': {
      const reason = { code: fault?.code ?? `guest${capital(status)}`, message: fault?.message ?? '' };
      const message =
        `The guest invitation ${guestInvitationId} that comes first is ${status}. ${reason.message}`.trim();
      return { stored, outcome: { type: 'guestMissing', fault: { code: reason.code, message } } };
    }
    case 'awaitingApproval':
    case 'scheduled':
    case 'queued':
    case 'needsReview': {
      const until = addMs(now(), backOffMs(invitation.waits));
      // Whoever looks at the share sees that it is the guest's that somebody has to decide about.
      const reason = status === 'needsReview' ? 'guestNeedsReview' : 'waitsForGuest';
      return { stored, outcome: { type: 'postponed', until, reason, waited: true } };
    }
  }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const LOST = { code: 'guestMissing', message: 'The guest invitation that comes first is not there any more.' };
