import { endpointFault } from '../cliFault';
import { type ApiAnswer, apiErrorOf, readAnswer, refusalOf } from './apiAnswer';
import type { Credential } from './credential';
import { networkFault } from './networkFault';
import { retryAfterMs } from './retryAfter';

export interface ApiParts {
  baseUrl: string;
  credential: Credential;
  /** Ctrl-C. A call that it breaks off rejects with its reason. */
  signal: AbortSignal;
  /** Rejects with the signal's reason when that comes first. */
  sleep: (ms: number) => Promise<void>;
  /** Told before each wait. */
  onWait: (ms: number, why: string) => void;
}

export interface Asked {
  /** Serialised already, so that a repeat sends the same bytes. */
  body?: string;
  headers?: Record<string, string>;
  /** An app of an older version may not have the route: its bare 404 is then an answer and no fault. */
  mayBeMissing?: boolean;
}

export type CallApi = (method: 'GET' | 'POST', path: string, asked?: Asked) => Promise<ApiAnswer>;

/** Below the four minutes after which Azure's load balancer drops a request. */
const CALL_LIMIT_MS = 200_000;
/** Whoever is asked to wait longer is told so instead. */
const MOST_WAIT_MS = 10 * 60_000;
const MOST_TRIES = 5;
/** By which the app tells in its figures what came from here. */
const USER_AGENT = 'b2b-invite';
const FIRST_BACK_OFF_MS = 1000;

type Attempt = { answer: ApiAnswer; waitMs?: number; why: string } | { fault: Error; waitMs?: number; why: string };

/**
 * Calls the API, again and again where that is safe and may help: every POST carries an Idempotency-Key or changes
 * nothing. Retry-After is kept to, up to ten minutes. Answers with every 2xx and every refusal of what was asked; throws
 * a CliFault where the endpoint can't be reached or won't serve this caller.
 */
export function makeCallApi(parts: ApiParts): CallApi {
  const { baseUrl, sleep, onWait } = parts;
  let hasAnswered = false;
  return async (method, path, asked = {}) => {
    for (let tries = 1; ; tries += 1) {
      const attempt = await attemptOnce(parts, method, path, asked, { tries, hasAnswered });
      hasAnswered ||= 'answer' in attempt;
      if (attempt.waitMs === undefined) {
        if ('fault' in attempt) throw attempt.fault;
        const refusal = refusalOf(attempt.answer, baseUrl);
        if (refusal && !(asked.mayBeMissing && attempt.answer.status === 404)) throw refusal;
        return attempt.answer;
      }
      if (attempt.waitMs > MOST_WAIT_MS) throw tooLong(baseUrl, attempt.waitMs, attempt);
      onWait(attempt.waitMs, attempt.why);
      await sleep(attempt.waitMs);
    }
  };
}

async function attemptOnce(
  { baseUrl, credential, signal }: ApiParts,
  method: string,
  path: string,
  { body, headers }: Asked,
  { tries, hasAnswered }: { tries: number; hasAnswered: boolean },
): Promise<Attempt> {
  const backOffMs = tries < MOST_TRIES ? FIRST_BACK_OFF_MS * 2 ** (tries - 1) : undefined;
  const authorisation = await credential();
  try {
    const response = await fetch(baseUrl + path, {
      method,
      headers: { accept: 'application/json', 'user-agent': USER_AGENT, ...headers, ...authorisation },
      ...(body === undefined ? {} : { body }),
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(CALL_LIMIT_MS)]),
    });
    const answer = await readAnswer(response);
    return { answer, ...waitFor(answer, backOffMs) };
  } catch (error) {
    signal.throwIfAborted();
    const { fault, isPassing } = networkFault(error, baseUrl);
    // A server that never answered is more likely misnamed than away.
    const isWorthATry = isPassing && hasAnswered && backOffMs !== undefined;
    return { fault, ...(isWorthATry ? { waitMs: backOffMs } : {}), why: 'the connection broke' };
  }
}

function waitFor(answer: ApiAnswer, backOffMs: number | undefined): { waitMs?: number; why: string } {
  const { status, headers } = answer;
  const asked = retryAfterMs(headers);
  const isAskedToWait = status === 429 || status === 503 || apiErrorOf(answer.body)?.code === 'inProgress';
  if (isAskedToWait && asked !== undefined) return { waitMs: Math.max(asked, 1000), why: `asked to (${status})` };
  const mayPass = status >= 500 || status === 429 || status === 408;
  return { ...(mayPass && backOffMs !== undefined ? { waitMs: backOffMs } : {}), why: `answered ${status}` };
}

function tooLong(baseUrl: string, waitMs: number, attempt: Attempt): Error {
  const error = 'answer' in attempt ? apiErrorOf(attempt.answer.body) : undefined;
  const said = error ? ` It says: ${error.message}` : '';
  return endpointFault(`${baseUrl} asks to wait ${Math.ceil(waitMs / 60_000)} minutes. Try again then.${said}`, {
    isUnsent: 'answer' in attempt && attempt.answer.status === 429,
  });
}
