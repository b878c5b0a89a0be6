import { z } from 'zod';
import type { CommonOptions } from './request';
import {
  commonOptions,
  emailAddress,
  languageTag,
  line,
  objectId,
  recipient,
  redirectUrl,
  reminders,
  text,
} from './requestFields';

/**
 * Kind `guest`: the properties of Graph's invitation resource that may be sent
 * (https://learn.microsoft.com/graph/api/resources/invitation), and this product's options beside them.
 */
export const guestBodySchema = z.strictObject({
  kind: z.literal('guest').default('guest'),
  graphVersion: z.enum(['v1.0', 'beta']).default('v1.0'),
  invitedUserEmailAddress: emailAddress,
  inviteRedirectUrl: redirectUrl.optional(),
  invitedUserDisplayName: line(256).optional(),
  invitedUserType: z.enum(['Guest', 'Member']).default('Guest'),
  sendInvitationMessage: z.boolean().optional(),
  resetRedemption: z.boolean().default(false),
  invitedUser: z.strictObject({ id: objectId }).optional(),
  invitedUserMessageInfo: z
    .strictObject({
      messageLanguage: languageTag.nullish(),
      ccRecipients: z.array(recipient).max(1, { error: 'takes one recipient at most' }).nullish(),
      customizedMessageBody: text(5000).nullish(),
    })
    .nullish(),
  invitedUserSponsors: z
    .array(z.strictObject({ '@odata.type': line(100).optional(), id: objectId }))
    .max(5)
    .optional(),
  reminders: reminders.optional(),
  groups: z
    .array(objectId.toLowerCase())
    .max(10, { error: 'takes ten groups at most' })
    .transform((ids) => [...new Set(ids)])
    .optional(),
  ...commonOptions,
});

export type GuestBody = z.output<typeof guestBodySchema>;

/** A guest request as it was understood: every default filled in. */
export interface GuestRequest extends CommonOptions {
  kind: 'guest';
  /** Which dialect is spoken with Graph: v1.0, or that of the beta page (namespace Microsoft.AADInviteMgr). */
  graphVersion: 'v1.0' | 'beta';
  invitedUserEmailAddress: string;
  inviteRedirectUrl: string;
  invitedUserDisplayName?: string;
  invitedUserType: 'Guest' | 'Member';
  sendInvitationMessage: boolean;
  resetRedemption: boolean;
  invitedUser?: { id: string };
  invitedUserMessageInfo?: {
    messageLanguage?: string;
    ccRecipients?: { emailAddress: { name?: string; address: string } }[];
    customizedMessageBody?: string;
  };
  invitedUserSponsors?: { '@odata.type'?: string; id: string }[];
  /** Ids of the groups that the guest joins once the invitation is accepted. */
  groups?: string[];
}

/** Graph takes null for "not given"; the stored form leaves such properties out. */
export function messageInfo(
  info: z.output<typeof guestBodySchema>['invitedUserMessageInfo'],
): GuestRequest['invitedUserMessageInfo'] {
  const given = Object.entries(info ?? {}).filter(([, value]) => value !== null && value !== undefined);
  return given.length > 0 ? Object.fromEntries(given) : undefined;
}
