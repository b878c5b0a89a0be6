import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { parseComment } from '../domain/comment';
import { type DecisionAnswered, type DecisionAsked, answerDecision } from './answerDecision';
import type { Caller } from './caller';
import { invalidRequest } from './errors';
import { readJson } from './readJson';

/** The shell of approve and reject, whose body may hold a comment: `{"comment": "…"}`, or nothing at all. */
export async function answerApproval(
  request: HttpRequest,
  caller: Caller,
  decide: (asked: DecisionAsked, comment: string | undefined) => Promise<DecisionAnswered>,
): Promise<HttpResponseInit> {
  const hasBody = request.headers.get('content-type') !== null;
  const json = hasBody ? await readJson(request) : { ok: true as const, body: {} };
  if (!json.ok) return json.answer;
  const parsed = parseComment(json.body);
  if (!parsed.ok) return invalidRequest(parsed.faults);
  return answerDecision(request, caller, (asked) => decide(asked, parsed.comment), json.body);
}
