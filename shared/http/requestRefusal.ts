import { type Instant, secondsUntil } from '../domain/time';
import { type ErrorAnswer, type ErrorDetail, errorAnswer, invalidRequest } from './errors';
import { KEY_REUSED } from './idempotencyKey';

/** Why a request, or one entry of it, made no invitation. */
export type Refusal =
  | { type: 'invalid'; faults: ErrorDetail[] }
  /** `id`: of the invitation that is open already. */
  | { type: 'duplicate'; id: string }
  | { type: 'duplicateOfAnothers' }
  | { type: 'overQuota'; of: 'caller' | 'recipient'; most: number; until: Instant }
  | { type: 'keyReused' }
  | { type: 'inProgress' };

export function requestRefusal(refusal: Refusal, now: Instant): ErrorAnswer {
  switch (refusal.type) {
    case 'invalid':
      return invalidRequest(refusal.faults);
    case 'duplicate':
      return errorAnswer(409, 'duplicate', `This person has an open invitation already: ${refusal.id}.`, {
        target: 'invitedUserEmailAddress',
      });
    case 'duplicateOfAnothers':
      return errorAnswer(409, 'duplicate', 'This person has an open invitation already. Another caller made it.', {
        target: 'invitedUserEmailAddress',
      });
    case 'overQuota':
      return overQuota(refusal, now);
    case 'keyReused':
      return KEY_REUSED;
    case 'inProgress':
      return errorAnswer(409, 'inProgress', 'A request with this Idempotency-Key is still running. Try again soon.', {
        target: 'Idempotency-Key',
        retryAfterSeconds: 5,
      });
  }
}

function overQuota({ of, most, until }: Refusal & { type: 'overQuota' }, now: Instant): ErrorAnswer {
  const again = `Nothing was made; send the same again from ${until} on.`;
  const retryAfterSeconds = secondsUntil(now, until, 1);
  return of === 'caller'
    ? errorAnswer(429, 'callerQuotaReached', `This caller has made ${most} invitations today. ${again}`, {
        retryAfterSeconds,
      })
    : errorAnswer(429, 'recipientQuotaReached', `${most} invitations were made for this person today. ${again}`, {
        target: 'invitedUserEmailAddress',
        retryAfterSeconds,
      });
}
