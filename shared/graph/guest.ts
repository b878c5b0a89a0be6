import { z } from 'zod';
import type { Fault, GraphRecord, PersonBefore } from '../domain/invitation';
import type { GuestRequest } from '../domain/guestRequest';
import type { CallGraph } from './callGraph';
import { type GraphFault, faultOf } from './faults';
import { answeredId, answeredText, dateOf, isOk, unreadable } from './graphAnswer';
import { invitationBody } from './invitationBody';

/** A guest as the directory shows it. externalUserState null means unknown: neither pending nor accepted. */
export interface GuestState {
  userId: string;
  userType: string | null;
  externalUserState: string | null;
  externalUserStateChangeDateTime?: string;
  createdDateTime?: string;
}

export type Found = { type: 'found'; guest: GuestState | undefined; graphNow: string | undefined } | GraphFault;

export type Sent = { type: 'sent'; graph: GraphRecord; throttlePercentage: number | undefined } | GraphFault;

export type Joined = { type: 'joined' } | { type: 'notFound'; fault: Fault } | GraphFault;

export type RedeemUrl = { type: 'redeemUrl'; url: string } | GraphFault;

/** Under what a mail is asked for: Graph's client-request-id is the attempt, and no call leaves after the lease. */
export interface Attempt {
  attemptId: string;
  mayStillCall: () => boolean;
}

const SELECT =
  '$select=id,mail,userType,creationType,createdDateTime,externalUserState,externalUserStateChangeDateTime';

const userSchema = z.object({
  id: answeredId,
  userType: answeredText.nullish(),
  createdDateTime: answeredText.nullish(),
  externalUserState: answeredText.nullish(),
  externalUserStateChangeDateTime: answeredText.nullish(),
});

const sentSchema = z.object({
  id: answeredId.optional(),
  status: answeredText.optional(),
  // The beta page's answer has none (v1.0's always has): the look-ups then find the user by address.
  invitedUser: z.object({ id: answeredId, userPrincipalName: answeredText.nullish() }).optional(),
  inviteRedeemUrl: z.string().nullish(),
});

/**
 * Kind `guest`: POST /invitations (https://learn.microsoft.com/graph/api/invitation-post) and the directory user it
 * makes. Redemption is read from the user's externalUserState; Graph's invitation status never tells it.
 */
