import { z } from 'zod';
import { withoutAnnotations } from './annotations';
import { badRequest, type Answer } from './answers';

const text = z.string().nullish();

const recipient = z.strictObject({
  emailAddress: z.strictObject({ address: text, name: text }).nullish(),
});

/** The properties of microsoft.graph.invitation; those that are read-only are let in and passed over. */
const invitationRequest = z.strictObject({
  invitedUserEmailAddress: z.string(),
  inviteRedirectUrl: z.string(),
  invitedUserDisplayName: text,
  invitedUserType: z.enum(['Guest', 'Member']).nullish(),
  sendInvitationMessage: z.boolean().nullish(),
  resetRedemption: z.boolean().nullish(),
  invitedUserMessageInfo: z
    .strictObject({
      messageLanguage: text,
      customizedMessageBody: text,
      ccRecipients: z.array(recipient).nullish(),
    })
    .nullish(),
  invitedUser: z.looseObject({ id: text }).nullish(),
  invitedUserSponsors: z.array(z.looseObject({ id: text })).nullish(),
  id: text,
  status: text,
  inviteRedeemUrl: text,
});

export type InvitationRequest = z.output<typeof invitationRequest>;

const REQUIRED = ['invitedUserEmailAddress', 'inviteRedirectUrl'] as const;

/** Microsoft's list; an apostrophe is not in it. */
const FORBIDDEN_IN_ADDRESS = /[~!#$%^&*()+=[\]{}\\/|;:"<>?,\s]/;

/** The request, or Graph's 400 for what is wrong with it. */
export function parseInvitationRequest(
  body: object,
): { type: 'valid'; request: InvitationRequest } | { type: 'invalid'; answer: Answer } {
  const missing = REQUIRED.find((name) => !(name in body));
  if (missing) return { type: 'invalid', answer: badRequest(`The property '${missing}' is required.`) };
  const parsed = invitationRequest.safeParse(withoutAnnotations(body));
  if (!parsed.success) return { type: 'invalid', answer: badRequest(describe(parsed.error)) };
  const fault = faultOf(parsed.data);
  return fault === undefined ? { type: 'valid', request: parsed.data } : { type: 'invalid', answer: badRequest(fault) };
}

function faultOf(request: InvitationRequest): string | undefined {
  if (!isInvitable(request.invitedUserEmailAddress)) return 'The invited user email address is not valid.';
  if (!URL.canParse(request.inviteRedirectUrl)) return 'The invite redirect URL is not valid.';
  if (request.resetRedemption === true && !request.invitedUser?.id) {
    return 'The invitedUser id is required to reset the redemption status.';
  }
  const cc = request.invitedUserMessageInfo?.ccRecipients ?? [];
  if (cc.length > 1) return 'Only one ccRecipient is supported.';
  const address = cc[0]?.emailAddress?.address;
  return address && !isInvitable(address) ? 'The ccRecipient email address is not valid.' : undefined;
}

/** Whether Graph invites such an address: no forbidden characters, no `.` or `-` at an end of the local part. */
export function isInvitable(address: string): boolean {
  const [local, domain, ...rest] = address.split('@');
  if (!local || !domain || rest.length > 0) return false;
  if (FORBIDDEN_IN_ADDRESS.test(address) || /^[.-]|[.-]$/.test(local)) return false;
  return domain.includes('.') && domain.split('.').every((label) => /^[^-](.*[^-])?$/.test(label));
}

function describe(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue?.code === 'unrecognized_keys') {
    return `The property '${issue.keys[0] ?? ''}' does not exist on type 'microsoft.graph.invitation'. Make sure to only use property names that are defined by the type.`;
  }
  return `The value of '${issue?.path.join('/') ?? ''}' is not of the expected type.`;
}
