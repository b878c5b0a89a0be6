import { type BulkItem, type Place, itemsOf, placeOf } from '../domain/bulkEntry';
import { invitationId } from '../domain/ids';
import type { Invitation, Status, Warning } from '../domain/invitation';
import type { RequestFault } from '../domain/parseRequest';
import { nextDayAt } from '../domain/quota';
import { reminderAt } from '../domain/reminders';
import { type Limit, isMailed, limitOf, thingOf } from '../domain/request';
import { type Instant, addDuration, later, toMs } from '../domain/time';
import type { StoredInvitation } from '../tables/invitationEntity';
import type { BulkAsked, BulkParts } from './bulkInvitations';
import { type AskedItem, entryOf, isAsked } from './entryOf';
import { someAtOnce } from './someAtOnce';
import { type Entry, NOTHING_TO_REPLACE, type OverQuota, changeOf, duplicateWarnings } from './storeInvitation';
import { overCallerQuota } from './storeWithinQuota';
import type { Anothers } from './withoutOthers';

/** When things would happen to a new invitation. Left out: what has to wait for an approval, or for nothing. */
export interface Plan {
  status: Status;
  sendAt?: Instant;
  reminders?: Instant[];
  expiresAt?: Instant;
  approvalExpiresAt?: Instant;
}

export type Foreseen =
  | { type: 'new'; plan: Plan; warnings: Warning[] }
  | { type: 'open'; id: string; warnings: Warning[] }
  | { type: 'duplicate'; id: string }
  /** The same person and thing stand in the call before; `isRefused`: and the entry asks to be refused then. */
  | { type: 'sameAs'; place: Place; isRefused: boolean }
  | { type: 'invalid'; faults: RequestFault[] }
  | Anothers
  | OverQuota;

/** What the tables say about an entry. */
interface Found {
  entry: Entry;
  replaced: StoredInvitation | undefined;
  holder: StoredInvitation | undefined;
  madeToday: number;
}

/** What the entries before have used up. */
interface Used {
  claims: Map<string, Place>;
  persons: Map<string, number>;
  callerLeft: number;
}

/**
 * Says what a bulk request would come to and when, and leaves no trace: reads tables, asks Graph nothing, takes no place
 * in any line. Throws `TablesUnavailableError`.
 */
export function makeForeseeInvitations(parts: BulkParts) {
  const { invitations, callerQuota, quotaPerRecipient } = parts;

  return async (asked: BulkAsked): Promise<{ place: Place; foreseen: Foreseen }[]> => {
    const now = invitations.now();
    const batchId = invitationId(toMs(now), parts.randomBytes(10), '00');
    const items = itemsOf(asked.entries, parts.rules);
    const found = new Map<BulkItem, Found>();
    await someAtOnce(items.filter(isAsked), async (item) => {
      found.set(item, await look(entryOf(item, asked, batchId, parts), now));
    });
    const callerLeft = callerQuota ? await callerQuota.left(asked.caller) : Infinity;
    const used: Used = { claims: new Map(), persons: new Map(), callerLeft };
    const lines = await openLines();
    return items.map((item) => {
      const about = found.get(item);
      const foreseen = isAsked(item) && about ? foresee(item, about, used, lines, now) : faultsOf(item);
      return { place: placeOf(item), foreseen };
    });
  };

  async function look(entry: Entry, now: Instant): Promise<Found> {
    const { invitation } = changeOf(entry, now, now);
    const { replaces } = invitation.request;
    const [replaced, holder, madeToday] = await Promise.all([
      replaces === undefined ? undefined : invitations.read(replaces),
      invitation.holdsClaim ? invitations.readHolder(invitation) : undefined,
      quotaPerRecipient === undefined ? 0 : invitations.madeToday(invitation),
    ]);
    return { entry, replaced, holder, madeToday };
  }

  async function openLines(): Promise<Record<Limit, () => Instant>> {
    const { gates } = parts;
    return {
      invitations: await gates.invitations.foresee(),
      shares: await gates.shares.foresee(),
      mailedShares: await gates.mailedShares.foresee(),
      linkedIn: await gates.linkedIn.foresee(),
    };
  }

  function foresee(
    item: AskedItem,
    about: Found,
    used: Used,
    lines: Record<Limit, () => Instant>,
    now: Instant,
  ): Foreseen {
    const { entry } = about;
    const { request } = entry.asked;
    const isVisible = about.replaced && (!entry.seesOnlyOwn || about.replaced.invitation.caller === entry.caller);
    if (request.replaces !== undefined && !isVisible) return { type: 'invalid', faults: [NOTHING_TO_REPLACE] };
    const claim = entry.onDuplicate === 'allow' ? undefined : `${entry.person} ${thingOf(request)}`;
    const before = claim === undefined ? undefined : used.claims.get(claim);
    if (before) return { type: 'sameAs', place: before, isRefused: entry.onDuplicate === 'reject' };
    if (about.holder && about.holder.invitation.id !== request.replaces) return openOne(entry, about.holder);
    const quota = overQuota(about, used, now);
    if (quota) return quota;
    if (claim !== undefined) used.claims.set(claim, placeOf(item));
    used.persons.set(entry.person, (used.persons.get(entry.person) ?? 0) + 1);
    used.callerLeft -= 1;
    return { type: 'new', plan: planOf(entry, lines, now), warnings: entry.asked.warnings };
  }

  function overQuota({ entry, madeToday }: Found, used: Used, now: Instant): OverQuota | undefined {
    const made = madeToday + (used.persons.get(entry.person) ?? 0);
    if (quotaPerRecipient !== undefined && made >= quotaPerRecipient) {
      return { type: 'overQuota', of: 'recipient', most: quotaPerRecipient, until: nextDayAt(now) };
    }
    return used.callerLeft <= 0 ? overCallerQuota(parts, now) : undefined;
  }
}

const faultsOf = (item: BulkItem): Foreseen => ({ type: 'invalid', faults: 'faults' in item ? item.faults : [] });

function openOne({ asked, onDuplicate, caller, seesOnlyOwn }: Entry, open: StoredInvitation): Foreseen {
  const { id } = open.invitation;
  if (seesOnlyOwn && open.invitation.caller !== caller) return { type: 'duplicateOfAnothers' };
  return onDuplicate === 'reject'
    ? { type: 'duplicate', id }
    : { type: 'open', id, warnings: duplicateWarnings(asked, open) };
}

function planOf(entry: Entry, lines: Record<Limit, () => Instant>, now: Instant): Plan {
  const { request } = entry.asked;
  const { invitation } = changeOf(entry, now, now);
  const { status, approvalExpiresAt } = invitation;
  if (approvalExpiresAt !== undefined) return { status, approvalExpiresAt };
  const isAhead = (request.notBefore ?? '') > now;
  const sendAt = isAhead ? later(now, request.notBefore) : lines[limitOf(request)]();
  const { expireAfter, reminders } = request;
  return {
    status,
    sendAt,
    reminders: isMailed(request) ? remindersOf({ ...invitation, firstSentAt: sendAt }) : [],
    expiresAt: addDuration(sendAt, expireAfter, reminders.timeZone),
  };
}

const remindersOf = (invitation: Invitation): Instant[] =>
  invitation.request.reminders.after.flatMap((_, index) => reminderAt(invitation, index) ?? []);
