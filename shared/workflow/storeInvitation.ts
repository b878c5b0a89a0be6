import { differencesOf } from '../domain/canonical';
import type { Change } from '../domain/history';
import type { Invitation, Origin, Warning } from '../domain/invitation';
import { newInvitation } from '../domain/newInvitation';
import type { AskedInvitation, OnDuplicate } from '../domain/parseRequest';
import { nextDayAt } from '../domain/quota';
import { type Limit, limitOf, thingOf } from '../domain/request';
import type { RequestFault } from '../domain/requestRules';
import type { Instant } from '../domain/time';
import type { Gate } from '../graph/gate';
import type { HintSender } from '../queue/hintSender';
import type { StoredInvitation } from '../tables/invitationEntity';
import type { Invitations } from '../tables/invitations';
import type { SourceLinks } from '../tables/sourceLinks';
import type { CallerQuota } from './callerQuota';
import { sendHintFor } from './sendHint';

export interface StoreParts {
  invitations: Invitations;
  gates: Record<Limit, Pick<Gate, 'estimate'>>;
  hints: Pick<HintSender, 'send'>;
  tickMs: number;
  /** Without it no source finds again what was asked for in its name. */
  sourceLinks?: Pick<SourceLinks, 'link'>;
  /** Without it callers may make as many as they like. */
  callerQuota?: CallerQuota;
  /** Invitations a day (UTC) for one person; any number without it. */
  quotaPerRecipient?: number;
}

/** What became of one entry of a request. */
export type EntryResult =
  /** 202 for a new invitation, 200 for one that was open already. */
  | { type: 'accepted'; status: 202 | 200; stored: StoredInvitation; warnings: Warning[] }
  | { type: 'duplicate'; id: string }
  | { type: 'invalid'; faults: RequestFault[] }
  | OverQuota;

/** As many as may be were made today (UTC), by this caller or for this person; `until`: then it can be tried again. */
export interface OverQuota {
  type: 'overQuota';
  of: 'caller' | 'recipient';
  most: number;
  until: Instant;
}

/** `isNew`: this call made it. */
export interface Stored {
  result: EntryResult;
  isNew: boolean;
}

export interface Entry {
  asked: AskedInvitation;
  onDuplicate: OnDuplicate;
  id: string;
  /** Keyed hash. */
  person: string;
  caller: string;
  /** What others made can't be replaced by a caller who may not see it. */
  seesOnlyOwn: boolean;
  batchId?: string;
  origin?: Origin;
  /** When the event of its source came; left out: now. */
  askedAt?: Instant;
}

/**
 * Stores one invitation: estimate → one transaction → hint. Doing it again under the same id finds the first. Counts it
 * for its recipient, not for its caller. Throws `TablesUnavailableError`.
 */
export function makeStoreInvitation(parts: StoreParts) {
  const { invitations, quotaPerRecipient: most } = parts;

  /** `sendAt`: the gate's estimate, where it was asked for already. */
  return async (entry: Entry, now: Instant, sendAt?: Instant): Promise<Stored> => {
    const { asked, seesOnlyOwn } = entry;
    const { request, warnings } = asked;
    const replaced = request.replaces === undefined ? undefined : await invitations.read(request.replaces);
    const isVisible = replaced && (!seesOnlyOwn || replaced.invitation.caller === entry.caller);
    if (request.replaces !== undefined && !isVisible) return not({ type: 'invalid', faults: [NOTHING_TO_REPLACE] });
    const change = changeOf(entry, sendAt ?? (await parts.gates[limitOf(request)].estimate()), now);
    const giver = replaced && isSameClaim(replaced.invitation, change.invitation) ? replaced : undefined;
    await linkToSource(entry, now, parts);
    const created = await invitations.create(change, giver, most);
    switch (created.type) {
      case 'created':
        await sendHintFor(created.stored, { ...parts, now: invitations.now });
        return { result: { type: 'accepted', status: 202, stored: created.stored, warnings }, isNew: true };
      case 'exists':
        return not(foundAgain(created.stored));
      case 'claimed':
        return not(alreadyOpen(entry, created.by));
      case 'recipientQuota':
        return not({ type: 'overQuota', of: 'recipient', most: most ?? 0, until: nextDayAt(now) });
    }
  };
}

/** Before it is stored, so that no invitation is missed by later events of its source (table SourceLinks). */
export async function linkToSource(
  { asked, id, person, askedAt }: Entry,
  now: Instant,
  { sourceLinks }: Pick<StoreParts, 'sourceLinks'>,
): Promise<void> {
  const { source, externalId } = asked.request;
  if (!sourceLinks || source === undefined) return;
  const subjects = [{ source, person }, ...(externalId === undefined ? [] : [{ source, externalId }])];
  await Promise.all(subjects.map((subject) => sourceLinks.link(subject, { id, askedAt: askedAt ?? now })));
}

const not = (result: EntryResult): Stored => ({ result, isNew: false });

/** The first transaction of an entry. */
export function changeOf(entry: Entry, sendAt: Instant, now: Instant): Change {
  const { asked, onDuplicate, id, person, caller, batchId, origin } = entry;
  const { request, warnings } = asked;
  const takesClaim = onDuplicate !== 'allow';
  const more = { ...(batchId === undefined ? {} : { batchId }), ...(origin ? { origin } : {}) };
  return newInvitation({ id, person, caller, request, warnings, takesClaim, sendAt, ...more }, now);
}

/** An earlier try of the same request made it. */
export const foundAgain = (stored: StoredInvitation): EntryResult => ({
  type: 'accepted',
  status: 202,
  stored,
  warnings: stored.invitation.warnings,
});

/** The person has an open invitation for the same thing. */
export const alreadyOpen = ({ asked, onDuplicate }: Entry, open: StoredInvitation): EntryResult =>
  onDuplicate === 'reject'
    ? { type: 'duplicate', id: open.invitation.id }
    : { type: 'accepted', status: 200, stored: open, warnings: duplicateWarnings(asked, open) };

export const NOTHING_TO_REPLACE: RequestFault = {
  code: 'notFound',
  target: 'replaces',
  message: 'replaces: there is no invitation with this id.',
};

const isSameClaim = (replaced: Invitation, made: Invitation): boolean =>
  made.holdsClaim &&
  replaced.holdsClaim &&
  replaced.person === made.person &&
  thingOf(replaced.request) === thingOf(made.request);

/** What an answer says that gives the open invitation in the place of a new one. */
export function duplicateWarnings({ request }: AskedInvitation, { invitation: open }: StoredInvitation): Warning[] {
  return [
    {
      code: 'alreadyInvited',
      message: `This person has an open invitation already, made ${open.createdAt}; this is it. Nothing new was made.`,
    },
    ...(request.replaces === undefined || request.replaces === open.id ? [] : [NOT_REPLACED]),
    ...differencesOf(request, open.request).map((target) => ({
      code: 'differs',
      target,
      message: `${target} is not what you sent: the open invitation keeps its own.`,
    })),
  ];
}

const NOT_REPLACED: Warning = {
  code: 'notReplaced',
  target: 'replaces',
  message: 'The invitation that was to be replaced is as it was, because nothing new was made. Revoke it yourself.',
};
