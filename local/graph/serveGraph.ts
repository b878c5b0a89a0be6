import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { badRequest, type Answer, type Call, type CallIds } from './answers';
import { drawLatencyMs, type Fault } from './behaviour';
import { faultAnswer, takeFault } from './faults';
import { readJson } from './preconditions';
import { answerCall } from './routes';
import type { RequestRecord, Simulation } from './simulation';

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

export type Outcome = { type: 'answer'; answer: Answer } | { type: 'reset' } | { type: 'hang' };

/**
 * What becomes of a call of Graph, with behaviour's latency and faults.
 *
 * Half of the latency passes before the work and half after it, so a caller who gives up can't know which it was.
 */
export async function serveGraph(
  simulation: Simulation,
  { stopped, onLog }: Serving,
  arrived: Arrived,
): Promise<Outcome> {
  const { method, url, ids } = arrived;
  const arrivedAtMs = simulation.now();
  const call = toCall(arrived);
  const email = invitedAddress(arrived.text);
  const fault = call && takeFault(simulation.behaviour.faults, { method, path: call.path, email });
  const halfMs = drawLatencyMs(simulation.behaviour.latency, simulation.random) / 2;

  await pause(halfMs, stopped);
  const outcome = call ? perform(simulation, call, fault) : noSuchVersion(url);
  const record: RequestRecord = {
    at: new Date(arrivedAtMs).toISOString(),
    method,
    path: url.pathname,
    query: url.search,
    status: outcome.type === 'answer' ? outcome.answer.status : 0,
    clientRequestId: ids.clientRequestId,
    ...(email === undefined ? {} : { email }),
  };
  simulation.requests.push(record);
  onLog(toLogLine(record));
  if (outcome.type !== 'hang') await pause(halfMs, stopped);
  return outcome;
}

function perform(simulation: Simulation, call: Call, fault: Fault | undefined): Outcome {
  if (!fault) return { type: 'answer', answer: answerCall(simulation, call) };
  if (fault.answer === 'hang') return { type: 'hang' };
  if (fault.answer === 'resetAfter' || fault.after) answerCall(simulation, call);
  return typeof fault.answer === 'number'
    ? { type: 'answer', answer: faultAnswer(fault, fault.answer) }
    : { type: 'reset' };
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

/** Only the first two segments of the path: the third may be a userPrincipalName, which holds an address. */
function toLogLine({ method, path, status, clientRequestId }: RequestRecord): string {
  const resource = path.split('/').slice(0, 3).join('/');
  return `${method} ${resource} ${status === 0 ? 'no answer' : status} ${clientRequestId}`;
}
