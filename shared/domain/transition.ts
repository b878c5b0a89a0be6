import type { Status } from './invitation';

export const EVENTS = [
  'approve',
  'reject',
  'enqueue',
  'putOff',
  'sent',
  'refused',
  'unclear',
  'redeemed',
  'expire',
  'revoke',
  'retry',
  'confirmSent',
  'resetRedemption',
  'deadLetter',
] as const;
export type Event = (typeof EVENTS)[number];

/** Approval may lead to a date in the future: the caller moves on from `scheduled` by `enqueue` when it has come. */
const TABLE: Record<Status, Partial<Record<Event, Status>>> = {
  awaitingApproval: { approve: 'scheduled', reject: 'rejected', revoke: 'revoked' },
  scheduled: { enqueue: 'queued', refused: 'failed', revoke: 'revoked', deadLetter: 'needsReview' },
  queued: {
    sent: 'pendingAcceptance',
    refused: 'failed',
    unclear: 'needsReview',
    putOff: 'scheduled',
    redeemed: 'accepted',
    revoke: 'revoked',
    deadLetter: 'needsReview',
  },
  pendingAcceptance: {
    sent: 'pendingAcceptance',
    redeemed: 'accepted',
    expire: 'expired',
    revoke: 'revoked',
    deadLetter: 'needsReview',
  },
  // Only of a share, which gave something that can be taken back (decideRevoke).
  accepted: { resetRedemption: 'queued', revoke: 'revoked' },
  failed: { retry: 'queued' },
  expired: { redeemed: 'accepted' },
  revoked: {},
  rejected: {},
  needsReview: {
    redeemed: 'accepted',
    retry: 'queued',
    confirmSent: 'pendingAcceptance',
    revoke: 'revoked',
  },
};

/** The status that `event` leads to, or undefined where the event is forbidden. Total over every status × event. */
export const transition = (status: Status, event: Event): Status | undefined => TABLE[status][event];
