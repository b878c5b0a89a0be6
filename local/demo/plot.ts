import type { HistoryEvent, Status } from '../../shared/domain/invitation';
import type { BehaviourPatch } from '../graph/behaviour';

type Faults = NonNullable<BehaviourPatch['faults']>;

/** What happens to the person of one line, and what must come of it. */
export interface Part {
  /** What the HTTP function answers: 202 new, 200 open already, 400 refused. */
  answer: 202 | 200 | 400;
  /** Where the invitation ends; left out for lines that make none. */
  status?: Extract<Status, 'accepted' | 'expired' | 'failed'>;
  /** Mails that Graph sends, the first one among them. */
  mails: number;
  /** The person accepts once that many mails have come. */
  acceptsAfter?: number;
  /** What the first call for this person meets. */
  fault?: Pick<Faults[number], 'answer' | 'retryAfter'>;
  /** What the history must tell. */
  shows?: HistoryEvent;
  /** A guest who accepted long before the file was written. */
  isGuestAlready?: true;
}

const ACCEPTS_AT_ONCE: Part = { answer: 202, status: 'accepted', mails: 1, acceptsAfter: 1 };
const ACCEPTS_AFTER_A_REMINDER: Part = {
  answer: 202,
  status: 'accepted',
  mails: 2,
  acceptsAfter: 2,
  shows: 'reminded',
};
/** The first mail, both reminders, and then it is over. */
const NEVER_ANSWERS: Part = { answer: 202, status: 'expired', mails: 3, shows: 'expired' };

/** Who plays what, by the file's externalId; every other line is somebody who accepts at once. */
const PARTS: Record<string, Part> = {
  E1003: NEVER_ANSWERS,
  E1004: ACCEPTS_AFTER_A_REMINDER,
  // Graph throttles the first call: everybody waits for as long as it says, nobody is asked for twice.
  E1006: { ...ACCEPTS_AT_ONCE, fault: { answer: 429, retryAfter: 2 }, shows: 'postponed' },
  E1007: NEVER_ANSWERS,
  // Graph is away for this call and says for how long: only this invitation waits.
  E1008: { ...ACCEPTS_AFTER_A_REMINDER, fault: { answer: 503, retryAfter: 3 }, shows: 'postponed' },
  // The mail goes out but the answer is lost: found out by looking, never by mailing again.
  E1010: { ...ACCEPTS_AT_ONCE, fault: { answer: 'resetAfter' }, shows: 'resolvedSent' },
  // Accepted long ago: nothing to mail.
  E1011: { answer: 202, status: 'accepted', mails: 0, isGuestAlready: true },
  // One of our own: Graph refuses to invite a member of the tenant.
  E1012: { answer: 202, status: 'failed', mails: 0, shows: 'refused' },
  // No address: refused before anything is stored.
  E1013: { answer: 400, mails: 0 },
  E1016: ACCEPTS_AFTER_A_REMINDER,
  E1017: NEVER_ANSWERS,
  // The person of E1007 again, written otherwise: answered with the invitation that is open.
  E1019: { answer: 200, mails: 0 },
  E1021: ACCEPTS_AFTER_A_REMINDER,
  E1023: NEVER_ANSWERS,
};

export const partOf = (externalId: string): Part => PARTS[externalId] ?? ACCEPTS_AT_ONCE;
