import type { Invitation } from '../../../../shared/domain/invitation';
import type { StoredInvitation } from '../../../../shared/tables/invitationEntity';
import type { Apply } from '../../../../shared/tables/invitations';
import type { AdvanceParts } from '../../../../shared/workflow/intent';
import { removeStep } from '../../../../shared/workflow/otherSteps';
import { type GuestVerbsParts, makeGuestVerbs } from '../../../../shared/workflow/kinds/guestVerbs';
import { aPendingInvitation, aPolicy, omit } from '../../../support/invitations';

/** Mailed on 2 March 2026 at 09:00:05, revoked right after. */
const REVOKED = omit(
  aPendingInvitation({
    status: 'revoked',
    holdsClaim: false,
    closedAt: '2026-03-02T09:00:06.000Z',
    removal: { status: 'due', tries: 0 },
  }),
  'nextCheckAt',
);

const storedOf = (invitation: Invitation): StoredInvitation => ({ invitation, etag: 'W/1', changeId: 'change-1' });

/** Looks for the guest at `now`, where Graph shows none. */
async function removeUnseen(now: string) {
  const guest = { findById: () => Promise.resolve({ type: 'found', guest: undefined, graphNow: undefined }) };
  const policy = aPolicy({ onRevoke: 'removeGuest' });
  const parts = {
    invitations: {
      change: (_id: string, apply: Apply) => {
        const changed = apply(REVOKED, now);
        if (!changed) throw new Error('No intent was placed.');
        return Promise.resolve({ type: 'changed', stored: storedOf(changed.invitation) });
      },
    },
    kinds: { guest: makeGuestVerbs({ guest, policy, now: () => now } as unknown as GuestVerbsParts) },
    policy,
    callTimeoutMs: 30_000,
    now: () => now,
    monotonicMs: () => 0,
  } as unknown as AdvanceParts;
  return (await removeStep(storedOf(REVOKED), parts)).outcome;
}

it('looks again for a guest whom Graph does not show yet, once what it was mailed must show', async () => {
  expect(await removeUnseen('2026-03-02T09:00:10.000Z')).toMatchObject({
    type: 'removalFailed',
    fault: { code: 'notShownYet' },
    retryAt: '2026-03-02T09:10:05.000Z',
    waited: true,
  });
});

it('takes a guest for removed whom Graph does not show long after the mail', async () => {
  expect(await removeUnseen('2026-03-02T09:10:05.000Z')).toMatchObject({ type: 'guestRemoved' });
});
