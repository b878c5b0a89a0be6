import { z } from 'zod';
import { stringifyExactly } from '../domain/exactJson';
import type { GraphRecord } from '../domain/invitation';
import type { LinkedInRequest } from '../domain/linkedInRequest';
import type { CallGraph, GraphResult } from './callGraph';
import { type GraphFault, faultOf } from './faults';
import { answeredId, isOk, unreadable } from './graphAnswer';
import type { Attempt } from './guest';

/** Where the two pages' requests go: Graph publishes no such API today, so nothing of it is fixed. */
export interface LinkedInEndpoint {
  version: 'v1.0' | 'beta';
  path: string;
}

export type LinkedInAnswer = { type: 'done'; graph: GraphRecord; throttlePercentage: number | undefined } | GraphFault;

const answerSchema = z.looseObject({ id: answeredId });

/**
 * Kind `linkedIn`: the pages "Add invitations" (POST /linkedIn/invitations) and "Update invitations" (PATCH
 * /linkedIn/invitations, Graph's id in the body) of an API that Microsoft has described and never published.
 */
export function makeLinkedIn(callGraph: CallGraph, endpoints: { add: LinkedInEndpoint; update: LinkedInEndpoint }) {
  const add = async (request: LinkedInRequest, attempt: Attempt): Promise<LinkedInAnswer> => {
    const { attemptId: clientRequestId, mayStillCall } = attempt;
    const body = stringifyExactly(invitationV2(request));
    return answerOf(await callGraph({ method: 'POST', ...endpoints.add, body, clientRequestId, mayStillCall }));
  };

  /** Tells Graph what the invitation shall be like: doing it twice does no harm. */
  const update = async (request: LinkedInRequest, id: string): Promise<LinkedInAnswer> => {
    const body = stringifyExactly({ ...invitationV2(request), id });
    const result = await callGraph({ method: 'PATCH', ...endpoints.update, body });
    // Graph answers many an update with 204, and the id is known.
    return isOk(result)
      ? { type: 'done', graph: { id }, throttlePercentage: result.throttlePercentage }
      : faultOf(result, true);
  };

  return { add, update };
}

export type LinkedIn = ReturnType<typeof makeLinkedIn>;

/** InvitationV2 with the annotations of the pages' examples, Int64 as numbers. */
function invitationV2({ created, lastModified, inviter, invitee, message, trackingId }: LinkedInRequest): object {
  const { invitationMessage, ...rest } = message;
  return {
    '@odata.type': '#microsoft.graph.InvitationV2',
    created: BigInt(created),
    lastModified: BigInt(lastModified),
    inviter,
    invitee,
    message: {
      '@odata.type': 'microsoft.graph.InvitationV2Message',
      ...rest,
      ...(invitationMessage
        ? { invitationMessage: { '@odata.type': 'microsoft.graph.InvitationMessage', ...invitationMessage } }
        : {}),
    },
    trackingId,
  };
}

function answerOf(result: GraphResult): LinkedInAnswer {
  if (!isOk(result)) return faultOf(result, true);
  const answer = answerSchema.safeParse(result.body).data;
  return answer
    ? { type: 'done', graph: { id: answer.id }, throttlePercentage: result.throttlePercentage }
    : unreadable;
}
