import type { Decision } from '../domain/decisions';
import type { Invitation } from '../domain/invitation';
import { decidePatch, parsePatch } from '../domain/patchInvitation';
import type { RequestFault, RequestRules } from '../domain/requestRules';
import type { Instant } from '../domain/time';
import { type DecideParts, type DecisionAsked, type DecisionResult, makeDecide } from './decide';

export type PatchResult = DecisionResult | { type: 'invalid'; faults: RequestFault[] };

/** Changes of an invitation what may still change. Throws `TablesUnavailableError`. */
export function makePatchInvitation(parts: DecideParts & { rules: RequestRules }) {
  const decide = makeDecide(parts);

  return async (asked: DecisionAsked, body: unknown): Promise<PatchResult> => {
    let faults: RequestFault[] = [];
    const result = await decide(asked, (invitation: Invitation, now: Instant): Decision => {
      const parsed = parsePatch(body, invitation, parts.rules);
      faults = parsed.ok ? [] : parsed.faults;
      return parsed.ok ? decidePatch(invitation, parsed.request, asked.caller, now) : INVALID;
    });
    return faults.length > 0 ? { type: 'invalid', faults } : result;
  };
}

/** Changes nothing and uses up no idempotency key; the faults are the answer, and nobody sees this. */
const INVALID: Decision = { type: 'conflict', fault: { code: 'statusForbids', message: '' } };
