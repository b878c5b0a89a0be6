import { randomUUID } from 'node:crypto';
import { failure, resourceNotFound, toGraphDateTime, type Answer, type Call } from './answers';
import type { DirectoryUser } from './directory';
import { refusalByAddress, userAlreadyExists } from './errorsByAddress';
import { parseInvitationRequest, type InvitationRequest } from './invitationRequest';
import { lacksPermission, parseJson } from './preconditions';
import { makeRedeemUrl } from './redeemUrl';
import type { Route } from './route';
import type { Simulation } from './simulation';

type Invited =
  | { type: 'invited'; user: DirectoryUser; status: 'PendingAcceptance' | 'Completed' }
  | { type: 'refused'; answer: Answer };

/**
 * `POST /invitations`: https://learn.microsoft.com/graph/api/invitation-post
 *
 * A pending user keeps the id and gets another redeem URL, and another mail if asked for; so does an accepted one with
 * resetRedemption. An accepted user without it is a matter of `behaviour.inviteAcceptedUser`, and gets no mail.
 */
export const invitationRoutes: Route[] = [
  {
    method: 'POST',
    pattern: /^\/invitations$/,
    permissions: ['User.Invite.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All'],
    isThrottled: true,
    answer: createInvitation,
  },
];

const MORE_THAN_INVITING = ['User.ReadWrite.All', 'Directory.ReadWrite.All'];

function createInvitation(simulation: Simulation, call: Call): Answer {
  const json = parseJson(call);
  if (json.type === 'invalid') return json.answer;
  const parsed = parseInvitationRequest(json.body);
  if (parsed.type === 'invalid') return parsed.answer;
  const { request } = parsed;

  const needsMore = request.resetRedemption === true || request.invitedUserType === 'Member';
  const refusal = needsMore ? lacksPermission(simulation.behaviour, MORE_THAN_INVITING) : undefined;
  if (refusal) return refusal;
  if (!simulation.behaviour.guestsAllowed) return guestsNotAllowed();

  const invited = request.resetRedemption === true ? reset(simulation, request) : invite(simulation, request);
  return invited.type === 'refused' ? invited.answer : created(simulation, call, request, invited);
}

const guestsNotAllowed = () =>
  failure(
    403,
    'Forbidden',
    'Guest invitations not allowed for your company. Contact your company administrator for more details.',
  );

function invite(simulation: Simulation, request: InvitationRequest): Invited {
  const { directory, tenant, behaviour } = simulation;
  const email = request.invitedUserEmailAddress;
  const refusal = refusalByAddress(email, tenant);
  if (refusal) return { type: 'refused', answer: refusal };

  const user = directory.findByMail(email);
  if (!user) return { type: 'invited', user: addGuest(simulation, request), status: 'PendingAcceptance' };
  if (user.externalUserState === 'PendingAcceptance') return { type: 'invited', user, status: 'PendingAcceptance' };
  const isInternal = user.userType === 'Member' && user.externalUserState === null;
  return isInternal || behaviour.inviteAcceptedUser === 'badRequest'
    ? { type: 'refused', answer: userAlreadyExists(user.id) }
    : { type: 'invited', user, status: 'Completed' };
}

function addGuest({ directory, tenant, now }: Simulation, request: InvitationRequest): DirectoryUser {
  const email = request.invitedUserEmailAddress;
  const at = toGraphDateTime(now());
  const user: DirectoryUser = {
    id: randomUUID(),
    mail: email,
    otherMails: [email],
    userPrincipalName: `${email.replace('@', '_')}#EXT#@${tenant.initialDomain}`,
    displayName: request.invitedUserDisplayName ?? email.replace(/@.*/, ''),
    userType: request.invitedUserType ?? 'Guest',
    creationType: 'Invitation',
    createdDateTime: at,
    externalUserState: 'PendingAcceptance',
    externalUserStateChangeDateTime: at,
  };
  directory.put(user);
  return user;
}

/** The user is pending again under the address given, with the same id; redeem URLs from before are void. */
function reset({ directory, tickets, tenant, now }: Simulation, request: InvitationRequest): Invited {
  const id = request.invitedUser?.id ?? '';
  const email = request.invitedUserEmailAddress;
  const user = directory.find(id);
  if (!user) return { type: 'refused', answer: resourceNotFound(id) };
  const refusal = refusalByAddress(email, tenant);
  if (refusal) return { type: 'refused', answer: refusal };
  const holder = directory.findByMail(email);
  if (holder && holder.id !== id) return { type: 'refused', answer: userAlreadyExists(holder.id) };

  const pending: DirectoryUser = {
    ...user,
    mail: email,
    otherMails: holder ? user.otherMails : [...user.otherMails, email],
    externalUserState: 'PendingAcceptance',
    externalUserStateChangeDateTime: toGraphDateTime(now()),
  };
  directory.put(pending);
  tickets.voidAllOf(id);
  return { type: 'invited', user: pending, status: 'PendingAcceptance' };
}

function created(
  simulation: Simulation,
  call: Call,
  request: InvitationRequest,
  { user, status }: Extract<Invited, { type: 'invited' }>,
): Answer {
  const { invitedUserEmailAddress: email, inviteRedirectUrl, invitedUserMessageInfo: info } = request;
  const id = randomUUID();
  const ticket = simulation.tickets.issue({ userId: user.id, email, inviteRedirectUrl });
  const redeemUrl = makeRedeemUrl(simulation, user.id, ticket);
  if (request.sendInvitationMessage === true && status === 'PendingAcceptance') {
    sendMail(simulation, call, request, { invitationId: id, userId: user.id, redeemUrl });
  }
  const cc = info?.ccRecipients?.[0]?.emailAddress;
  return {
    status: 201,
    headers: { Location: `${simulation.baseUrl}/${call.version}/invitations/${id}` },
    body: {
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
      invitedUserMessageInfo: {
        messageLanguage: info?.messageLanguage ?? null,
        customizedMessageBody: info?.customizedMessageBody ?? null,
        ccRecipients: [{ emailAddress: { name: cc?.name ?? null, address: cc?.address ?? null } }],
      },
      invitedUser: { id: user.id, userPrincipalName: user.userPrincipalName },
    },
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
