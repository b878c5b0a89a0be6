import { applyOutcome } from '../../../shared/domain/applyOutcome';
import type { Invitation } from '../../../shared/domain/invitation';
import { decideRevoke } from '../../../shared/domain/decisions';
import type { Policy } from '../../../shared/domain/policy';
import { addMs, toInstant } from '../../../shared/domain/time';
import { makeGuest } from '../../../shared/graph/guest';
import { makeIdempotencyKeys } from '../../../shared/tables/idempotencyKeys';
import { makeInvitations } from '../../../shared/tables/invitations';
import { makeAdvanceInvitation } from '../../../shared/workflow/advanceInvitation';
import { makeDecide } from '../../../shared/workflow/decide';
import { makeRequestInvitation } from '../../../shared/workflow/requestInvitation';
import { advanceParts, everyGate } from '../../support/advanceParts';
import { GRAPHS_BODY, rules } from '../../support/requests';
import { callGraphOf, noHints, noLinks, openGate, tablesOf } from './adapters';
import type { Program } from './replay';

const TICK_MS = 60_000;
export const CALL_TIMEOUT_MS = 30_000;

/** What advanceInvitation does for one delivered hint: the product's own workflow. */
export const advancing =
  (policy: Policy, id: string, callTimeoutMs = CALL_TIMEOUT_MS): Program =>
  async (outside) => {
    const given = {
      invitations: makeInvitations(tablesOf(outside), policy),
      invitedUsers: noLinks,
      gates: everyGate(openGate(outside)),
      hints: noHints,
      policy,
      tickMs: TICK_MS,
      callTimeoutMs,
      now: () => toInstant(outside.nowMs()),
      monotonicMs: outside.nowMs,
      sleep: () => Promise.resolve(),
    };
    const advance = makeAdvanceInvitation(advanceParts(given, callGraphOf(outside)));
    await advance(id);
    return undefined;
  };

/** What a worker without intents does: asks Graph, then writes that it did. Delivered twice, it mails twice. */
export const advancingNaively =
  (policy: Policy, id: string): Program =>
  async (outside) => {
    const invitations = makeInvitations(tablesOf(outside), policy);
    const stored = await invitations.read(id);
    if (stored?.invitation.status !== 'queued') return undefined;
    const { request } = stored.invitation;
    if (request.kind !== 'guest') return undefined;
    const answer = await makeGuest(callGraphOf(outside)).send(request, true, {
      attemptId: `u-${outside.name}-0-0-0`,
      mayStillCall: () => true,
    });
    if (answer.type !== 'sent') return undefined;
    await invitations.change(id, (invitation, now) => ({ invitation: sentNaively(invitation, now), history: [] }));
    return undefined;
  };

const sentNaively = (invitation: Invitation, at: string): Invitation => ({
  ...invitation,
  status: 'pendingAcceptance',
  nextCheckAt: addMs(at, 24 * 3600_000),
});

/** The rest of a worker's way from the socket on: Graph shares and mails, and the outcome is written. */
export const calling =
  (policy: Policy, id: string, mail: string, attemptId: string): Program =>
  async (outside) => {
    const answer = await outside.perform({ type: 'post', of: 'share', mail, attemptId });
    if (answer.type !== 'value') return undefined;
    const graph = { id: 'permission-1', invitedUser: { id: 'user-1' } };
    await makeInvitations(tablesOf(outside), policy).change(id, (invitation, now) =>
      applyOutcome(invitation, { type: 'sent', attemptId, graph }, now, policy),
    );
    return undefined;
  };

/** What the revoke function does. */
export const revoking =
  (policy: Policy, id: string): Program =>
  async (outside) => {
    const invitations = makeInvitations(tablesOf(outside), policy);
    const decide = makeDecide({ invitations, hints: noHints, tickMs: TICK_MS });
    const asked = { id, action: 'revoke', caller: 'hr', idempotencyKey: undefined, fingerprint: '' };
    const { type } = await decide(asked, (invitation, now) => decideRevoke(invitation, 'hr', now, policy));
    return type;
  };

/** What the request function does. Everybody asks for the same person; the answer is the status and the id. */
export const requesting =
  (policy: Policy, asked: { key?: string; onDuplicate: 'return' | 'allow' }): Program =>
  async (outside) => {
    await outside.perform({ type: 'begin' });
    const tables = tablesOf(outside);
    const request = makeRequestInvitation({
      invitations: makeInvitations(tables, policy),
      idempotencyKeys: makeIdempotencyKeys(tables),
      gates: everyGate(openGate(outside)),
      hints: noHints,
      rules: rules(),
      hashKey: 'a hash key for the model check only',
      partitions: 1,
      tickMs: TICK_MS,
      // An id of one's own for everybody.
      randomBytes: (size) => new Uint8Array(size).fill(outside.name + 1),
    });
    const body = { ...GRAPHS_BODY, onDuplicate: asked.onDuplicate };
    const result = await request({ body, caller: 'hr', idempotencyKey: asked.key });
    return result.type === 'accepted' ? `${result.status} ${result.stored.invitation.id}` : result.type;
  };
