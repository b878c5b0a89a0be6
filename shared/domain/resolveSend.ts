import { type Change, entry } from './history';
import { type GraphRecord, type Invitation, type Kind, type SendIntent, WORKFLOW } from './invitation';
import type { Verdict } from './outcome';
import type { Policy } from './policy';
import { isRepeatable } from './request';
import { recordSend, recordUnknown, settleAtOnce } from './recordSend';
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
  if (intent.cause !== 'first') return recordUnknown(invitation, intent, intent.startedAt, policy);
  switch (verdict.found) {
    case 'sent':
      return resolvedSent(invitation, intent, verdict, now, policy);
    case 'shared':
      return resolvedShared(invitation, verdict.graph, now, policy);
    case 'notSent':
      return resolvedNotSent(invitation, now, policy);
    case 'unclear':
      return resolvedUnclear(invitation, verdict.userId, now, policy);
  }
}

/** A mail that failed leaves the same permission as one that went out (207), so only the person can tell. */
const resolvedShared = (invitation: Invitation, graph: GraphRecord, now: Instant, policy: Policy): Change =>
  toReview(
    { ...invitation, graph: { ...invitation.graph, ...graph }, madePermission: true },
    { code: 'sendUnclear', message: SHARED },
    now,
    policy,
  );

/** Where nothing was to be mailed there is nothing to ask anybody: it is tried again, until Graph has answered no try. */
function resolvedUnclear(invitation: Invitation, userId: string | undefined, now: Instant, policy: Policy): Change {
  const resolvedTries = invitation.resolvedTries + 1;
  const isRepeated = isRepeatable(invitation.request);
  if (isRepeated && resolvedTries < policy.maxSendAttempts) return again(invitation, resolvedTries, now);
  const seen = { ...invitation, ...(userId === undefined ? {} : withUser(invitation, userId)) };
  const message = isRepeated ? UNMAILED : UNCLEAR[invitation.kind];
  return toReview(seen, { code: 'sendUnclear', message }, now, policy);
}

const again = (invitation: Invitation, resolvedTries: number, now: Instant): Change => ({
  invitation: { ...without(endIntent(invitation), 'nextAttemptAt'), resolvedTries },
  history: [entry(now, 'resolvedNotSent', WORKFLOW)],
});

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
  if (policy.ambiguousSends === 'strict' && !isRepeatable(invitation.request)) {
    return toReview(invitation, { code: 'sendUnclear', message: UNCLEAR_STRICT[invitation.kind] }, now, policy);
  }
  const resolvedTries = invitation.resolvedTries + 1;
  if (resolvedTries >= policy.maxSendAttempts) {
    return fail({ ...invitation, resolvedTries }, { code: 'noAnswer', message: NO_ANSWER[invitation.kind] }, now);
  }
  return again(invitation, resolvedTries, now);
}

const ASK = 'Ask the person, then confirm it as sent or try it again.';

const UNCLEAR: Record<Kind, string> = {
  guest: `Whether the invitation was mailed is not known, and Graph can’t tell, because the person was in the directory before. ${ASK}`,
  driveItem: `Whether the share was mailed is not known, and Graph can’t tell, because the permission was there before, or nothing tells whose it is. ${ASK}`,
  linkedIn: `Whether the invitation was added is not known, and nothing of Graph tells. ${ASK}`,
};

const SHARED = `The item is shared, but whether its mail went out is not known: Graph’s answer was lost, and the permission does not tell. ${ASK}`;

const UNMAILED =
  'Microsoft Graph gave no answer to any try, and can’t tell whether one was carried out. Nothing was to be mailed: look ' +
  'there, then confirm it or try it again.';

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
