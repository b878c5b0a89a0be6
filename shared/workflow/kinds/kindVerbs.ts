import type { Fault, GraphRecord, Invitation, PersonBefore, SendIntent } from '../../domain/invitation';
import type { SendStep } from '../../domain/nextStep';
import type { FreeOutcome, Verdict } from '../../domain/outcome';
import type { Instant } from '../../domain/time';
import type { GraphFault } from '../../graph/faults';
import type { Attempt } from '../../graph/guest';
import type { StoredInvitation } from '../../tables/invitationEntity';

/** What a look at Graph right before a send came to. */
export type LookedUp =
  | {
      type: 'ready';
      /** First sends only: what was there before, by which an unknown answer is resolved. Absent where nothing tells. */
      before?: PersonBefore;
      graphNow?: string;
      /** The one call that mails. */
      send: (attempt: Attempt) => Promise<SendAnswer>;
    }
  /** Nothing is to be mailed. */
  | { type: 'settled'; outcome: FreeOutcome }
  | GraphFault;

export type SendAnswer =
  | { type: 'sent'; graph: GraphRecord; isRedeemed?: boolean; throttlePercentage: number | undefined }
  | { type: 'unmailed'; graph: GraphRecord; fault: Fault }
  | GraphFault;

export type Checked = Extract<FreeOutcome, { type: 'redeemed' | 'notRedeemed' }> | GraphFault;

export type Resolved = { type: 'verdict'; verdict: Verdict } | GraphFault;

export type Removed =
  | { type: 'removed' }
  | { type: 'kept'; reason: string }
  | { type: 'notYet'; fault: Fault; until: Instant }
  | GraphFault;

/** What one kind of invitation asks of Graph. Who calls these writes the intents and the outcomes. */
export interface KindVerbs {
  lookUp: (stored: StoredInvitation, step: SendStep) => Promise<LookedUp>;
  /** Whether the person has redeemed. */
  check: (invitation: Invitation) => Promise<Checked>;
  /** What became of a first send before which nothing was there, now that reads have caught up. */
  resolve: (invitation: Invitation, intent: SendIntent) => Promise<Resolved>;
  /** Takes back what a send made, under the person's lock: only what is known to be ours and nobody else needs. */
  remove: (invitation: Invitation, attempt: Attempt) => Promise<Removed>;
}
