import { placeIntent } from '../domain/applyOutcome';
import type { Intent, Kind, RemovalIntent, SendIntent } from '../domain/invitation';
import { type Step, nextStep } from '../domain/nextStep';
import type { Outcome } from '../domain/outcome';
import { canonical } from '../domain/canonical';
import type { Policy } from '../domain/policy';
import type { Limit } from '../domain/request';
import { type Instant, addMs, later } from '../domain/time';
import type { Gate } from '../graph/gate';
import type { Guest } from '../graph/guest';
import type { LinkedIn } from '../graph/linkedIn';
import type { HintSender } from '../queue/hintSender';
import type { StoredInvitation } from '../tables/invitationEntity';
import type { Invitations } from '../tables/invitations';
import type { InvitedUsers } from '../tables/invitedUsers';
import type { KindVerbs } from './kinds/kindVerbs';

export interface AdvanceParts {
  invitations: Invitations;
  invitedUsers: InvitedUsers;
  kinds: Record<Kind, KindVerbs>;
  gates: Record<Limit, Gate>;
  guest: Pick<Guest, 'joinGroup'>;
  linkedIn: Pick<LinkedIn, 'update'>;
  hints: HintSender;
  policy: Policy;
  tickMs: number;
  callTimeoutMs: number;
  now: () => Instant;
  /** Never set back and running on while the process is stopped; see clients.ts. */
  monotonicMs: () => number;
  sleep: (ms: number) => Promise<void>;
}

export type Begun =
  | { type: 'begun'; stored: StoredInvitation; mayStillCall: () => boolean }
  | { type: 'notBegun'; stored: StoredInvitation; outcome: Outcome | undefined };

/** Looked at again this long after somebody else's lease on the person has ended, at the least. */
const BUSY_MS = 5_000;

type Unbegun = Omit<SendIntent, 'startedAt' | 'leaseEndsAt'> | Omit<RemovalIntent, 'startedAt' | 'leaseEndsAt'>;

/**
 * Writes the intent, in one transaction with the person's lock, if the step is still what is due. `mayStillCall` is true
 * while a call made now would end within the lease, counted from before the transaction.
 */
export async function beginIntent(
  stored: StoredInvitation,
  intent: Unbegun,
  step: Step,
  parts: AdvanceParts,
): Promise<Begun> {
  const { policy, monotonicMs } = parts;
  const readAt = monotonicMs();
  const result = await parts.invitations.change(
    stored.invitation.id,
    (invitation, now) => {
      if (canonical(nextStep(invitation, now, policy)) !== canonical(step)) return undefined;
      const leased: Intent = { ...intent, startedAt: now, leaseEndsAt: addMs(now, policy.sendLeaseMs) };
      return placeIntent(invitation, leased);
    },
    { from: stored },
  );
  switch (result.type) {
    case 'changed':
      return {
        type: 'begun',
        stored: result.stored,
        mayStillCall: () => monotonicMs() - readAt < policy.sendLeaseMs - parts.callTimeoutMs,
      };
    case 'personBusy': {
      // A lease that is over belongs to a dead worker: nothing moves before its intent may be resolved.
      const freeAt = result.until > parts.now() ? result.until : addMs(result.until, policy.resolveAfterMs);
      const until = later(addMs(parts.now(), BUSY_MS), freeAt);
      return { type: 'notBegun', stored, outcome: { type: 'postponed', until, reason: 'personBusy', waited: false } };
    }
    case 'unchanged':
      return { type: 'notBegun', stored: result.stored, outcome: undefined };
    case 'notFound':
    case 'claimed':
    case 'repeated':
      return { type: 'notBegun', stored, outcome: undefined };
  }
}
