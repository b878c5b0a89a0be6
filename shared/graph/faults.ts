import type { Fault } from '../domain/invitation';
import type { GraphAnswer, GraphResult } from './callGraph';

/**
 * What a result that is no success means for whoever asked.
 * `throttled` and `tenant` are everybody's: the gate closes. `later` is only this invitation's.
 */
export type GraphFault =
  | { type: 'refused'; fault: Fault }
  | { type: 'throttled'; fault: Fault; retryAfterMs: number | undefined }
  | { type: 'tenant'; fault: Fault }
  | { type: 'later'; fault: Fault; retryAfterMs: number | undefined }
  | { type: 'unknown'; fault: Fault };

const LONGEST_MESSAGE = 1000;

/**
 * Translates Graph's faults once, by HTTP status first, then code
 * (https://learn.microsoft.com/graph/errors). `asksForMore`: the request wants something that plain guests don't need
 * (Member, reset, sponsors), so a missing permission is that request's own fault and not the tenant's.
 */
export function faultOf(result: GraphResult, asksForMore = false): GraphFault {
  switch (result.type) {
    case 'notSent':
      return result.reason === 'noToken'
        ? { type: 'tenant', fault: fault('noToken', result.message) }
        : { type: 'later', fault: fault(result.reason, result.message), retryAfterMs: undefined };
    case 'lost':
      return { type: 'unknown', fault: fault(result.reason, result.message) };
    case 'answer':
      return faultOfAnswer(result, asksForMore);
  }
}

function faultOfAnswer(answer: GraphAnswer, asksForMore: boolean): GraphFault {
  const { status, retryAfterMs } = answer;
  const said = errorOf(answer);
  if (status === 429) return { type: 'throttled', fault: said, retryAfterMs };
  if (status === 401) return { type: 'tenant', fault: said };
  if (status === 403 && isTenantFault(said, asksForMore)) return { type: 'tenant', fault: said };
  // With Retry-After Graph says that it did not begin; without, a 503 may come from anything on the way.
  if (status === 503 && retryAfterMs !== undefined) return { type: 'later', fault: said, retryAfterMs };
  if (status >= 400 && status < 500 && status !== 408) return { type: 'refused', fault: said };
  return { type: 'unknown', fault: said };
}

const isTenantFault = (said: Fault, asksForMore: boolean): boolean =>
  (said.code === 'Authorization_RequestDenied' && !asksForMore) || /guest invitations not allowed/i.test(said.message);

const fault = (code: string, message: string): Fault => ({ code, message: redacted(message) });

/**
 * Graph's messages quote addresses and may quote a redeem URL, and a fault is stored, logged and answered: those are
 * taken out, and the rest is kept for people to read.
 */
const redacted = (message: string): string =>
  message
    .slice(0, 4 * LONGEST_MESSAGE)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ') // Table servers do not take them all.
    .replace(/[^\s<>()",;“”]+/g, redactedWord)
    .slice(0, LONGEST_MESSAGE)
    .replace(/\p{Surrogate}/gu, ' '); // Last: a pair may have been cut in two.

function redactedWord(word: string): string {
  if (word.includes('://')) return '(URL)';
  if (/ticket(=|%3d)/i.test(word)) return '(ticket)';
  return /.(@|%40)./.test(word) ? word.replace(/^(['‘’]*)(.*?)(['‘’.:!?]*)$/, '$1(address)$3') : word;
}

const CODE = /^[\w.-]{1,100}$/;

/** Graph's envelope `{error: {code, message}}`; anything else, and a code that is none, is told by its status. */
function errorOf(answer: GraphAnswer): Fault {
  const error: unknown = get(answer.body, 'error');
  const code = get(error, 'code');
  const message = get(error, 'message');
  return fault(
    typeof code === 'string' && CODE.test(code) ? code : `http${answer.status}`,
    typeof message === 'string' ? message : `Microsoft Graph answered ${answer.status}.`,
  );
}

const get = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