export function makeGuest(callGraph: CallGraph) {
  /** Looks the person up by address, as mail or as one of the other mails. */
  const findByAddress = async (address: string): Promise<Found> => {
    const quoted = `'${address.replaceAll("'", "''")}'`;
    const filter = encodeURIComponent(`mail eq ${quoted} or otherMails/any(o:o eq ${quoted})`);
    const result = await callGraph({ method: 'GET', path: `/users?$filter=${filter}&${SELECT}` });
    const users = isOk(result) ? z.object({ value: z.array(userSchema) }).safeParse(result.body) : undefined;
    if (!users?.success) return faultOf(result);
    // A guest first: a member with the same address is refused by Graph in its own words.
    const [first] = [...users.data.value].sort(
      (a, b) => Number(b.userType === 'Guest') - Number(a.userType === 'Guest'),
    );
    return { type: 'found', guest: first && guestOf(first), graphNow: dateOf(result) };
  };

  const findById = async (userId: string): Promise<Found> => {
    const result = await callGraph({ method: 'GET', path: `/users/${encodeURIComponent(userId)}?${SELECT}` });
    if (result.type === 'answer' && result.status === 404) {
      return { type: 'found', guest: undefined, graphNow: dateOf(result) };
    }
    const user = isOk(result) ? userSchema.safeParse(result.body) : undefined;
    return user?.success ? { type: 'found', guest: guestOf(user.data), graphNow: dateOf(result) } : faultOf(result);
  };

  /** Asks Graph to invite, and to mail where the request wants mail. A re-send is the same request without a reset. */
  const send = async (request: GuestRequest, isFirst: boolean, attempt: Attempt): Promise<Sent> => {
    const result = await callGraph({
      method: 'POST',
      version: request.graphVersion,
      path: '/invitations',
      body: invitationBody(request, isFirst),
      clientRequestId: attempt.attemptId,
      mayStillCall: attempt.mayStillCall,
    });
    if (!isOk(result)) return faultOf(result, asksForMore(request));
    const sent = sentSchema.safeParse(result.body);
    if (!sent.success || (request.graphVersion === 'v1.0' && !sent.data.invitedUser)) return unreadable;
    return { type: 'sent', graph: recordOf(sent.data), throttlePercentage: result.throttlePercentage };
  };

  /**
   * A fresh redeem URL, for a mail of the caller's own: inviting a pending guest again without a mail gives one. It is a
   * secret and goes to the caller and nowhere else.
   */
  const redeemUrl = async (request: GuestRequest, clientRequestId: string): Promise<RedeemUrl> => {
    const result = await callGraph({
      method: 'POST',
      version: request.graphVersion,
      path: '/invitations',
      body: { ...invitationBody(request, false), sendInvitationMessage: false },
      clientRequestId,
    });
    const sent = isOk(result) ? sentSchema.safeParse(result.body) : undefined;
    const url = sent?.data?.inviteRedeemUrl;
    return url ? { type: 'redeemUrl', url } : faultOf(result, asksForMore(request));
  };

  /** Deletes the guest; done also where it was gone already. */
  const remove = async (userId: string, attempt: Attempt): Promise<{ type: 'removed' } | GraphFault> => {
    const result = await callGraph({
      method: 'DELETE',
      path: `/users/${encodeURIComponent(userId)}`,
      clientRequestId: attempt.attemptId,
      mayStillCall: attempt.mayStillCall,
    });
    const status = result.type === 'answer' ? result.status : undefined;
    return status === 204 || status === 404 ? { type: 'removed' } : faultOf(result, true);
  };

  /**
   * Puts the guest into a group; done also where the guest was in it already, so asking twice does no harm.
   * `notFound`: no such group, or the directory does not show the guest there yet.
   * https://learn.microsoft.com/graph/api/group-post-members
   */
  const joinGroup = async (userId: string, groupId: string): Promise<Joined> => {
    const result = await callGraph({
      method: 'POST',
      path: `/groups/${encodeURIComponent(groupId)}/members/$ref`,
      body: { '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/${encodeURIComponent(userId)}` },
    });
    if (result.type === 'answer' && result.status === 204) return { type: 'joined' };
    const fault = faultOf(result, true);
    const status = result.type === 'answer' ? result.status : undefined;
    if (status === 400 && /already exist/i.test(fault.fault.message)) return { type: 'joined' };
    return status === 404 ? { type: 'notFound', fault: fault.fault } : fault;
  };

  return { findByAddress, findById, send, redeemUrl, remove, joinGroup };
}

export type Guest = ReturnType<typeof makeGuest>;

/** What an intent remembers of the look-up. */
export const personBefore = (guest: GuestState | undefined): PersonBefore =>
  guest ? { known: true, userId: guest.userId, externalUserState: guest.externalUserState } : { known: false };

const guestOf = (user: z.output<typeof userSchema>): GuestState => ({
  userId: user.id,
  userType: user.userType ?? null,
  externalUserState: user.externalUserState ?? null,
  ...(user.externalUserStateChangeDateTime
    ? { externalUserStateChangeDateTime: user.externalUserStateChangeDateTime }
    : {}),
  ...(user.createdDateTime ? { createdDateTime: user.createdDateTime } : {}),
});

const recordOf = (sent: z.output<typeof sentSchema>): GraphRecord => ({
  ...(sent.id === undefined ? {} : { id: sent.id }),
  ...(sent.status === undefined ? {} : { status: sent.status }),
  ...(sent.invitedUser ? { invitedUser: userOf(sent.invitedUser) } : {}),
});

const userOf = ({ id, userPrincipalName }: { id: string; userPrincipalName?: string | null | undefined }) => ({
  id,
  ...(userPrincipalName ? { userPrincipalName } : {}),
});

const asksForMore = (request: GuestRequest): boolean =>
  request.invitedUserType === 'Member' || request.resetRedemption || (request.invitedUserSponsors?.length ?? 0) > 0;
