import type { InvitationRequest, Kind } from './request';
import type { Instant } from './time';

export const STATUSES = [
  'awaitingApproval',
  'scheduled',
  'queued',
  'pendingAcceptance',
  'accepted',
  'failed',
  'expired',
  'revoked',
  'rejected',
  'needsReview',
] as const;
export type Status = (typeof STATUSES)[number];

/** `open`: the workflow goes on by itself. `review`: a person has to decide. `closed`: nothing more is mailed. */
export type Phase = 'open' | 'review' | 'closed';

export function phaseOf(status: Status): Phase {
  switch (status) {
    case 'awaitingApproval':
    case 'scheduled':
    case 'queued':
    case 'pendingAcceptance':
      return 'open';
    case 'needsReview':
      return 'review';
    case 'accepted':
    case 'failed':
    case 'expired':
    case 'revoked':
    case 'rejected':
      return 'closed';
  }
}

export const isOpen = (status: Status): boolean => phaseOf(status) === 'open';

export type { Kind } from './request';

/** One mail of an invitation: number 0 is the first, 1 and up are reminders and re-sends. */
export interface Send {
  number: number;
  cause: SendCause;
  /** `unknown`: Graph's answer was lost; a reminder then counts as sent. */
  status: 'sent' | 'unknown' | 'confirmed';
  at: Instant;
  attemptId: string;
}

export type SendCause = 'first' | 'reminder' | 'resend';

/** What was there when Graph was asked right before an intent: the person's guest, or their permission on the item. */
export type PersonBefore =
  | { known: false }
  | { known: true; userId: string; externalUserState: string | null }
  /** `isOurs`: an earlier invitation made it. */
  | { known: true; permissionId: string; isOurs?: true };

interface IntentBase {
  attemptId: string;
  startedAt: Instant;
  /** The worker makes no call after this; whoever resolves waits `RESOLVE_AFTER` longer for the directory to catch up. */
  leaseEndsAt: Instant;
}

/** The mark that Graph is about to be asked for something that must not happen twice. */
export type Intent = SendIntent | RemovalIntent;

export interface SendIntent extends IntentBase {
  purpose: 'send';
  number: number;
  cause: SendCause;
  /** Index of the last reminder that this mail stands for. */
  reminderIndex?: number;
  /** First sends only: what the look-up found, and Graph's own clock at that moment. */
  before?: PersonBefore;
  graphNow?: Instant;
  /** Set when the answer was unknown: why. */
  unknown?: string;
}

export interface RemovalIntent extends IntentBase {
  purpose: 'removeGuest';
}

/**
 * What Graph answered, without the redeem URL and the sharing link, which are secrets and are never stored. `id` is that
 * of Graph's invitation, of the permission, or of the LinkedIn invitation.
 */
export interface GraphRecord extends PermissionRecord {
  id?: string;
  status?: string;
  invitedUser?: { id: string; userPrincipalName?: string };
  externalUserState?: string | null;
  externalUserStateChangeDateTime?: string;
}

/** Of a driveItem: Graph's permission (https://learn.microsoft.com/graph/api/resources/permission). */
export interface PermissionRecord {
  roles?: string[];
  grantedTo?: object;
  grantedToV2?: object;
  grantedToIdentities?: object[];
  hasPassword?: boolean;
  inheritedFrom?: object;
  invitation?: object;
  shareId?: string;
  expirationDateTime?: string;
}

export interface Fault {
  code: string;
  message: string;
}

/** What becomes of the guest after a revoke or an expiry that asked for removal. */
export type Removal =
  { status: 'due'; tries: number } | { status: 'removed'; at: Instant } | { status: 'kept'; reason: string };

/** What became of one group of the request, from acceptance on. `tries` only counts for the back-off and its end. */
export type GroupMembership =
  | { id: string; status: 'due'; tries: number; retryAt?: Instant }
  | { id: string; status: 'joined'; at: Instant }
  | { id: string; status: 'failed'; code: string };

export interface Warning {
  code: string;
  message: string;
  target?: string;
}

/** Where a request came from, and the trace that it was part of. For logs and traces alone: nothing else looks at it. */
export interface Origin {
  /** A webhook source's name, or `api`, `bulk`, `csv`, `cli`. */
  source: string;
  /** https://www.w3.org/TR/trace-context/#traceparent-header */
  traceparent?: string;
}

