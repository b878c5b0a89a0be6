import type { RequestRecord, Simulation } from './simulation';

/** One call of Graph; status 0 where it never got an answer. */
export type Made = Pick<RequestRecord, 'method' | 'path' | 'query' | 'clientRequestId' | 'status'> & {
  email: string | undefined;
};

/** Keeps what was called in one HTTP request, all of it with that request's times, and writes a line each. */
export function makeRecorder(simulation: Simulation, latencyMs: number, onLog: (line: string) => void) {
  const at = new Date(simulation.now()).toISOString();
  return ({ email, ...made }: Made): void => {
    const decidedAt = new Date(simulation.now()).toISOString();
    simulation.requests.push({ at, decidedAt, latencyMs, ...made, ...(email === undefined ? {} : { email }) });
    onLog(toLogLine(made));
  };
}

/** Only the first two segments of the path: the third may be a userPrincipalName, which holds an address. */
function toLogLine({ method, path, status, clientRequestId }: Omit<Made, 'email'>): string {
  const resource = path.split('/').slice(0, 3).join('/');
  return `${method} ${resource} ${status === 0 ? 'no answer' : status} ${clientRequestId}`;
}
