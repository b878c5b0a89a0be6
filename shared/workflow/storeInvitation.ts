import { differencesOf } from '../domain/canonical';
import type { Invitation, Warning } from '../domain/invitation';
import { newInvitation } from '../domain/newInvitation';
import type { AskedInvitation, OnDuplicate } from '../domain/parseRequest';
import { type Limit, limitOf, thingOf } from '../domain/request';
import type { RequestFault } from '../domain/requestRules';
import type { Instant } from '../domain/time';
import type { Gate } from '../graph/gate';
import type { HintSender } from '../queue/hintSender';
import type { StoredInvitation } from '../tables/invitationEntity';
import type { Invitations } from '../tables/invitations';
import { sendHintFor } from './sendHint';

export interface StoreParts {
  invitations: Invitations;
  gates: Record<Limit, Pick<Gate, 'estimate'>>;
  hints: HintSender;
  tickMs: number;
}

/** What became of one entry of a request. */
export type EntryResult =
  /** 202 for a new invitation, 200 for one that was open already. */
  | { type: 'accepted'; status: 202 | 200; stored: StoredInvitation; warnings: Warning[] }
  | { type: 'duplicate'; id: string }
  | { type: 'invalid'; faults: RequestFault[] };

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
}

/**
 * Stores one invitation: estimate → one transaction → hint. Doing it again under the same id finds the first. Throws
 * `TablesUnavailableError`.
 */
export function makeStoreInvitation(parts: StoreParts) {
  const { invitations } = parts;

  return async (entry: Entry, now: Instant): Promise<EntryResult> => {
    const { asked, onDuplicate, seesOnlyOwn, ...made } = entry;
    const { request, warnings } = asked;
    const replaced = request.replaces === undefined ? undefined : await invitations.read(request.replaces);
    const isVisible = replaced && (!seesOnlyOwn || replaced.invitation.caller === entry.caller);
    if (request.replaces !== undefined && !isVisible) return { type: 'invalid', faults: [NOTHING_TO_REPLACE] };
    const sendAt = await parts.gates[limitOf(request)].estimate();
    const takesClaim = onDuplicate !== 'allow';
    const change = newInvitation({ ...made, request, warnings, takesClaim, sendAt }, now);
    const giver = replaced && takesClaim && isSameClaim(replaced.invitation, change.invitation) ? replaced : undefined;
    const result = await invitations.create(change, giver);
    switch (result.type) {
      case 'created':
        await sendHintFor(result.stored, { ...parts, now: invitations.now });
        return { type: 'accepted', status: 202, stored: result.stored, warnings };
      case 'exists':
        return { type: 'accepted', status: 202, stored: result.stored, warnings: result.stored.invitation.warnings };
      case 'claimed':
        return onDuplicate === 'reject'
          ? { type: 'duplicate', id: result.by.invitation.id }
          : { type: 'accepted', status: 200, stored: result.by, warnings: duplicateWarnings(asked, result.by) };
    }
  };
}

const NOTHING_TO_REPLACE: RequestFault = {
  code: 'notFound',
  target: 'replaces',
  message: 'replaces: there is no invitation with this id.',
};

const isSameClaim = (replaced: Invitation, made: Invitation): boolean =>
  replaced.holdsClaim && replaced.person === made.person && thingOf(replaced.request) === thingOf(made.request);

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
