import { failure, type Answer } from './answers';
import type { Fault } from './behaviour';

export interface FaultTarget {
  method: string;
  /** Path after the version. */
  path: string;
  /** The invited address, when the body holds one. */
  email: string | undefined;
}

/** The first fault that meets the call; it counts down in place, and leaves the list when it is used up. */
export function takeFault(faults: Fault[], target: FaultTarget): Fault | undefined {
  const index = faults.findIndex((fault) => matches(fault, target));
  const fault = faults[index];
  if (!fault) return undefined;
  fault.times -= 1;
  if (fault.times === 0) faults.splice(index, 1);
  return fault;
}

function matches(fault: Fault, { method, path, email }: FaultTarget): boolean {
  return (
    fault.method === method &&
    path.startsWith(fault.path) &&
    (fault.email === undefined || fault.email.toLowerCase() === email?.toLowerCase())
  );
}

/** What Graph is known to say with a status when nothing more exact was asked for. */
const usual: Record<number, readonly [code: string, message: string]> = {
  400: ['BadRequest', 'The request is malformed or incorrect.'],
  401: ['InvalidAuthenticationToken', 'Access token has expired or is not yet valid.'],
  403: ['Authorization_RequestDenied', 'Insufficient privileges to complete the operation.'],
  404: [
    'Request_ResourceNotFound',
    'Resource does not exist or one of its queried reference-property objects are not present.',
  ],
  429: ['TooManyRequests', 'Please retry again later.'],
  500: ['InternalServerError', 'Unable to find target address'],
  502: ['BadGateway', 'The server, while acting as a gateway, received an invalid response.'],
  503: ['ServiceUnavailable', 'The service is temporarily unavailable. Please try again later.'],
  504: ['GatewayTimeout', 'The server, while acting as a gateway, did not receive a timely response.'],
};

export function faultAnswer(fault: Fault, status: number): Answer {
  const [code, message] = usual[status] ?? ['UnknownError', 'An error was simulated.'];
  const headers = fault.retryAfter === undefined ? undefined : { 'Retry-After': String(fault.retryAfter) };
  return failure(status, fault.code ?? code, fault.message ?? message, headers);
}
