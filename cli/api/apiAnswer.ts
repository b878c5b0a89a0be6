import { z } from 'zod';
import { parseExactly } from '../../shared/domain/exactJson';
import { type CliFault, endpointFault } from '../cliFault';

/** An answer that says something about what was asked: a success, or an error with a code. */
export interface ApiAnswer {
  status: number;
  headers: Headers;
  text: string;
  /** Undefined for what is no JSON, such as CSV. */
  body: unknown;
}

const errorBody = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    details: z.array(z.object({ code: z.string().optional(), message: z.string() })).default([]),
  }),
});

export interface ApiError {
  code: string;
  /** Every fault that the answer lists, or its one sentence. */
  message: string;
}

/** The error of an answer or of an entry of one; undefined where it holds none. */
export function apiErrorOf(body: unknown): ApiError | undefined {
  const parsed = errorBody.safeParse(body);
  if (!parsed.success) return undefined;
  const { code, message, details } = parsed.data.error;
  return { code, message: details.map((detail) => detail.message).join(' ') || message };
}

export async function readAnswer(response: Response): Promise<ApiAnswer> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return parseExactly(text);
  } catch {
    return undefined;
  }
}

/**
 * What keeps the endpoint from serving this caller at all; undefined for an answer to go on with, refusals of what was
 * asked included.
 */
export function refusalOf(answer: ApiAnswer, baseUrl: string): CliFault | undefined {
  const { status, headers } = answer;
  const error = apiErrorOf(answer.body);
  const said = error ? ` It says: ${error.message}` : '';
  const refused = (message: string): CliFault => endpointFault(message, { isUnsent: true });
  if (status === 401) {
    return refused(
      `${baseUrl} does not know this caller (401). Set B2B_INVITE_KEY to a function key of the app, or use --entra with --scope.${said}`,
    );
  }
  if (status === 403) return refused(`${baseUrl} does not let this caller do that (403).${said}`);
  if (status >= 300 && status < 400) {
    return refused(
      `${baseUrl} sends elsewhere (${status} to ${headers.get('location') ?? 'nowhere'}). Give the app’s own URL, and leave App Service authentication off.`,
    );
  }
  if (status === 429) return refused(`${baseUrl} takes no more for now (429).${said}`);
  if (status >= 500)
    return endpointFault(`${baseUrl} can’t serve this now (${status}${error ? ` ${error.code}` : ''}).${said}`);
  if (status >= 400 && !error) {
    return refused(`${baseUrl} answers ${status} and is no invitation API, it seems. Is --url right?`);
  }
  return undefined;
}
