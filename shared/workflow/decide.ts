import type { Conflict } from '../domain/conflict';
import type { Decision } from '../domain/decisions';
import { sha256 } from '../domain/ids';
import type { Invitation } from '../domain/invitation';
import type { Instant } from '../domain/time';
import type { HintSender } from '../queue/hintSender';
import type { StoredInvitation } from '../tables/invitationEntity';
import type { Invitations } from '../tables/invitations';
import { sendHintFor } from './sendHint';

export interface DecideParts {
  invitations: Invitations;
  hints: HintSender;
  tickMs: number;
}

export interface DecisionAsked {
  id: string;
  action: string;
  caller: string;
  idempotencyKey: string | undefined;
  /** Of the request's body: the same key with another body is refused. */
  fingerprint: string;
}

export type DecisionResult =
  | { type: 'accepted'; stored: StoredInvitation }
  | { type: 'notFound' }
  | { type: 'conflict'; fault: Conflict }
  | { type: 'keyReused' };

/** Carries out what a caller decided about an invitation, in one transaction with the idempotency key of the action. */
export function makeDecide(parts: DecideParts) {
  const { invitations } = parts;

  return async (
    asked: DecisionAsked,
    decide: (invitation: Invitation, now: Instant) => Decision,
  ): Promise<DecisionResult> => {
    let conflict: Conflict | undefined;
    const apply = (invitation: Invitation, now: Instant) => {
      const decision = decide(invitation, now);
      conflict = decision.type === 'conflict' ? decision.fault : undefined;
      if (decision.type === 'change') return decision.change;
      // The key alone is written: a repeat much later must not do what there was no need for now.
      return decision.type === 'nothing' && asked.idempotencyKey !== undefined
        ? { invitation, history: [] }
        : undefined;
    };
    const result = await invitations.change(asked.id, apply, actionOf(asked));
    switch (result.type) {
      case 'notFound':
        return { type: 'notFound' };
      case 'repeated':
        return result.fingerprint === asked.fingerprint
          ? { type: 'accepted', stored: result.stored }
          : { type: 'keyReused' };
      case 'claimed':
        return { type: 'conflict', fault: claimedBy(result.by) };
      case 'personBusy':
        throw new Error(`A decision never sets an intent (${asked.action}).`);
      case 'unchanged':
        return conflict ? { type: 'conflict', fault: conflict } : { type: 'accepted', stored: result.stored };
      case 'changed':
        await sendHintFor(result.stored, { ...parts, now: invitations.now });
        return { type: 'accepted', stored: result.stored };
    }
  };
}

const claimedBy = (id: string): Conflict => ({
  code: 'duplicate',
  message: `This person has another open invitation by now: ${id}. Revoke that one first.`,
});

function actionOf({ caller, action, idempotencyKey, fingerprint }: DecisionAsked) {
  if (idempotencyKey === undefined) return {};
  return { action: { hash: sha256(`${caller}\n${action}\n${idempotencyKey}`), fingerprint } };
}
