import { type Change, entry } from './history';
import { type Invitation, type Kind, type SendIntent, WORKFLOW } from './invitation';
import type { Verdict } from './outcome';
import type { Policy } from './policy';
import { recordSend, settleAtOnce } from './recordSend';
import { endIntent, fail, toReview, withUser, without } from './states';
import type { Instant } from './time';

/**
 * What was found out about a mail whose answer was lost. A reminder counts as sent whatever was found; a first send is
 * recorded, tried again, or handed to a person, who alone can say.
 */
export function resolveSend(
  invitation: Invitation,
  intent: SendIntent,
  verdict: Verdict,
  now: Instant,
  policy: Policy,
): Change {
  if (intent.cause !== 'first') return recordSend(invitation, intent, 'unknown', intent.startedAt, policy);
  switch (verdict.found) {
    case 'sent':
      return resolvedSent(invitation, intent, verdict, now, policy);
    case 'notSent':
      return resolvedNotSent(invitation, now, policy);
    case 'unclear':
      return toReview(
        { ...invitation, ...(verdict.userId === undefined ? {} : withUser(invitation, verdict.userId)) },
        { code: 'sendUnclear', message: UNCLEAR[invitation.kind] },
        now,
        policy,
      );
  }
}

function resolvedSent(
  invitation: Invitation,
  intent: SendIntent,
  verdict: Extract<Verdict, { found: 'sent' }>,
  now: Instant,
  policy: Policy,
): Change {
  const recorded = recordSend(invitation, intent, 'sent', intent.startedAt, policy);
  const made = invitation.kind === 'driveItem' ? { madePermission: true as const } : {};
  const found = { ...recorded.invitation, graph: { ...invitation.graph, ...verdict.graph }, ...made };
  const history = [entry(now, 'resolvedSent', WORKFLOW), ...recorded.history];
  return settleAtOnce({ invitation: found, history }, verdict.isRedeemed, now);
}

function resolvedNotSent(invitation: Invitation, now: Instant, policy: Policy): Change {
  if (policy.ambiguousSends === 'strict') {
    return toReview(invitation, { code: 'sendUnclear', message: UNCLEAR_STRICT[invitation.kind] }, now, policy);
  }
  const resolvedTries = invitation.resolvedTries + 1;
  if (resolvedTries >= policy.maxSendAttempts) {
    return fail({ ...invitation, resolvedTries }, { code: 'noAnswer', message: NO_ANSWER[invitation.kind] }, now);
  }
  return {
    invitation: { ...without(endIntent(invitation), 'nextAttemptAt'), resolvedTries },
    history: [entry(now, 'resolvedNotSent', WORKFLOW)],
  };
}

const ASK = 'Ask the person, then confirm it as sent or try it again.';

const UNCLEAR: Record<Kind, string> = {
  guest: `Whether the invitation was mailed is not known, and Graph can’t tell, because the person was in the directory before. ${ASK}`,
  driveItem: `Whether the share was mailed is not known, and Graph can’t tell, because the permission was there before, or nothing tells whose it is. ${ASK}`,
  linkedIn: `Whether the invitation was added is not known, and nothing of Graph tells. ${ASK}`,
};

const STRICT =
  'AMBIGUOUS_SENDS=strict never mails again without a person’s decision: confirm it as sent or try it again.';

const UNCLEAR_STRICT: Record<Kind, string> = {
  guest: `Whether the invitation was mailed is not known: Graph does not show the person. ${STRICT}`,
  driveItem: `Whether the share was mailed is not known: Graph does not show the permission. ${STRICT}`,
  linkedIn: UNCLEAR.linkedIn,
};

const NO_ANSWER: Record<Kind, string> = {
  guest: 'Microsoft Graph gave no answer to any try, and the person never appeared in the directory.',
  driveItem: 'Microsoft Graph gave no answer to any try, and the permission never appeared on the item.',
  linkedIn: 'Microsoft Graph gave no answer to any try.',
};
