import { randomUUID } from 'node:crypto';
import type { Answer, Call } from './answers';
import { toBetaAnswer } from './betaDialect';
import type { DirectoryUser } from './directory';
import type { InvitationRequest } from './invitationRequest';
import { makeRedeemUrl } from './redeemUrl';
import type { Simulation } from './simulation';

/** A user who is in the directory and may be told so. */
export interface Invited {
  type: 'invited';
  user: DirectoryUser;
  status: 'PendingAcceptance' | 'Completed';
}

/** Gives out a redeem URL, sends the mail if one is due, and answers 201 with the invitation as Graph shapes it. */
export function confirmInvitation(
  simulation: Simulation,
  call: Call,
  request: InvitationRequest,
  { user, status }: Invited,
  isBeta: boolean,
): Answer {
  const { invitedUserEmailAddress: email, inviteRedirectUrl } = request;
  const id = randomUUID();
  const ticket = simulation.tickets.issue({ userId: user.id, email, inviteRedirectUrl });
  const redeemUrl = makeRedeemUrl(simulation, user.id, ticket);
  if (request.sendInvitationMessage === true && status === 'PendingAcceptance') {
    sendMail(simulation, call, request, { invitationId: id, userId: user.id, redeemUrl });
  }
  const body = {
    '@odata.context': `${simulation.baseUrl}/${call.version}/$metadata#invitations/$entity`,
    id,
    inviteRedeemUrl: redeemUrl,
    invitedUserDisplayName: request.invitedUserDisplayName ?? null,
    invitedUserType: user.userType,
    invitedUserEmailAddress: email,
    sendInvitationMessage: request.sendInvitationMessage ?? false,
    resetRedemption: request.resetRedemption ?? false,
    inviteRedirectUrl,
    status,
    invitedUserMessageInfo: toMessageInfo(request),
    invitedUser: { id: user.id, userPrincipalName: user.userPrincipalName },
  };
  return {
    status: 201,
    headers: { Location: `${simulation.baseUrl}/${call.version}/invitations/${id}` },
    body: isBeta ? toBetaAnswer(body) : body,
  };
}

/** Graph gives back what it was sent, with nulls for what it wasn't, and one cc recipient of nulls for none. */
function toMessageInfo({ invitedUserMessageInfo: info }: InvitationRequest) {
  const cc = info?.ccRecipients?.[0]?.emailAddress;
  return {
    messageLanguage: info?.messageLanguage ?? null,
    customizedMessageBody: info?.customizedMessageBody ?? null,
    ccRecipients: [{ emailAddress: { name: cc?.name ?? null, address: cc?.address ?? null } }],
  };
}

function sendMail(
  { mails, behaviour, now }: Simulation,
  call: Call,
  { invitedUserEmailAddress: to, invitedUserMessageInfo: info }: InvitationRequest,
  sent: { invitationId: string; userId: string; redeemUrl: string },
): void {
  const cc = info?.ccRecipients?.[0]?.emailAddress?.address;
  mails.push({
    kind: 'guest',
    to,
    cc: cc ? [cc] : [],
    at: new Date(now()).toISOString(),
    ...sent,
    sendInvitationMessage: true,
    customizedMessageBody: behaviour.appOnly ? null : (info?.customizedMessageBody ?? null),
    messageLanguage: info?.messageLanguage ?? 'en-US',
    clientRequestId: call.clientRequestId,
  });
}
