import type { z } from 'zod';
import { ERROR_CODES, type ErrorCode } from '../../shared/http/errorCodes';
import { COMPONENTS } from '../../shared/http/openApi/components';
import { type Operation, errorCodesOf } from '../../shared/http/openApi/operation';
import { OPERATIONS } from '../../shared/http/openApi/operations';

interface Answered {
  status: number;
  headers: Pick<Headers, 'get'>;
  body: unknown;
}

/** One thing that an operation may answer, such as `getInvitation 404 notFound`. */
export type AnswerName = string;

const nameOf = ({ id }: Operation, status: number | string, code?: string | null): AnswerName =>
  [id, status, ...(code ? [code] : [])].join(' ');

/** Everything that /openapi.json says may be answered. */
export const DOCUMENTED: AnswerName[] = OPERATIONS.flatMap((operation) => [
  ...Object.keys(operation.answers).map((status) => nameOf(operation, status)),
  ...errorCodesOf(operation).map((code) => nameOf(operation, ERROR_CODES[code].status, code)),
]);

const operationOf = (method: string, target: string): Operation | undefined => {
  const path = target.replace(/\?.*$/s, '').replace(/^\/api/, '');
  return OPERATIONS.find(
    (each) =>
      each.method === method.toLowerCase() && new RegExp(`^${each.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path),
  );
};

/**
 * Throws unless /openapi.json says that this may be answered: its status, its error code, its body to the last property.
 * Gives the answer's name; undefined for what is no operation, and for the host's own 401, which has no body.
 */
export function holdToDocument(method: string, target: string, answered: Answered): AnswerName | undefined {
  const operation = operationOf(method, target);
  const { status, body } = answered;
  if (!operation || (status === 401 && body === undefined)) return undefined;
  const code = answered.headers.get('x-ms-error-code');
  const name = nameOf(operation, status, code);
  if (!DOCUMENTED.includes(name)) throw new Error(`/openapi.json does not say that this may be answered: ${name}.`);
  const fault = code === null ? bodyFault(operation, status, body) : errorFault(code as ErrorCode, body);
  if (fault !== undefined) throw new Error(`${name} is not answered as /openapi.json says: ${fault}`);
  return name;
}

function bodyFault({ answers }: Operation, status: number, body: unknown): string | undefined {
  const { schemas = [], isBodyOptional } = answers[status] ?? {};
  if (schemas.length === 0 || (isBodyOptional && body === undefined)) {
    return body === undefined ? undefined : 'it has a body.';
  }
  const parsed = schemas.map((name) => (COMPONENTS[name] as z.ZodType).safeParse(body));
  return parsed.some(({ success }) => success) ? undefined : parsed.map(({ error }) => error?.message).join('\n');
}

function errorFault(code: ErrorCode, body: unknown): string | undefined {
  const parsed = COMPONENTS.Error.safeParse(body);
  if (!parsed.success) return parsed.error.message;
  return parsed.data.error.code === code ? undefined : `its code is ${parsed.data.error.code}.`;
}
