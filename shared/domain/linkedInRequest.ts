import { z } from 'zod';
import { withoutTypes } from './annotations';
import type { CommonOptions } from './request';
import { commonOptions, line, text } from './requestFields';

const LEAST_INT64 = -(2n ** 63n);
const MOST_INT64 = 2n ** 63n - 1n;

const NO_INT64 = 'must be a whole number of 64 bits';

/** An Edm.Int64 as a number, or as text, which OData permits too; kept as text, because numbers end at 2^53. */
const int64 = z.union([z.number(), z.bigint(), z.string()], { error: NO_INT64 }).transform((value, context) => {
  // A number beyond 2^53 has lost digits already; whole ones come as bigint.
  const isWhole = typeof value === 'number' ? Number.isSafeInteger(value) : /^-?\d{1,19}$/.test(String(value));
  const whole = isWhole ? BigInt(value) : undefined;
  if (whole !== undefined && whole >= LEAST_INT64 && whole <= MOST_INT64) return whole.toString();
  context.addIssue({ code: 'custom', message: NO_INT64 });
  return z.NEVER;
});

const message = z.strictObject({
  invitationTemplateID: line(256).optional(),
  invitationMessage: z.strictObject({ body: text(5000).optional() }).optional(),
});

/** The properties of InvitationV2 (pages "Add invitations" and "Update invitations" of linkedIn/invitations). */
const invitationV2 = {
  created: int64,
  lastModified: int64,
  inviter: line(256),
  invitee: line(256),
  message,
  trackingId: line(256),
};

/** Kind `linkedIn`: the body of the page "Add invitations", and this product's options. No reminders: none are known. */
export const linkedInBodySchema = z.strictObject({
  kind: z.literal('linkedIn'),
  ...invitationV2,
  ...commonOptions,
});

export type LinkedInBody = z.output<typeof linkedInBodySchema>;

/** What PATCH may change of a LinkedIn invitation; `id` is Graph's and only compared. */
export const linkedInUpdate = {
  id: line(256).optional(),
  ...z.object(invitationV2).partial().shape,
};

/** A LinkedIn request as it was understood. Int64 are decimal text. */
export interface LinkedInRequest extends CommonOptions {
  kind: 'linkedIn';
  created: string;
  lastModified: string;
  inviter: string;
  invitee: string;
  message: { invitationTemplateID?: string; invitationMessage?: { body?: string } };
  trackingId: string;
}

/** Without the types that the reference page's examples carry. */
export const withoutLinkedInTypes = (body: object): object =>
  withoutTypes(body, /^#?microsoft\.graph\.(InvitationV2|InvitationV2Message|InvitationMessage)$/i) as object;
