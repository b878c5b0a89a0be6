import { ERROR_CODES, type ErrorCode } from '../errorCodes';
import type { ComponentName } from './components';
import { EXAMPLES } from './examples';
import type { JsonSchema } from './jsonSchemas';
import { type Answer, type Operation, errorCodesOf } from './operation';

const refTo = (name: ComponentName): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

/** A body of one of these, with examples where there are any. */
export function jsonContent(
  names: readonly ComponentName[],
  examples?: Record<string, unknown>,
): Record<string, JsonSchema> {
  const [only, ...more] = names;
  const schema = only !== undefined && more.length === 0 ? refTo(only) : { anyOf: names.map(refTo) };
  return { 'application/json': { schema, ...(examples && Object.keys(examples).length > 0 ? { examples } : {}) } };
}

/** Every status that an operation may answer with, and with which codes. */
export function responsesOf(operation: Operation): Record<string, JsonSchema> {
  const codes = new Map<number, ErrorCode[]>();
  for (const code of errorCodesOf(operation)) {
    const { status } = ERROR_CODES[code];
    codes.set(status, [...(codes.get(status) ?? []), code]);
  }
  const statuses = [...new Set([...Object.keys(operation.answers).map(Number), ...codes.keys()])];
  return Object.fromEntries(
    statuses.map((status) => [status, responseOf(operation.answers[status], codes.get(status) ?? [])]),
  );
}

function responseOf(answer: Answer | undefined, codes: ErrorCode[]): Response {
  if (!answer) return errorResponse(codes);
  if (codes.length === 0) return answerResponse(answer);
  const [good, bad] = [answerResponse(answer), errorResponse(codes)];
  return {
    description: `${good.description} Or an error: ${bad.description}`,
    headers: { ...good.headers, ...bad.headers },
    content: jsonContent([...(answer.schemas ?? []), 'Error'], { ...examplesOf(answer), ...examplesIn(bad) }),
  };
}

interface Response extends JsonSchema {
  description: string;
  headers?: Record<string, JsonSchema>;
  content?: Record<string, JsonSchema>;
}

function answerResponse(answer: Answer): Response {
  const { description, schemas: names = [], headers = [], texts } = answer;
  return {
    description,
    ...(headers.length === 0 ? {} : { headers: refsTo(headers) }),
    ...(names.length === 0 ? {} : { content: { ...jsonContent(names, examplesOf(answer)), ...textContent(texts) } }),
  };
}

/** Bodies that are no JSON, each with a text as an example. */
export const textContent = (texts: Readonly<Record<string, string>> = {}): Record<string, JsonSchema> =>
  Object.fromEntries(Object.entries(texts).map(([type, example]) => [type, { schema: { type: 'string' }, example }]));

const examplesOf = ({ schemas: names = [] }: Answer): Record<string, unknown> =>
  Object.assign({}, ...names.map((name) => EXAMPLES[name] ?? {})) as Record<string, unknown>;

const examplesIn = ({ content }: Response): Record<string, unknown> =>
  (content?.['application/json']?.['examples'] ?? {}) as Record<string, unknown>;

const refsTo = (headers: readonly string[]): Record<string, JsonSchema> =>
  Object.fromEntries(headers.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

/** The codes that this status may come with: each in the description, in the header's schema and as an example. */
function errorResponse(codes: ErrorCode[]): Response {
  const mayWait = codes.some((code) => code === 'inProgress' || [429, 503].includes(ERROR_CODES[code].status));
  const code = { description: 'The code of the error.', schema: { type: 'string', enum: codes } };
  const others = [...(mayWait ? ['Retry-After'] : []), ...(codes.includes('noToken') ? ['WWW-Authenticate'] : [])];
  return {
    description: codes.map((each) => `\`${each}\`: ${ERROR_CODES[each].means}`).join(' '),
    headers: { 'x-ms-error-code': code, ...refsTo(others) },
    content: jsonContent(['Error'], Object.fromEntries(codes.map((each) => [each, exampleOf(each)]))),
  };
}

const exampleOf = (code: ErrorCode): JsonSchema => ({
  summary: code,
  value: { error: { code, message: ERROR_CODES[code].means } },
});
