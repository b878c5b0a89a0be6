import { z } from 'zod';
import type { HostileAnswer, HostileRequest } from './hostileRequest';

/** Every status and code that docs and OpenAPI promise; anything else is a fault of ours. */
const DOCUMENTED = new Set([
  '200',
  '202',
  '304',
  '400 invalidRequest',
  '400 invalidJson',
  '400 invalidHeader',
  '404 notFound',
  '409 duplicate',
  '409 inProgress',
  '409 statusForbids',
  '409 noMail',
  '409 sendInProgress',
  '413 bodyTooLarge',
  '415 unsupportedMediaType',
  '422 idempotencyKeyReused',
  '429 recipientQuotaReached',
  // The host's own, before any function: a target that is no path, and a path that is no route.
  '400 (host)',
  '404 (host)',
]);

/** Of one invitation, or of the faults of one request. */
const LARGEST_ANSWER = 128 * 1024;
const LONGEST_PAGE = 50;

const detail = z.strictObject({ code: z.string(), message: z.string(), target: z.string().optional() });
const errorBody = z.strictObject({
  error: z.strictObject({
    code: z.string(),
    message: z.string().max(1_000),
    target: z.string().optional(),
    details: z.array(detail).max(60).optional(),
  }),
});
const invitationBody = z.looseObject({ id: z.string(), status: z.string(), warnings: z.array(detail) });

const page = z.strictObject({
  value: z.array(invitationBody).max(LONGEST_PAGE),
  nextLink: z.url().max(4_000).optional(),
});

/** Counts what came of each request, and keeps what should never have come. */
export function makeLedger() {
  const counts = new Map<string, number>();
  const undocumented: { request: HostileRequest; answer: HostileAnswer; why: string }[] = [];
  const ids: string[] = [];
  const count = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);

  const record = (request: HostileRequest, answer: HostileAnswer): void => {
    try {
      const outcome = outcomeOf(answer, count);
      count(outcome);
      if (!DOCUMENTED.has(outcome)) undocumented.push({ request, answer, why: `${outcome} is not documented` });
      if (outcome === '202' && request.path === '/api/invitations') {
        count('new invitation or its repeat');
        ids.push(invitationBody.parse(JSON.parse(answer.text)).id);
      }
    } catch (error) {
      undocumented.push({ request, answer, why: String(error) });
    }
  };
  return { record, counts, undocumented, ids };
}

function outcomeOf({ status, headers, text }: HostileAnswer, count: (name: string) => void): string {
  if (status === 304) return '304';
  const isList = status === 200 && text.startsWith('{"value":');
  const found = isList ? page.parse(JSON.parse(text)).value : [];
  if (isList) count('list');
  if (text.length > LARGEST_ANSWER * Math.max(1, found.length)) {
    throw new Error(`The answer has ${text.length} characters.`);
  }
  if (isList) return '200';
  if (status < 300) {
    for (const { code } of invitationBody.parse(JSON.parse(text)).warnings) count(`warning ${code}`);
    return String(status);
  }
  if (text === '') return `${status} (host)`;
  const { error } = errorBody.parse(JSON.parse(text));
  if (headers['x-ms-error-code'] !== error.code) throw new Error('x-ms-error-code is not the code of the body.');
  for (const { code, target = '' } of error.details ?? []) {
    count(`fault ${code}`);
    count(`fault at ${code} ${target.replace(/\.\d+/g, '.n')}`);
  }
  return `${status} ${error.code}`;
}
