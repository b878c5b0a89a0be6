import { z } from 'zod';
import { normalItemPath } from './itemPath';
import type { CommonOptions } from './request';
import { commonOptions, emailAddress, instant, line, objectId, redirectUrl, reminders, text } from './requestFields';

/** Ids are compared and put into URLs and bodies; an alias is no address. */
const alias = line(256).refine((value) => !/[@/\\?#%]/.test(value), {
  error: 'must be an alias, not an address or a path',
});

const driveRecipient = z
  .strictObject({
    email: emailAddress.optional(),
    objectId: objectId.toLowerCase().optional(),
    alias: alias.optional(),
  })
  .refine((named) => named.email !== undefined || named.objectId !== undefined || named.alias !== undefined, {
    error: 'must name a person by email, objectId or alias',
  });

const target = z.string().transform((value, context) => {
  const path = normalItemPath(value);
  if (path.ok) return path.path;
  context.addIssue({ code: 'custom', message: path.why });
  return z.NEVER;
});

/**
 * Kind `driveItem`: the parameters of Graph's action `invite` on a driveItem
 * (https://learn.microsoft.com/graph/api/driveitem-invite), the item as `target`, and this product's options. More than one
 * recipient makes one invitation each.
 */
export const driveItemBodySchema = z.strictObject({
  kind: z.literal('driveItem'),
  target,
  requireSignIn: z.boolean().default(true),
  roles: z
    .array(z.enum(['read', 'write', 'owner']))
    .min(1, { error: 'must name at least one role' })
    .transform((roles) => [...new Set(roles)]),
  sendInvitation: z.boolean().optional(),
  message: text(2000).optional(),
  recipients: z
    .array(driveRecipient)
    .min(1, { error: 'must name at least one recipient' })
    .max(100, { error: 'takes 100 recipients at most' }),
  expirationDateTime: instant.optional(),
  password: line(256).optional(),
  retainInheritedPermissions: z.boolean().optional(),
  /** Where the guest invitation leads that is made for a recipient who is not in the directory yet. */
  inviteRedirectUrl: redirectUrl.optional(),
  reminders: reminders.optional(),
  ...commonOptions,
});

export type DriveItemBody = z.output<typeof driveItemBodySchema>;

/** One person of a driveItem request: by address, by id of the directory object, by alias, or by several of them. */
export interface DriveRecipient {
  email?: string;
  objectId?: string;
  alias?: string;
}

/** A driveItem request as it was understood, for one recipient. */
export interface DriveItemRequest extends CommonOptions {
  kind: 'driveItem';
  /** Path of the item below the version, ids encoded, without `/invite`. */
  target: string;
  requireSignIn: boolean;
  roles: ('read' | 'write' | 'owner')[];
  sendInvitation: boolean;
  message?: string;
  recipients: [DriveRecipient];
  expirationDateTime?: string;
  password?: string;
  retainInheritedPermissions?: boolean;
  inviteRedirectUrl?: string;
}
