import type { Status } from '../../../../shared/domain/invitation';
import { awaitGuestStep } from '../../../../shared/workflow/awaitGuest';
import { anInvitationThatIs } from '../../../support/invitations';
import { GUEST_INVITATION, aWaitingShare } from '../../../support/kinds';

const NOW = '2026-03-02T09:00:30.000Z';
const SEND_AT = '2026-03-02T09:00:31.000Z';

/** What a share makes of the guest invitation that it waits for. */
async function awaited(status: Status | undefined) {
  const stored = { invitation: aWaitingShare(), etag: 'e', changeId: 'c' };
  const guest = status && { ...stored, invitation: { ...anInvitationThatIs(status), id: GUEST_INVITATION } };
  const parts = {
    invitations: { read: (id: string) => Promise.resolve(id === GUEST_INVITATION ? guest : undefined) },
    gates: { mailedShares: { estimate: () => Promise.resolve(SEND_AT) } },
    now: () => NOW,
  };
  const done = await awaitGuestStep(stored, GUEST_INVITATION, parts as unknown as Parameters<typeof awaitGuestStep>[2]);
  return done.outcome;
}

describe('a share that waits for its guest', () => {
  it.each([
    ['pendingAcceptance', { userId: 'user-1' }],
    ['expired', { userId: 'user-1' }],
    ['accepted', {}],
  ] as const)('goes on once the guest invitation is %s', async (status, guest) => {
    expect(await awaited(status)).toEqual({ type: 'enqueued', sendAt: SEND_AT, guest });
  });

  it.each([
    ['awaitingApproval', 'waitsForGuest'],
    ['scheduled', 'waitsForGuest'],
    ['queued', 'waitsForGuest'],
    ['needsReview', 'guestNeedsReview'],
  ] as const)('waits while it is %s, and says for what', async (status, reason) => {
    expect(await awaited(status)).toMatchObject({ type: 'postponed', reason, waited: true });
  });

  it.each([
    ['failed', 'guestFailed'],
    ['revoked', 'guestRevoked'],
    ['rejected', 'guestRejected'],
    [undefined, 'guestMissing'],
  ] as const)('fails with the reason where it is %s', async (status, code) => {
    expect(await awaited(status)).toMatchObject({ type: 'guestMissing', fault: { code } });
  });
});
