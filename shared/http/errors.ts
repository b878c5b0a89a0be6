import type { HttpResponseInit } from '@azure/functions';
import type { ErrorCode, StatusOf } from './errorCodes';

export interface ErrorDetail {
  code: string;
  message: string;
  target?: string;
}

export type ErrorAnswer = Omit<HttpResponseInit, 'headers'> & { status: number; headers: Record<string, string> };

/**
 * An error in the form that Microsoft's REST API guidelines ask for: `{"error": {code, message, target?, details?}}`
 * and `x-ms-error-code` equal to the code.
 */
export function errorAnswer<C extends ErrorCode>(
  status: StatusOf<C>,
  code: C,
  message: string,
  more: { target?: string; details?: ErrorDetail[]; retryAfterSeconds?: number } = {},
): ErrorAnswer {
  const { retryAfterSeconds, ...rest } = more;
  return {
    status,
    headers: {
      'x-ms-error-code': code,
      ...(retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) }),
    },
    jsonBody: { error: { code, message, ...rest } },
  };
}

/** 400 with every fault of a body. */
export const invalidRequest = (details: ErrorDetail[]): ErrorAnswer =>
  errorAnswer(400, 'invalidRequest', 'The request is not valid; details names every fault.', { details });
