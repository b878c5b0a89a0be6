import { answerControl } from '../../local/graph/control';
import { answerCall } from '../../local/graph/routes';
import type { Answer } from '../../local/graph/answers';
import { defaultBehaviour, mergeBehaviour, type BehaviourPatch } from '../../local/graph/behaviour';
import { faultAnswer } from '../../local/graph/faults';
import { createSimulation } from '../../local/graph/simulation';
import { admit } from '../../local/graph/throttle';
import type { CallGraph, GraphCall, GraphResult } from '../../shared/graph/callGraph';
import { retryAfterMs } from '../../shared/graph/retryAfter';
import { type Random, between } from './seededRandom';
import type { VirtualClock } from './virtualClock';

/** What happens to one call: a status instead of the work (or, with `after`, once it is done), or a broken connection. */
export type TenantFault =
  { status: number; retryAfter?: number; after?: boolean } | { reset: 'before' | 'after' } | undefined;

export type GraphTenant = ReturnType<typeof makeGraphTenant>;

const CALL_TIMEOUT_MS = 30_000;

/** The Graph simulator's own core on the virtual clock, behind the one function through which the workflow calls Graph. */
export function makeGraphTenant(clock: VirtualClock, random: Random, behaviour: BehaviourPatch) {
  const simulation = createSimulation({
    baseUrl: 'http://127.0.0.1',
    tenantDomain: 'contoso.com',
    behaviour: mergeBehaviour(defaultBehaviour(), behaviour),
    now: clock.nowMs,
    random,
  });
  const faults: { of: (call: GraphCall) => TenantFault; refusesTokens: boolean } = {
    of: () => undefined,
    refusesTokens: false,
  };
  const counts = { calls: 0, wasted: 0 };

  const perform = (call: GraphCall, fault: TenantFault): GraphResult => {
    const works = !fault || ('reset' in fault ? fault.reset === 'after' : fault.after === true);
    const done = works ? answerCall(simulation, toCall(call)) : undefined;
    if (!fault && done) return toResult(done, clock.nowMs());
    if (!fault || 'reset' in fault) return { type: 'lost', reason: 'connectionLost', message: 'reset' };
    return toResult(faultAnswer(faultRule(call, fault), fault.status), clock.nowMs());
  };

  const callGraph: CallGraph = async (call) => {
    if (faults.refusesTokens) {
      await clock.sleep(between(random, 20, 60));
      return { type: 'notSent', reason: 'noToken', message: 'The token was refused.' };
    }
    if (call.mayStillCall?.() === false) return { type: 'notSent', reason: 'leaseOver', message: 'lease' };
    const [thereMs, backMs] = [between(random, 20, 150), between(random, 20, 150)];
    counts.calls += 1;
    await clock.sleep(thereMs);
    const result = perform(call, faults.of(call));
    if (result.type !== 'answer' || result.status === 429 || result.status >= 500) counts.wasted += 1;
    await clock.sleep(Math.min(backMs, CALL_TIMEOUT_MS - thereMs));
    return result;
  };

  return {
    callGraph,
    counts,
    faults,
    mails: () => simulation.mails.values(),
    /** A guest who was invited long ago and has still to redeem. */
    addGuest: (email: string): void => {
      const body = JSON.stringify({ email, state: 'PendingAcceptance' });
      const { status } = answerControl(simulation, 'POST', '/_simulator/users', new URLSearchParams(), body);
      if (status !== 201) throw new Error(`${email}: ${status}`);
    },
    /** Another app of the same tenant takes its part of what SharePoint allows. */
    shareElsewhere: (): void => {
      const { sharingBuckets, behaviour } = simulation;
      if (sharingBuckets && behaviour.sharing) admit(sharingBuckets.calls, behaviour.sharing.calls, clock.nowMs());
    },
    /** Another app of the same tenant takes its part of the limit. */
    spendElsewhere: () => void admit(simulation.bucket, simulation.behaviour.throttle, clock.nowMs()),
  };
}

function toCall({ method, path, body, clientRequestId = '' }: GraphCall) {
  const url = new URL(path, 'http://127.0.0.1');
  return {
    method,
    version: 'v1.0' as const,
    path: url.pathname,
    query: url.searchParams,
    authorization: 'Bearer storm',
    contentType: body && 'application/json',
    text: body ? JSON.stringify(body) : '',
    clientRequestId,
  };
}

const faultRule = ({ method, path }: GraphCall, fault: { status: number; retryAfter?: number; after?: boolean }) => ({
  method,
  path,
  times: 1,
  answer: fault.status,
  after: fault.after === true,
  ...(fault.retryAfter === undefined ? {} : { retryAfter: fault.retryAfter }),
});

function toResult(answer: Answer, nowMs: number): GraphResult {
  const date = new Date(nowMs).toUTCString();
  const percentage = answer.headers?.['x-ms-throttle-limit-percentage'];
  return {
    type: 'answer',
    status: answer.status,
    body: 'error' in answer ? { error: answer.error } : answer.body,
    date,
    retryAfterMs: retryAfterMs(answer.headers?.['Retry-After'] ?? null, date),
    throttlePercentage: percentage === undefined ? undefined : Number(percentage),
  };
}
