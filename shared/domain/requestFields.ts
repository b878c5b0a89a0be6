import { z } from 'zod';
import { checkEmailAddress } from './emailAddress';
import { isInvitationId } from './ids';
import { isDuration, isTimeZone } from './time';

/**
 * No control characters but tab and line ends, and none of the marks that turn the direction of text around. U+2028 and
 * U+2029 are line ends to some readers and not to others: Azurite cuts a transaction there and answers 500.
 */
const HIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/;
const LONE_SURROGATE = /\p{Surrogate}/u;

export const text = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine((value) => !HIDDEN.test(value) && !LONE_SURROGATE.test(value), {
      error: 'holds control characters, U+2028, U+2029 or marks that change the direction of text',
    });

export const line = (most: number) =>
  text(most).refine((value) => !/[\r\n\t]/.test(value), { error: 'must be one line' });

export const emailAddress = z.string().transform((value, context) => {
  const check = checkEmailAddress(value);
  if (check.ok) return check.address;
  context.addIssue({ code: 'custom', message: check.why });
  return z.NEVER;
});

export const languageTag = z.string().refine(
  (value) => {
    try {
      return value.length <= 35 && Intl.getCanonicalLocales(value).length === 1;
    } catch {
      return false;
    }
  },
  { error: 'must be a language tag such as en-US' },
);

/** Other readers of URLs than ours take what follows a backslash for the host, and drop spaces where ours keeps them. */
function isRedirectUrl(value: string): boolean {
  if (/[\s\\]/.test(value) || !URL.canParse(value)) return false;
  const url = new URL(value);
  const isLocal = url.hostname === 'localhost' || url.hostname === '127.0.0.1';
  return (url.protocol === 'https:' || (url.protocol === 'http:' && isLocal)) && !url.username && !url.password;
}

export const redirectUrl = text(2048).refine(isRedirectUrl, {
  error: 'must be an absolute https URL without a name or password in it (http only for localhost)',
});

export const duration = z.string().refine(isDuration, {
  error: 'must be an ISO 8601 duration above zero and at most ten years, such as P3D or PT12H',
});

export const instant = z.iso
  .datetime({ offset: true, error: 'must be a date and time with offset, such as 2026-12-01T09:00:00Z' })
  .transform((value) => new Date(value).toISOString())
  // Other years have a sign and more digits, and instants are compared as text.
  .refine((value) => /^\d{4}-/.test(value), { error: 'must lie within the years 0 to 9999 in UTC' });

export const objectId = z.guid({ error: 'must be a directory object id (a GUID)' });

export const recipient = z.strictObject({
  emailAddress: z.strictObject({ name: line(256).optional(), address: emailAddress }),
});

const NAME_RULE = 'names start with a letter, 64 characters at most';

/** A record passes over `__proto__`, which would be a name left out without a word. */
const metadata = z
  .unknown()
  .refine((value) => typeof value !== 'object' || value === null || !Object.hasOwn(value, '__proto__'), {
    path: ['__proto__'],
    error: `is no name: ${NAME_RULE}`,
  })
  .pipe(
    z
      .record(z.string().regex(/^[A-Za-z][\w.-]{0,63}$/, { error: NAME_RULE }), line(256))
      .refine((value) => Object.keys(value).length <= 20, { error: 'takes 20 entries at most' }),
  );

export const reminders = z.strictObject({
  after: z.array(duration).max(10, { error: 'takes ten reminders at most' }).optional(),
  timeZone: z.string().refine(isTimeZone, { error: 'must be an IANA time zone such as Europe/Berlin' }).optional(),
});

/** This product's own options, of every kind. */
export const commonOptions = {
  notBefore: instant.optional(),
  expireAfter: duration.optional(),
  onDuplicate: z.enum(['return', 'reject', 'allow']).default('return'),
  replaces: z.string().toLowerCase().refine(isInvitationId, { error: 'must be the id of an invitation' }).optional(),
  approval: z.strictObject({ required: z.boolean() }).optional(),
  source: line(64).optional(),
  externalId: line(256).optional(),
  metadata: metadata.optional(),
};
