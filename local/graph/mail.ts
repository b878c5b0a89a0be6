import { z } from 'zod';

const common = {
  to: z.string(),
  cc: z.array(z.string()),
  at: z.string(),
  /** Opens the page with the Accept button. A secret. */
  redeemUrl: z.string(),
  clientRequestId: z.string(),
};

const guestMail = z.object({
  /** Files from before there were kinds hold guest mails only. */
  kind: z.literal('guest').default('guest'),
  ...common,
  invitationId: z.string(),
  userId: z.string(),
  sendInvitationMessage: z.literal(true),
  customizedMessageBody: z.string().nullable(),
  messageLanguage: z.string(),
});

const driveItemMail = z.object({
  kind: z.literal('driveItem'),
  ...common,
  /** Path of the item after the version, ids percent-encoded: `/drives/b!x/items/01ABC`. */
  itemPath: z.string(),
  permissionId: z.string(),
  message: z.string().nullable(),
});

/** Mails as the state file holds them. */
export const mailSchema = z.union([guestMail, driveItemMail]);

/** A mail that was really sent: an invitation of a guest, or of somebody with whom an item is shared. */
export type Mail = z.output<typeof mailSchema>;
