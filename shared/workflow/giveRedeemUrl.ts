import { randomUUID } from 'node:crypto';
import type { Conflict } from '../domain/conflict';
import { entry } from '../domain/history';
import type { Fault, Invitation, Kind } from '../domain/invitation';
import { type Instant, later } from '../domain/time';
import type { Gate } from '../graph/gate';
import type { Guest } from '../graph/guest';
import type { Invitations } from '../tables/invitations';
import { findPerson } from './kinds/person';

export interface RedeemUrlParts {
  invitations: Invitations;
  guest: Pick<Guest, 'findById' | 'findByAddress' | 'redeemUrl'>;
  gate: Pick<Gate, 'take'>;
  now: () => Instant;
}

export type RedeemUrlResult =
  | { type: 'given'; url: string }
  | { type: 'notFound' }
  | { type: 'conflict'; fault: Conflict }
  /** The pace of Graph calls is used up until then. */
  | { type: 'busy'; until: Instant }
  | { type: 'graphFault'; fault: Fault };

/**
 * Asks Graph for a fresh redeem URL of a pending guest. Nothing is mailed, so there is no intent; the URL is in the
 * answer and nowhere else, and history says who took one.
 */
export function makeGiveRedeemUrl({ invitations, guest, gate, now }: RedeemUrlParts) {
  return async (id: string, caller: string): Promise<RedeemUrlResult> => {
    const stored = await invitations.read(id);
    if (!stored) return { type: 'notFound' };
    const { invitation } = stored;
    const { request } = invitation;
    if (request.kind !== 'guest') return { type: 'conflict', fault: noGuest(request.kind) };
    const forbidden = whyNot(invitation);
    if (forbidden) return { type: 'conflict', fault: forbidden };
    const seen = await findPerson(invitation, { guest });
    if (seen.type !== 'found') return { type: 'graphFault', fault: seen.fault };
    if (seen.guest?.externalUserState !== 'PendingAcceptance') return { type: 'conflict', fault: notPending };
    const token = await gate.take(0, MOST_WAIT_MS);
    if (!token.ok) return { type: 'busy', until: later(now(), token.until) };
    const given = await guest.redeemUrl(request, randomUUID());
    if (given.type !== 'redeemUrl') return { type: 'graphFault', fault: given.fault };
    await invitations.change(id, (fresh, at) => ({
      invitation: fresh,
      history: [entry(at, 'redeemUrlGiven', caller)],
    }));
    return { type: 'given', url: given.url };
  };
}

/** Somebody waits for the answer. */
const MOST_WAIT_MS = 2_000;

const noGuest = (kind: Kind): Conflict => ({
  code: 'kindForbids',
  message: `Only a guest invitation has a redeem URL; this is a ${kind} invitation.`,
});

const notPending: Conflict = {
  code: 'notPending',
  message: 'Microsoft Graph does not say PendingAcceptance of this guest, so there is nothing to redeem.',
};

function whyNot({ status, intent }: Invitation): Conflict | undefined {
  if (intent)
    return { code: 'sendInProgress', message: 'Graph is being asked to mail right now. Try again in a minute.' };
  if (status === 'pendingAcceptance') return undefined;
  return {
    code: 'statusForbids',
    message: `An invitation that is ${status} has no redeem URL; a pendingAcceptance one has.`,
  };
}
