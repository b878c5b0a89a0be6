import type { ChangesPage } from '../../../../shared/graph/guestChanges';
import { makeSyncRedemptions, type SyncParts } from '../../../../shared/workflow/syncRedemptions';
import type { Invitation } from '../../../../shared/domain/invitation';
import { aPendingInvitation, aPolicy, aReminder, ID } from '../../../support/invitations';

const NOW = '2026-03-02T12:00:00.000Z';

/** One invitation, a kept link, and a Graph that tells of its guest with every run. */
function aWorld(first: Invitation) {
  const world = { invitation: first, kept: 'kept', asked: [] as string[] };
  const page = (path: string): ChangesPage => ({ type: 'page', redeemed: [{ userId: 'user-1' }], path, isLast: true });
  const stored = () => ({ invitation: world.invitation, etag: '1', changeId: '1' });
  const parts = {
    guestChanges: {
      read: (path: string) => {
        world.asked.push(path);
        return Promise.resolve(page('next'));
      },
    },
    syncState: {
      read: () => Promise.resolve(world.kept),
      write: (path: string) => Promise.resolve(void (world.kept = path)),
    },
    invitedUsers: { invitationsOf: () => Promise.resolve([ID]) },
    invitations: {
      change: (_id: string, apply: (from: Invitation, now: string) => { invitation: Invitation } | undefined) => {
        const changed = apply(world.invitation, NOW);
        if (!changed) return Promise.resolve({ type: 'unchanged', stored: stored() });
        world.invitation = changed.invitation;
        return Promise.resolve({ type: 'changed', stored: stored() });
      },
    },
    policy: aPolicy(),
    tickMs: 60_000,
    now: () => NOW,
  } as unknown as SyncParts;
  return { world, sync: makeSyncRedemptions(parts) };
}

describe('syncRedemptions', () => {
  it('keeps where it was while an invitation is under an intent, so that it hears of the redemption again', async () => {
    const { world, sync } = aWorld(aPendingInvitation({ intent: aReminder() }));
    expect(await sync()).toEqual({ type: 'synced', redeemed: 0, held: 1 });
    expect([world.kept, world.invitation.status]).toEqual(['kept', 'pendingAcceptance']);

    world.invitation = aPendingInvitation();
    expect(await sync()).toEqual({ type: 'synced', redeemed: 1, held: 0 });
    expect([world.kept, world.invitation.status]).toEqual(['next', 'accepted']);
    expect(world.asked).toEqual(['kept', 'kept']);
  });
});