/** One invited person and one thing they are invited to, from the request to a closed status. */
export interface Invitation {
  schemaVersion: 1;
  id: string;
  kind: Kind;
  status: Status;
  createdAt: Instant;
  /** Keyed hash of the normalised address, or of the object id or alias where there is none. */
  person: string;
  /** Of the request whose recipients became one invitation each. */
  batchId?: string;
  /** Who asked: function key callers are one caller. */
  caller: string;
  request: InvitationRequest;
  warnings: Warning[];
  /** Whether this invitation is the person's one open invitation for that thing (`onDuplicate: allow` takes no claim). */
  holdsClaim: boolean;
  sends: Send[];
  /** How many entries of `request.reminders.after` are done: mailed, or skipped because a later one fell due too. */
  remindersDone: number;
  /** Unknown first sends that turned out not to be sent. */
  resolvedTries: number;
  /** Shares that Graph made without mailing them, since the last mail. */
  unmailedTries?: number;
  /** How often a hint for it killed the host so often that the broker put it away. */
  deadLetters: number;
  /** Waits for Graph in a row, for the back-off; being throttled or waiting never counts as a try. */
  waits: number;
  historyCount: number;
  lastHistory?: HistoryEntry;
  /** How many events it has had: the number of the last. */
  eventCount?: number;
  intent?: Intent;
  resendRequestedAt?: Instant;
  revokeRequested?: { at: Instant; by: string };
  /** Graph is left alone until then. */
  nextAttemptAt?: Instant;
  firstSentAt?: Instant;
  expiresAt?: Instant;
  nextCheckAt?: Instant;
  /** An expired invitation is looked at until then: a late redemption still counts. */
  lateCheckUntil?: Instant;
  acceptedAt?: Instant;
  closedAt?: Instant;
  fault?: Fault;
  graph?: GraphRecord;
  /** The guest was not there before our first send; Graph's clock right before it. Only such a guest may be removed. */
  guestCreatedAfter?: Instant;
  removal?: Removal;
  groups?: GroupMembership[];
  /** The guest invitation that has to be sent first, for a share with somebody who is not in the directory yet. */
  waitsFor?: string;
  /** Since when that guest is known to have been invited: reads and SharePoint may lag behind it. */
  guestReadyAt?: Instant;
  /** The item's permission was not there before a mail of ours: only such a one may be deleted. */
  madePermission?: true;
  /**
   * The invitation that this one stands in for: revoked as soon as this one is stored. `retryAt`: when it is looked at
   * again, because it is still under way.
   */
  replaces?: { id: string; status: 'due'; retryAt?: Instant } | { id: string; status: 'done' };
  replacedBy?: string;
  /** Until when somebody has to approve. */
  approvalExpiresAt?: Instant;
  /** What somebody decided who was asked to approve. */
  approval?: { decision: 'approved' | 'rejected'; at: Instant; by: string; comment?: string };
  /** When addresses and names were erased; the person's keyed hash stays. */
  erasedAt?: Instant;
  origin?: Origin;
  /** A change that Graph has not been told yet. */
  updateRequestedAt?: Instant;
  /** The `updateRequestedAt` of the last change that Graph answered. */
  toldAt?: Instant;
}

/** What happened, for people to read. Repeats in a row are one entry with `times` and `lastAt`. */
export interface HistoryEntry {
  at: Instant;
  what: HistoryEvent;
  by: string;
  detail?: string;
  times?: number;
  lastAt?: Instant;
}

export type HistoryEvent =
  | 'requested'
  | 'enqueued'
  | 'sent'
  | 'reminded'
  | 'resent'
  | 'reminderSkipped'
  | 'resendRequested'
  | 'accepted'
  | 'refused'
  | 'postponed'
  | 'answerUnknown'
  | 'resolvedSent'
  | 'resolvedNotSent'
  | 'needsReview'
  | 'deadLettered'
  | 'retried'
  | 'confirmedSent'
  | 'redemptionReset'
  | 'redeemUrlGiven'
  | 'expired'
  | 'revokeRequested'
  | 'revoked'
  | 'guestRemoved'
  | 'guestKept'
  | 'groupJoined'
  | 'groupFailed'
  | 'approved'
  | 'rejected'
  | 'approvalExpired'
  | 'erased'
  | 'waitsForGuest'
  | 'sharedUnmailed'
  | 'permissionDeleted'
  | 'permissionKept'
  | 'changed'
  | 'updated'
  | 'updateRefused'
  | 'replaced'
  | 'notReplaced'
  /** In the place of an entry that was lost: npm run fsck -- --repair put it there. */
  | 'entryLost';

/** What needs approval replaces nothing before it is approved, and nothing at all when it is not. */
export const isReplacingDue = ({
  replaces,
  request,
  approval,
}: Pick<Invitation, 'replaces' | 'request' | 'approval'>): boolean =>
  replaces?.status === 'due' && (!request.approval || approval?.decision === 'approved');

/** Whether something is left to do for a closed invitation besides erasing it. */
export function isWorkLeft(invitation: Invitation): boolean {
  const { status, intent, removal, groups = [] } = invitation;
  return (
    intent !== undefined ||
    removal?.status === 'due' ||
    isReplacingDue(invitation) ||
    (status === 'accepted' && groups.some((group) => group.status === 'due'))
  );
}

/** The workflow itself, in history entries. */
export const WORKFLOW = 'workflow';

export const MAX_SENDS = 30;
