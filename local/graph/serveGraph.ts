import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { badRequest, failure, type Answer, type Call, type CallIds } from './answers';
import { answerBatch, isBatch, sizeOf } from './batch';
import { drawLatencyMs, type Fault } from './behaviour';
import { faultAnswer, takeFault } from './faults';
import { readJson } from './preconditions';
import { makeRecorder, type Made } from './recording';
import { answerCall } from './routes';
import type { Simulation } from './simulation';

export interface Serving {
  /** Aborted when the server closes: nothing waits any longer then. */
  stopped: AbortSignal;
  onLog: (line: string) => void;
}

/** A request as it came in. */
export interface Arrived {
  method: string;
  url: URL;
  authorization: string | undefined;
  contentType: string | undefined;
  text: string;
  ids: CallIds;
}

const THROTTLED = 429;

export type Outcome = { type: 'answer'; answer: Answer } | { type: 'reset' } | { type: 'hang' };

/**
 * What becomes of a call of Graph, with behaviour's latency and faults.
 *
 * Half of the latency passes before the work and half after it, so a caller who gives up can't know which it was. What is
 * throttled is refused at once when its turn comes: there is no work to wait for.
 */
export async function serveGraph(
  simulation: Simulation,
  { stopped, onLog }: Serving,
  arrived: Arrived,
): Promise<Outcome> {
  const { method, url, ids, text } = arrived;
  const call = toCall(arrived);
  const email = invitedAddress(text);
  const fault = call && takeFault(simulation.behaviour.faults, { method, path: call.path, email });
  const latencyMs = latencyOf(simulation, call);
  const record = makeRecorder(simulation, latencyMs, onLog);

  await pause(latencyMs / 2, stopped);
  const outcome = call
    ? perform(simulation, call, fault, (batched) => performBatched(simulation, batched, record))
    : noSuchVersion(url);
  const { clientRequestId } = ids;
  record({ method, path: url.pathname, query: url.search, clientRequestId, email, status: statusOf(outcome) });
  if (outcome.type !== 'hang' && statusOf(outcome) !== THROTTLED) await pause(latencyMs / 2, stopped);
  return outcome;
}

/** The slowest of a batch decides when it is answered. */
function latencyOf({ behaviour, random }: Simulation, call: Call | undefined): number {
  const draws = Array.from({ length: call ? sizeOf(call) : 1 }, () => drawLatencyMs(behaviour.latency, random));
  return Math.max(...draws);
}

const statusOf = (outcome: Outcome): number => (outcome.type === 'answer' ? outcome.answer.status : 0);

function perform(
  simulation: Simulation,
  call: Call,
  fault: Fault | undefined,
  answerOne: (batched: Call) => Answer,
): Outcome {
  const work = () => (isBatch(call) ? answerBatch(simulation, call, answerOne) : answerCall(simulation, call));
  if (!fault) return { type: 'answer', answer: work() };
  if (fault.answer === 'hang') return { type: 'hang' };
  if (fault.answer === 'resetAfter' || fault.after) work();
  return typeof fault.answer === 'number'
    ? { type: 'answer', answer: faultAnswer(fault, fault.answer) }
    : { type: 'reset' };
}

/** The connection is the batch's: what would break off or never come is a gateway's 504 to one of its requests. */
function performBatched(simulation: Simulation, call: Call, record: (made: Made) => void): Answer {
  const { method, version, path, query, text, clientRequestId } = call;
  const email = invitedAddress(text);
  const fault = takeFault(simulation.behaviour.faults, { method, path, email });
  const outcome = perform(simulation, call, fault, () => badRequest('A batch in a batch.'));
  const search = query.size === 0 ? '' : `?${query.toString()}`;
  record({ method, path: `/${version}${path}`, query: search, clientRequestId, email, status: statusOf(outcome) });
  return outcome.type === 'answer'
    ? outcome.answer
    : failure(504, 'GatewayTimeout', 'The request did not receive a timely response.');
}

const noSuchVersion = (url: URL): Outcome => ({
  type: 'answer',
  answer: badRequest(`Invalid version: ${url.pathname.split('/')[1] ?? ''}`),
});

const pause = async (ms: number, signal: AbortSignal) => {
  if (ms > 0) await sleep(ms, undefined, { signal });
};

function toCall({ method, url, text, ids, authorization, contentType }: Arrived): Call | undefined {
  const [, version, path] = /^\/(v1\.0|beta)(\/.*)$/.exec(url.pathname) ?? [];
  if ((version !== 'v1.0' && version !== 'beta') || path === undefined) return undefined;
  const { clientRequestId } = ids;
  return { method, version, path, query: url.searchParams, authorization, contentType, text, clientRequestId };
}

const inviting = z.looseObject({
  invitedUserEmailAddress: z.string().optional().catch(undefined),
  recipients: z
    .array(z.looseObject({ email: z.string().optional().catch(undefined) }))
    .optional()
    .catch(undefined),
});

/** Of whoever a guest invitation is for, or of the first with whom an item is shared. */
function invitedAddress(text: string): string | undefined {
  const body = text === '' ? undefined : inviting.safeParse(readJson(text)).data;
  return body?.invitedUserEmailAddress ?? body?.recipients?.[0]?.email;
}
