import { type Change, entry } from './history';
import { type Invitation, WORKFLOW } from './invitation';
import type { IntentOutcome } from './outcome';
import { endIntent, without } from './states';
import type { Instant } from './time';

/** What came of taking back a guest or a permission, for the invitation whose intent it ends. */
export function applyRemovalOutcome(invitation: Invitation, outcome: IntentOutcome, now: Instant): Change | undefined {
  const free = endIntent(invitation);
  const { tries } = { tries: 0, ...invitation.removal };
  switch (outcome.type) {
    case 'guestRemoved':
      return {
        invitation: { ...without(free, 'nextAttemptAt', 'nextCheckAt'), removal: { status: 'removed', at: now } },
        history: [entry(now, isItem(invitation) ? 'permissionDeleted' : 'guestRemoved', WORKFLOW)],
      };
    case 'guestKept':
      return kept(free, outcome.reason, now);
    case 'removalFailed':
      return removalFailed(free, tries, outcome, now);
    case 'sent':
    case 'unmailed':
    case 'refused':
    case 'notSent':
    case 'unknown':
    case 'resolved':
      return undefined;
  }
}

const MAX_REMOVAL_TRIES = 8;

function removalFailed(
  invitation: Invitation,
  triesBefore: number,
  outcome: Extract<IntentOutcome, { type: 'removalFailed' }>,
  now: Instant,
): Change {
  const tries = outcome.waited ? triesBefore : triesBefore + 1;
  if (tries >= MAX_REMOVAL_TRIES) return kept(invitation, `removal failed ${tries} times: ${outcome.fault.code}`, now);
  return {
    invitation: {
      ...invitation,
      nextAttemptAt: outcome.retryAt,
      waits: invitation.waits + 1,
      removal: { status: 'due', tries },
    },
    history: [entry(now, 'postponed', WORKFLOW, `removal: ${outcome.fault.code}`)],
  };
}

const kept = (invitation: Invitation, reason: string, now: Instant): Change => ({
  invitation: { ...without(invitation, 'nextAttemptAt'), removal: { status: 'kept', reason } },
  history: [entry(now, isItem(invitation) ? 'permissionKept' : 'guestKept', WORKFLOW, reason)],
});

const isItem = ({ kind }: Invitation): boolean => kind === 'driveItem';
