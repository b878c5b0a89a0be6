/** What the settings decide about the way of an invitation. Durations in milliseconds unless they are ISO 8601 text. */
export interface Policy {
  sendLeaseMs: number;
  resolveAfterMs: number;
  maxSendAttempts: number;
  ambiguousSends: 'reconcile' | 'strict';
  /** How long after closing addresses and names are kept; undefined: for ever. */
  retainMs?: number;
  /** A share with somebody who is not in the directory makes a guest invitation first. */
  inviteGuestsFirst: boolean;
  onRevoke: 'keep' | 'removeGuest';
  onExpiry: 'keep' | 'removeGuest';
  /** How often a pending invitation is looked up in Graph between its reminders. */
  checkRedemptionEveryMs: number;
  /** How long an expired invitation is still looked up, so that a late redemption is noticed. */
  checkExpiredForMs: number;
}
