import { z } from 'zod';
import type { HistoryEvent, Send, SendCause } from '../../domain/invitation';
import { STATUSES } from '../../domain/invitation';

/*
 * What answers hold. Strict, because the tests of the whole app hold every answer to them: a property that is new in an
 * answer fails there until it is here, and so in /openapi.json.
 */

export const instant = z.iso.datetime();
const id = z.uuid();
/** An erased address is a text too, so nothing more is promised. */
const address = z.string();

const keysOf = <T extends string>(all: Record<T, true>): [T, ...T[]] => Object.keys(all) as [T, ...T[]];

export const warning = z.strictObject({ code: z.string(), message: z.string(), target: z.string().optional() });

export const send = z.strictObject({
  number: z.int().min(0),
  cause: z.enum(keysOf<SendCause>({ first: true, reminder: true, resend: true })),
  status: z.enum(keysOf<Send['status']>({ sent: true, unknown: true, confirmed: true })),
  at: instant,
});

const HISTORY_EVENTS: Record<HistoryEvent, true> = {
  requested: true,
  enqueued: true,
  sent: true,
  reminded: true,
  resent: true,
  reminderSkipped: true,
  resendRequested: true,
  accepted: true,
  refused: true,
  postponed: true,
  answerUnknown: true,
  resolvedSent: true,
  resolvedNotSent: true,
  needsReview: true,
  deadLettered: true,
  retried: true,
  confirmedSent: true,
  redemptionReset: true,
  redeemUrlGiven: true,
  expired: true,
  revokeRequested: true,
  revoked: true,
  guestRemoved: true,
  guestKept: true,
  groupJoined: true,
  groupFailed: true,
  approved: true,
  rejected: true,
  approvalExpired: true,
  erased: true,
  waitsForGuest: true,
  sharedUnmailed: true,
  permissionDeleted: true,
  permissionKept: true,
  changed: true,
  updated: true,
  updateRefused: true,
  replaced: true,
  notReplaced: true,
  entryLost: true,
};

export const historyEntry = z.strictObject({
  at: instant,
  what: z.enum(keysOf(HISTORY_EVENTS)),
  by: z.string(),
  detail: z.string().optional(),
  times: z.int().min(2).optional(),
  lastAt: instant.optional(),
});

const object = z.looseObject({});

/** What Microsoft Graph answered, in its own names. */
export const graphRecord = z.strictObject({
  id: z.string().optional(),
  status: z.string().optional(),
  invitedUser: z.strictObject({ id: z.string(), userPrincipalName: z.string().optional() }).optional(),
  externalUserState: z.string().nullable().optional(),
  externalUserStateChangeDateTime: z.string().optional(),
  roles: z.array(z.string()).optional(),
  grantedTo: object.optional(),
  grantedToV2: object.optional(),
  grantedToIdentities: z.array(object).optional(),
  hasPassword: z.boolean().optional(),
  inheritedFrom: object.optional(),
  invitation: object.optional(),
  shareId: z.string().optional(),
  expirationDateTime: z.string().optional(),
});

const removal = {
  at: instant.optional(),
  reason: z.string().optional(),
  message: z.string(),
};

/** Of every kind. */
const common = {
  id,
  status: z.enum(STATUSES),
  createdAt: instant,
  notBefore: instant.optional(),
  reminders: z.strictObject({ after: z.array(z.string()), timeZone: z.string() }),
  expireAfter: z.string(),
  approval: z.strictObject({ required: z.literal(true), expiresAfter: z.string() }).optional(),
  replaces: id.optional(),
  source: z.string().optional(),
  externalId: z.string().optional(),
  metadata: z.record(z.string(), z.string()).optional(),
  firstSentAt: instant.optional(),
  expiresAt: instant.optional(),
  acceptedAt: instant.optional(),
  closedAt: instant.optional(),
  resendRequestedAt: instant.optional(),
  revokeRequested: z.strictObject({ at: instant, by: z.string() }).optional(),
  batchId: id.optional(),
  waitsFor: id.optional(),
  replacedBy: id.optional(),
  updateRequestedAt: instant.optional(),
  approvalExpiresAt: instant.optional(),
  erasedAt: instant.optional(),
  nextAt: instant.optional(),
  eraseAt: instant.optional(),
  sends: z.array(send),
  history: z.array(historyEntry).optional(),
  fault: z.strictObject({ code: z.string(), message: z.string() }).optional(),
  warnings: z.array(warning),
  graph: graphRecord.optional(),
};

const recipient = z.strictObject({
  emailAddress: z.strictObject({ name: z.string().optional(), address }),
});

export const guestInvitation = z.strictObject({
  ...common,
  kind: z.literal('guest'),
  graphVersion: z.enum(['v1.0', 'beta']),
  invitedUserEmailAddress: address,
  inviteRedirectUrl: z.string(),
  invitedUserDisplayName: z.string().optional(),
  invitedUserType: z.enum(['Guest', 'Member']),
  sendInvitationMessage: z.boolean(),
  resetRedemption: z.boolean(),
  invitedUser: z.strictObject({ id: z.string() }).optional(),
  invitedUserMessageInfo: z
    .strictObject({
      messageLanguage: z.string().optional(),
      ccRecipients: z.array(recipient).optional(),
      customizedMessageBody: z.string().optional(),
    })
    .optional(),
  invitedUserSponsors: z.array(z.strictObject({ '@odata.type': z.string().optional(), id: z.string() })).optional(),
  groups: z
    .array(
      z.strictObject({
        id: z.string(),
        status: z.enum(['waiting', 'due', 'joined', 'failed']),
        code: z.string().optional(),
      }),
    )
    .optional(),
  guest: z.strictObject({ status: z.enum(['removing', 'removed', 'kept']), ...removal }).optional(),
});

export const driveItemInvitation = z.strictObject({
  ...common,
  kind: z.literal('driveItem'),
  target: z.string(),
  requireSignIn: z.boolean(),
  roles: z.array(z.enum(['read', 'write', 'owner'])),
  sendInvitation: z.boolean(),
  message: z.string().optional(),
  recipients: z
    .array(z.strictObject({ email: address.optional(), objectId: z.string().optional(), alias: z.string().optional() }))
    .length(1),
  expirationDateTime: instant.optional(),
  hasPassword: z.literal(true).optional(),
  retainInheritedPermissions: z.boolean().optional(),
  inviteRedirectUrl: z.string().optional(),
  access: z.strictObject({ status: z.enum(['removing', 'removed', 'kept']), ...removal }).optional(),
});

export const linkedInInvitation = z.strictObject({
  ...common,
  kind: z.literal('linkedIn'),
  created: z.string(),
  lastModified: z.string(),
  inviter: z.string(),
  invitee: z.string(),
  message: z.strictObject({
    invitationTemplateID: z.string().optional(),
    invitationMessage: z.strictObject({ body: z.string().optional() }).optional(),
  }),
  trackingId: z.string(),
});

export const invitation = z.discriminatedUnion('kind', [guestInvitation, driveItemInvitation, linkedInInvitation]);

export const invitationList = z.strictObject({ value: z.array(invitation), nextLink: z.url().optional() });
