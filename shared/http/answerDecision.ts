import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { canonical } from '../domain/canonical';
import type { Conflict } from '../domain/conflict';
import { isInvitationId, sha256 } from '../domain/ids';
import type { RequestFault } from '../domain/requestRules';
import type { StoredInvitation } from '../tables/invitationEntity';
import type { Caller } from './caller';
import { errorAnswer, invalidRequest } from './errors';
import { KEY_REUSED, readIdempotencyKey } from './idempotencyKey';
import { acceptedAnswer, notFoundAnswer } from './invitationAnswer';

export interface DecisionAsked {
  id: string;
  caller: string;
  idempotencyKey: string | undefined;
  fingerprint: string;
}

export type DecisionAnswered =
  | { type: 'accepted'; stored: StoredInvitation }
  | { type: 'notFound' }
  | { type: 'conflict'; fault: Conflict }
  | { type: 'invalid'; faults: RequestFault[] }
  | { type: 'keyReused' };

/**
 * The shell of POST /invitations/{id}/{action} and PATCH: 202 with the invitation, 404, 409 with the status that forbids
 * it. `body`: what the action reads, so that the same idempotency key with another one is refused.
 */
export async function answerDecision(
  request: HttpRequest,
  caller: Caller,
  decide: (asked: DecisionAsked) => Promise<DecisionAnswered>,
  body?: unknown,
): Promise<HttpResponseInit> {
  const id = request.params['id']?.toLowerCase() ?? '';
  if (!isInvitationId(id)) return notFoundAnswer(id);
  const read = readIdempotencyKey(request);
  if (!read.ok) return read.answer;
  const fingerprint = sha256(body === undefined ? id : `${id} ${canonical(body)}`);
  const result = await decide({ id, caller: caller.id, idempotencyKey: read.key, fingerprint });
  switch (result.type) {
    case 'accepted':
      return acceptedAnswer(202, result.stored, result.stored.invitation.warnings, request.url, 1);
    case 'notFound':
      return notFoundAnswer(id);
    case 'conflict':
      return errorAnswer(409, result.fault.code, result.fault.message);
    case 'invalid':
      return invalidRequest(result.faults);
    case 'keyReused':
      return KEY_REUSED;
  }
}
