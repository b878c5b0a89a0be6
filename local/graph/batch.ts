import { randomUUID } from 'node:crypto';
import { stringify } from 'lossless-json';
import { z } from 'zod';
import { badRequest, toBody, type Answer, type Call } from './answers';
import { lacksToken, parseJson, readExactJson, readJson } from './preconditions';
import type { Simulation } from './simulation';

const MOST_AT_ONCE = 20;

const batchSchema = z.looseObject({
  requests: z
    .array(
      z.looseObject({
        id: z.string().min(1),
        method: z.string().transform((method) => method.toUpperCase()),
        url: z.string().min(1),
        headers: z.record(z.string(), z.string()).default({}),
        body: z.unknown().optional(),
        dependsOn: z.never('dependsOn is not simulated').optional(),
      }),
    )
    .min(1)
    .max(MOST_AT_ONCE, `${MOST_AT_ONCE} requests are the most in one batch`)
    .refine((requests) => new Set(requests.map(({ id }) => id)).size === requests.length, 'every id may be there once'),
});

type BatchedRequest = z.output<typeof batchSchema>['requests'][number];

export const isBatch = ({ method, path }: Call): boolean => method === 'POST' && path === '/$batch';

/** How many calls a call is: as many as there are in a batch. */
export function sizeOf(call: Call): number {
  const body: unknown = isBatch(call) ? readJson(call.text) : undefined;
  const requests: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'requests') : undefined;
  return Array.isArray(requests) ? Math.max(1, Math.min(requests.length, MOST_AT_ONCE)) : 1;
}

/**
 * `POST /$batch`: each request counts against the limits and is answered by itself, the batch with 200 whatever became
 * of them. https://learn.microsoft.com/graph/json-batching
 */
export function answerBatch(simulation: Simulation, batch: Call, answerOne: (call: Call) => Answer): Answer {
  const unauthorised = lacksToken(batch);
  if (unauthorised) return unauthorised;
  const json = parseJson(batch, readExactJson);
  if (json.type === 'invalid') return json.answer;
  const parsed = batchSchema.safeParse(json.body);
  if (!parsed.success) return badRequest(`Invalid batch payload format: ${z.prettifyError(parsed.error)}`);

  const responses = parsed.data.requests.map((request) => {
    const call = toCall(request, batch);
    const answer = call && !isBatch(call) ? answerOne(call) : badRequest('Invalid request within a batch.');
    const ids = { requestId: randomUUID(), clientRequestId: call?.clientRequestId ?? batch.clientRequestId };
    const body = toBody(answer, ids, simulation.now());
    const type = body === undefined ? {} : { 'Content-Type': 'application/json' };
    return { id: request.id, status: answer.status, headers: { ...type, ...answer.headers }, body };
  });
  return { status: 200, body: { responses }, isExact: true };
}

/** Undefined for a URL that is not relative to the version. */
function toCall({ method, url, headers, body }: BatchedRequest, batch: Call): Call | undefined {
  if (/^https?:/i.test(url)) return undefined;
  const { pathname, searchParams } = new URL(url.replace(/^\/*/, '/'), 'http://127.0.0.1');
  const header = (wanted: string) => Object.entries(headers).find(([name]) => name.toLowerCase() === wanted)?.[1];
  return {
    method,
    version: batch.version,
    path: pathname,
    query: searchParams,
    authorization: header('authorization') ?? batch.authorization,
    contentType: header('content-type'),
    text: body === undefined ? '' : (stringify(body) ?? ''),
    clientRequestId: header('client-request-id') ?? randomUUID(),
  };
}
