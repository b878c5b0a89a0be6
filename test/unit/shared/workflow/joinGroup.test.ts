import type { Joined } from '../../../../shared/graph/guest';
import type { AdvanceParts } from '../../../../shared/workflow/intent';
import { joinGroupStep } from '../../../../shared/workflow/joinGroup';
import { aPolicy, anInvitationThatIs } from '../../../support/invitations';

const ACCEPTED_AT = '2026-03-03T09:00:00.000Z';
const NOW = '2026-03-03T09:01:00.000Z';
const fault = { code: 'x', message: 'No.' };

/** What the step comes to when Graph gives that answer. */
async function outcomeOf(answer: Joined, { now = NOW, tries = 0, isKnown = true } = {}) {
  const invitation = {
    ...anInvitationThatIs('accepted'),
    acceptedAt: ACCEPTED_AT,
    ...(isKnown ? { graph: { invitedUser: { id: 'user-1' } } } : {}),
  };
  const parts = { guest: { joinGroup: () => Promise.resolve(answer) }, policy: aPolicy(), now: () => now };
  const stored = { invitation, etag: '1', changeId: '1' };
  const step = { type: 'joinGroup' as const, groupId: 'group-1', tries };
  return (await joinGroupStep(stored, step, parts as unknown as AdvanceParts)).outcome;
}

const later = (retryAt: string, waited: boolean) => ({
  type: 'groupLater',
  groupId: 'group-1',
  fault,
  retryAt,
  waited,
});
const failed = { type: 'groupFailed', groupId: 'group-1', fault };

it('tries what is not found again until RESOLVE_AFTER after the acceptance', async () => {
  const answer: Joined = { type: 'notFound', fault };
  expect(await outcomeOf(answer)).toEqual(later('2026-03-03T09:01:05.000Z', false));
  expect(await outcomeOf(answer, { tries: 3 })).toEqual(later('2026-03-03T09:01:40.000Z', false));
  expect(await outcomeOf(answer, { now: '2026-03-03T09:09:59.999Z' })).toMatchObject({ type: 'groupLater' });
  expect(await outcomeOf(answer, { now: '2026-03-03T09:10:00.000Z' })).toEqual(failed);
});

it('gives up at once what Graph refuses', async () => {
  expect(await outcomeOf({ type: 'refused', fault })).toEqual(failed);
});

it('waits as long as Graph asks, and a minute where it does not say, without counting', async () => {
  expect(await outcomeOf({ type: 'throttled', fault, retryAfterMs: 7_000 })).toEqual(
    later('2026-03-03T09:01:07.000Z', true),
  );
  expect(await outcomeOf({ type: 'later', fault, retryAfterMs: undefined })).toEqual(
    later('2026-03-03T09:02:00.000Z', true),
  );
  expect(await outcomeOf({ type: 'tenant', fault })).toEqual(later('2026-03-03T09:02:00.000Z', true));
});

it('tries again after an unknown answer, for asking twice does no harm', async () => {
  expect(await outcomeOf({ type: 'unknown', fault }, { tries: 1 })).toEqual(later('2026-03-03T09:01:10.000Z', false));
});

it('can’t join a guest whose id is not known', async () => {
  expect(await outcomeOf({ type: 'joined' }, { isKnown: false })).toMatchObject({
    type: 'groupFailed',
    fault: { code: 'guestUnknown' },
  });
});
