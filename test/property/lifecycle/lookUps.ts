import type { Invitation, PersonBefore } from '../../../shared/domain/invitation';
import type { SendStep } from '../../../shared/domain/nextStep';
import type { Outcome, Verdict } from '../../../shared/domain/outcome';
import { isReset } from '../../../shared/domain/request';
import { addMs } from '../../../shared/domain/time';
import type { StoredInvitation } from '../../../shared/tables/invitationEntity';
import { GUEST_FIRST } from './requests';
import { type World, invitations, store } from './world';

/** What the directory shows now. */
export const seenGuest = ({ guest, now }: World) => (guest && guest.visibleFrom <= now ? guest : undefined);

/** What the list of the item's permissions shows now. */
export const seenShare = ({ share, now }: World) => (share && share.visibleFrom <= now ? share : undefined);

const REDEEMED: Outcome = { type: 'redeemed', userId: 'user-1' };

type LookedUp = { type: 'ready'; before?: PersonBefore } | Outcome;

/** The look before a mail: what was there, or what is to be written instead of mailing. */
export function lookedUp(world: World, stored: StoredInvitation, step: SendStep): LookedUp {
  const { invitation } = stored;
  const isFirst = step.cause === 'first';
  const guest = seenGuest(world);
  switch (invitation.kind) {
    case 'guest': {
      const isResetting = isReset(invitation.request) && isFirst;
      if (guest?.state === 'Accepted' && !isResetting) return REDEEMED;
      const known = guest && { known: true as const, userId: 'user-1', externalUserState: guest.state };
      return { type: 'ready', ...(isFirst ? { before: known ?? { known: false } } : {}) };
    }
    case 'driveItem':
      if (isFirst) return strangerFirst(world, invitation) ?? beforeShare(world, invitation);
      return guest?.state === 'Accepted' ? REDEEMED : beforeShare(world, invitation);
    case 'linkedIn':
      return { type: 'ready' };
  }
}

const later = (world: World, reason: string): Outcome => ({
  type: 'postponed',
  until: addMs(world.now, 60_000),
  reason,
  waited: true,
});

/** Strangers are invited first. */
function strangerFirst(world: World, { guestReadyAt }: Invitation): Outcome | undefined {
  if (seenGuest(world)) return undefined;
  if (guestReadyAt === undefined) return { type: 'waitsForGuest', invitationId: guestFor(world) };
  const isFresh = addMs(guestReadyAt, world.policy.resolveAfterMs) > world.now;
  const fault = { code: 'guestMissing', message: 'The guest is not there.' };
  return isFresh ? later(world, 'notShownYet') : { type: 'guestMissing', fault };
}

/** Whether the person can use the item already. */
function beforeShare(world: World, { graph }: Invitation): LookedUp {
  if (graph?.id !== undefined) return { type: 'ready', before: { known: true, permissionId: graph.id } };
  if (!seenShare(world)) return { type: 'ready', before: { known: false } };
  const shares = invitations(world).flatMap(({ invitation: each }) => (each.kind === 'driveItem' ? [each] : []));
  if (shares.some(({ removal }) => removal?.status === 'due')) return later(world, 'removalDue');
  const isOurs = shares.some((each) => each.madePermission === true && each.removal?.status !== 'removed');
  return {
    type: 'ready',
    before: { known: true, permissionId: 'permission-1', ...(isOurs ? { isOurs: true as const } : {}) },
  };
}

/** The person's open guest invitation, or a new one without mail. */
function guestFor(world: World): string {
  const open = invitations(world).find(({ invitation: { kind, holdsClaim } }) => kind === 'guest' && holdsClaim);
  const id = open?.invitation.id ?? store(world, GUEST_FIRST);
  if (id === undefined) throw new Error('The guest invitation of a share met a claim.');
  return id;
}

/** What can be found out about a first mail whose answer is not known. */
export function verdictOf(world: World, { kind, intent }: Invitation): Verdict {
  if (intent?.purpose !== 'send' || intent.before?.known !== false) return { found: 'unclear' };
  const guest = seenGuest(world);
  const isRedeemed = guest?.state === 'Accepted';
  const graph = { invitedUser: { id: 'user-1' } };
  if (kind === 'driveItem') {
    return seenShare(world) ? { found: 'shared', graph: { ...graph, id: 'permission-1' } } : { found: 'notSent' };
  }
  if (!guest) return { found: 'notSent' };
  return guest.createdAt >= intent.startedAt
    ? { found: 'sent', graph, isRedeemed }
    : { found: 'unclear', userId: 'user-1' };
}
