import { randomUUID } from 'node:crypto';

/** What a route answers; the server adds the headers and the error envelope that every answer of Graph has. */
export type Answer =
  | {
      status: number;
      headers?: Record<string, string>;
      body?: object;
      /** There are LosslessNumbers in the body, to be written digit by digit. */
      isExact?: true;
    }
  | { status: number; headers?: Record<string, string>; error: GraphFault };

export interface GraphFault {
  code: string;
  message: string;
}

/** One call of Graph as the routes see it: version taken off, body parsed, caller's headers at hand. */
export interface Call {
  method: string;
  version: 'v1.0' | 'beta';
  /** Path after the version, still percent-encoded: `/users/admin%40fabrikam.com`. */
  path: string;
  query: URLSearchParams;
  authorization: string | undefined;
  contentType: string | undefined;
  /** The request body as text; empty when there is none. */
  text: string;
  clientRequestId: string;
}

export interface CallIds {
  requestId: string;
  clientRequestId: string;
}

export function failure(
  status: number,
  code: string,
  message: string,
  headers?: Record<string, string>,
): Extract<Answer, { error: GraphFault }> {
  return { status, error: { code, message }, ...(headers ? { headers } : {}) };
}

export const tooManyRequests = (headers: Record<string, string>) =>
  failure(429, 'TooManyRequests', 'Please retry again later.', headers);

export const badRequest = (message: string) => failure(400, 'BadRequest', message);

export const resourceNotFound = (id: string) =>
  failure(
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );

/** The body that goes over the wire; a fault is wrapped in Graph's envelope (ODataErrors.ODataError). */
export function toBody(answer: Answer, ids: CallIds, now: number): object | undefined {
  if (!('error' in answer)) return answer.body;
  return {
    error: {
      ...answer.error,
      innerError: {
        date: toGraphDateTime(now),
        'request-id': ids.requestId,
        'client-request-id': ids.clientRequestId,
      },
    },
  };
}

/** Graph gives instants to the second: `2026-08-04T09:30:00Z`. */
export const toGraphDateTime = (atMs: number) => new Date(atMs).toISOString().replace(/\.\d{3}Z$/, 'Z');

/** Graph makes up a client-request-id for a caller who sent none. */
export function callIds(clientRequestId: string | undefined): CallIds {
  const requestId = randomUUID();
  return { requestId, clientRequestId: clientRequestId ?? requestId };
}
