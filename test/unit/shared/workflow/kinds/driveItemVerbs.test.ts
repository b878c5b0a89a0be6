import type { Invitation } from '../../../../../shared/domain/invitation';
import { makeDriveItemVerbs } from '../../../../../shared/workflow/kinds/driveItemVerbs';
import type { GuestState } from '../../../../../shared/graph/guest';
import { aFirstSend } from '../../../../support/invitations';
import { aPendingShare, aQueuedShare, aShareRequest } from '../../../../support/kinds';

const PERMISSION = { id: 'permission-1', record: { id: 'permission-1', roles: ['read'] }, isUsed: true };
const MEMBER: GuestState = { userId: 'user-1', userType: 'Member', externalUserState: null };
const PENDING: GuestState = { userId: 'user-1', userType: 'Guest', externalUserState: 'PendingAcceptance' };
const acceptedAt = (externalUserStateChangeDateTime: string): GuestState => ({
  ...PENDING,
  externalUserState: 'Accepted',
  externalUserStateChangeDateTime,
});

/** The verbs over a Graph that shows this person and this permission, or none. */
function verbsOver(guest: GuestState, permission?: typeof PERMISSION) {
  const found = () => Promise.resolve({ type: 'found', permission, graphNow: undefined });
  const person = () => Promise.resolve({ type: 'found', guest, graphNow: undefined });
  const parts = {
    driveItem: { findPermission: found, readPermission: found },
    guest: { findById: person, findByAddress: person },
  };
  return makeDriveItemVerbs(parts as unknown as Parameters<typeof makeDriveItemVerbs>[0]);
}

describe('resolving a share whose answer was lost', () => {
  const resolve = (invitation: Invitation, ...seen: Parameters<typeof verbsOver>) =>
    verbsOver(...seen).resolve(invitation, aFirstSend());
  const graph = { ...PERMISSION.record, invitedUser: { id: 'user-1' } };

  it('tells of a permission that it is shared, not that its mail went out: after a failed mail it is there too', async () => {
    expect(await resolve(aQueuedShare(), MEMBER, PERMISSION)).toEqual({
      type: 'verdict',
      verdict: { found: 'shared', graph },
    });
  });

  it('tells that all is done where no mail was wanted', async () => {
    const invitation = aQueuedShare({ request: aShareRequest({ sendInvitation: false }) });
    expect(await resolve(invitation, PENDING, PERMISSION)).toEqual({
      type: 'verdict',
      verdict: { found: 'sent', graph, isRedeemed: false },
    });
  });

  it('tells of no permission that nothing was sent', async () => {
    expect(await resolve(aQueuedShare(), MEMBER)).toEqual({ type: 'verdict', verdict: { found: 'notSent' } });
  });
});

describe('checking who redeemed', () => {
  const inReview = aQueuedShare({ status: 'needsReview', graph: PERMISSION.record, madePermission: true });

  it('takes a member, and a guest who has accepted, for redeemed where a mail is known to have gone out', async () => {
    expect(await verbsOver(MEMBER, PERMISSION).check(aPendingShare())).toMatchObject({ type: 'redeemed' });
    const accepted = verbsOver(acceptedAt('2025-11-02T09:00:00Z'), PERMISSION);
    expect(await accepted.check(aPendingShare())).toMatchObject({ type: 'redeemed' });
  });

  it.each([
    ['a member', MEMBER, 'notRedeemed'],
    ['a guest who had accepted before', acceptedAt('2025-11-02T09:00:00Z'), 'notRedeemed'],
    ['a guest who has accepted since', acceptedAt('2026-03-02T10:00:00Z'), 'redeemed'],
    ['a guest who has still to accept', PENDING, 'notRedeemed'],
  ])('of a share that waits for somebody to look whether it was mailed: %s', async (_who, guest, type) => {
    expect(await verbsOver(guest, PERMISSION).check(inReview)).toMatchObject({ type, userId: 'user-1' });
  });

  it('leaves that to a person for a retried one too, whose mail failed each time', async () => {
    const unmailed = { ...inReview, fault: { code: 'notMailed', message: 'The mail failed.' } };
    expect((await verbsOver(MEMBER, PERMISSION).check(unmailed)).type).toBe('notRedeemed');
  });
});
