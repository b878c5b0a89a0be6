import type { Invitation } from '../../../../shared/domain/invitation';
import type { SendStep } from '../../../../shared/domain/nextStep';
import type { StoredInvitation } from '../../../../shared/tables/invitationEntity';
import type { Apply, ChangeResult } from '../../../../shared/tables/invitations';
import { type AdvanceParts, beginIntent } from '../../../../shared/workflow/intent';
import { REQUESTED_AT, aFirstSend, aPolicy, aQueuedInvitation, omit } from '../../../support/invitations';

const NOW = '2026-03-02T09:00:10.000Z';
const STEP: SendStep = { type: 'send', number: 0, cause: 'first' };
const INTENT = omit(aFirstSend(), 'startedAt', 'leaseEndsAt');

const storedOf = (invitation: Invitation): StoredInvitation => ({ invitation, etag: 'W/1', changeId: 'change-1' });

/** Tables in which `invitation` stands by the time of the transaction, which takes `writeMs`. */
function world(invitation: Invitation, { writeMs = 0, answer }: { writeMs?: number; answer?: ChangeResult } = {}) {
  const time = { ms: 500 };
  const change = (_id: string, apply: Apply): Promise<ChangeResult> => {
    time.ms += writeMs;
    if (answer) return Promise.resolve(answer);
    const changed = apply(invitation, NOW);
    return Promise.resolve(
      changed
        ? { type: 'changed', stored: storedOf(changed.invitation) }
        : { type: 'unchanged', stored: storedOf(invitation) },
    );
  };
  const parts = {
    invitations: { change },
    policy: aPolicy(),
    callTimeoutMs: 30_000,
    now: () => NOW,
    monotonicMs: () => time.ms,
  } as unknown as AdvanceParts;
  return { time, begin: () => beginIntent(storedOf(aQueuedInvitation()), INTENT, STEP, parts) };
}

it('puts the invitation under the intent, with a lease by the tables’ clock', async () => {
  const begun = await world(aQueuedInvitation()).begin();
  expect(begun).toMatchObject({
    type: 'begun',
    stored: {
      invitation: { intent: { ...INTENT, startedAt: NOW, leaseEndsAt: '2026-03-02T09:02:10.000Z' } },
    },
  });
});

it('allows a call only while it would end within the lease, counted from before the transaction', async () => {
  const { time, begin } = world(aQueuedInvitation(), { writeMs: 10_000 });
  const begun = await begin();
  if (begun.type !== 'begun') throw new Error(begun.type);
  expect(begun.mayStillCall()).toBe(true);
  // Two minutes of lease, 30 s of call, 10 s of transaction.
  time.ms += 79_999;
  expect(begun.mayStillCall()).toBe(true);
  time.ms += 1;
  expect(begun.mayStillCall()).toBe(false);
});

it.each([
  ['is closed by now', aQueuedInvitation({ status: 'revoked', holdsClaim: false })],
  ['is under another intent', aQueuedInvitation({ intent: aFirstSend({ attemptId: 'other' }) })],
  ['waits for a later time', aQueuedInvitation({ nextAttemptAt: '2026-03-02T09:00:10.001Z' })],
])('begins nothing when the invitation %s', async (_what, invitation) => {
  expect(await world(invitation).begin()).toEqual({
    type: 'notBegun',
    stored: storedOf(invitation),
    outcome: undefined,
  });
});

it.each([
  ['when the other’s lease ends', '2026-03-02T09:02:00.000Z', '2026-03-02T09:02:00.000Z'],
  ['five seconds later where that is sooner', '2026-03-02T09:00:11.000Z', '2026-03-02T09:00:15.000Z'],
  ['when a dead one’s intent may be resolved', REQUESTED_AT, '2026-03-02T09:10:00.000Z'],
])('comes back %s, if the person is busy', async (_when, until, expected) => {
  const { begin } = world(aQueuedInvitation(), { answer: { type: 'personBusy', until } });
  expect(await begin()).toMatchObject({
    type: 'notBegun',
    outcome: { type: 'postponed', until: expected, reason: 'personBusy', waited: false },
  });
});
