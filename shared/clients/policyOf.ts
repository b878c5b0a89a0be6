import type { Policy } from '../domain/policy';
import type { Settings } from '../settings';

/** What the settings say of the life of an invitation. */
export const policyOf = (settings: Settings): Required<Policy> => ({
  sendLeaseMs: settings.SEND_LEASE,
  resolveAfterMs: settings.RESOLVE_AFTER,
  maxSendAttempts: settings.MAX_SEND_ATTEMPTS,
  ambiguousSends: settings.AMBIGUOUS_SENDS,
  onRevoke: settings.ON_REVOKE,
  onExpiry: settings.ON_EXPIRY,
  checkRedemptionEveryMs: settings.CHECK_REDEMPTION_EVERY,
  checkExpiredForMs: settings.CHECK_EXPIRED_FOR,
  inviteGuestsFirst: settings.INVITE_GUESTS_FIRST,
  retainMs: settings.RETAIN_DAYS * DAY_MS,
});

const DAY_MS = 24 * 3600_000;

/** What the settings say of requests: what may be asked for, and what holds where nothing is said. */
export const rulesOf = (settings: Settings) => ({
  inviteRedirectUrl: settings.INVITE_REDIRECT_URL,
  allowedRedirectOrigins: settings.ALLOWED_REDIRECT_ORIGINS,
  allowedEmailDomains: settings.ALLOWED_EMAIL_DOMAINS,
  blockedEmailDomains: settings.BLOCKED_EMAIL_DOMAINS,
  sendInvitationMessage: settings.SEND_INVITATION_MESSAGE,
  remindAfter: settings.REMIND_AFTER,
  expireAfter: settings.EXPIRE_AFTER,
  graphPermissions: settings.GRAPH_PERMISSIONS,
  inviteGuestsFirst: settings.INVITE_GUESTS_FIRST,
  linkedInInvitations: settings.LINKEDIN_INVITATIONS,
  approvalRequiredDomains: settings.APPROVAL_REQUIRED_DOMAINS,
  approvalExpiresAfter: settings.APPROVAL_EXPIRES_AFTER,
});
