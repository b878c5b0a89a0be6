import { z } from 'zod';
import { withoutAnnotations } from './annotations';
import { failure, type Answer } from './answers';

const text = z.string().nullish();

const recipient = z
  .strictObject({ email: text, alias: text, objectId: text })
  .refine(({ email, alias, objectId }) => email ?? alias ?? objectId, 'A recipient needs an email, alias or objectId')
  .refine(({ email }) => !email || /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email), 'The email is not an address');

/** The parameters of the action, and retainInheritedPermissions, which its published description has beside them. */
const inviteRequest = z.strictObject({
  recipients: z.array(recipient).min(1),
  roles: z.array(z.enum(['read', 'write', 'owner'])).min(1),
  requireSignIn: z.boolean().nullish(),
  sendInvitation: z.boolean().nullish(),
  message: z.string().max(2000).nullish(),
  expirationDateTime: z.iso.datetime({ offset: true }).nullish(),
  password: text,
  retainInheritedPermissions: z.boolean().nullish(),
});

export type InviteRequest = z.output<typeof inviteRequest>;
export type DriveRecipient = z.output<typeof recipient>;

/** The request, or SharePoint's 400 for what is wrong with it. SharePoint itself doesn't say what; this does. */
export function parseInviteRequest(
  body: object,
  nowMs: number,
): { type: 'valid'; request: InviteRequest } | { type: 'invalid'; answer: Answer } {
  const parsed = inviteRequest.safeParse(withoutAnnotations(body));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return invalid(`${issue?.path.join('/') ?? ''}: ${issue?.message ?? ''}.`);
  }
  const { expirationDateTime } = parsed.data;
  return expirationDateTime && Date.parse(expirationDateTime) <= nowMs
    ? invalid('expirationDateTime: It has passed.')
    : { type: 'valid', request: parsed.data };
}

const invalid = (fault: string) => ({
  type: 'invalid' as const,
  answer: failure(400, 'invalidRequest', `The request is malformed or incorrect. ${fault}`),
});
