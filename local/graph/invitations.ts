import { failure, resourceNotFound, toGraphDateTime, type Answer, type Call } from './answers';
import { fromBetaBody, speaksBeta } from './betaDialect';
import type { DirectoryUser } from './directory';
import { refusalByAddress, userAlreadyExists } from './errorsByAddress';
import { newGuest } from './guest';
import { parseInvitationRequest, type InvitationRequest } from './invitationRequest';
import { confirmInvitation, type Invited } from './invitationAnswer';
import { lacksPermission, parseJson } from './preconditions';
import type { Route } from './route';
import type { Simulation } from './simulation';

type Outcome = Invited | { type: 'refused'; answer: Answer };

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
    throttledAs: 'invitations',
    answer: createInvitation,
  },
];

const MORE_THAN_INVITING = ['User.ReadWrite.All', 'Directory.ReadWrite.All'];

function createInvitation(simulation: Simulation, call: Call): Answer {
  const json = parseJson(call);
  if (json.type === 'invalid') return json.answer;
  const isBeta = speaksBeta(call.version, json.body);
  const parsed = parseInvitationRequest(isBeta ? fromBetaBody(json.body) : json.body);
  if (parsed.type === 'invalid') return parsed.answer;
  const { request } = parsed;

  const needsMore = request.resetRedemption === true || request.invitedUserType === 'Member';
  const refusal = needsMore ? lacksPermission(simulation.behaviour, MORE_THAN_INVITING) : undefined;
  if (refusal) return refusal;
  if (!simulation.behaviour.guestsAllowed) return guestsNotAllowed();

  const outcome = request.resetRedemption === true ? reset(simulation, request) : invite(simulation, request);
  if (outcome.type === 'refused') return outcome.answer;
  return confirmInvitation(simulation, call, request, outcome, isBeta);
}

const guestsNotAllowed = () =>
  failure(
    403,
    'Forbidden',
    'Guest invitations not allowed for your company. Contact your company administrator for more details.',
  );

function invite(simulation: Simulation, request: InvitationRequest): Outcome {
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
  const { invitedUserEmailAddress: email, invitedUserDisplayName: displayName, invitedUserType: userType } = request;
  const user = newGuest(tenant, now(), { email, displayName, userType, state: 'PendingAcceptance' });
  directory.put(user);
  return user;
}

/** The user is pending again under the address given, with the same id; redeem URLs from before are void. */
function reset({ directory, tickets, tenant, now }: Simulation, request: InvitationRequest): Outcome {
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
