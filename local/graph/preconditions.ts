import { parse } from 'lossless-json';
import { badRequest, failure, type Answer, type Call } from './answers';
import type { Behaviour } from './behaviour';

/** 401 for a call without a bearer token; any token that isn't empty will do. */
export function lacksToken({ authorization }: Call): Answer | undefined {
  return /^Bearer +\S/i.test(authorization ?? '')
    ? undefined
    : failure(401, 'InvalidAuthenticationToken', 'Access token is empty.', { 'WWW-Authenticate': 'Bearer' });
}

/** 403 when the caller was granted none of the permissions that would be enough; where none is named, none is asked for. */
export function lacksPermission({ permissions }: Behaviour, enough: readonly string[]): Answer | undefined {
  return enough.length === 0 || enough.some((permission) => permissions.includes(permission))
    ? undefined
    : failure(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
}

/** The JSON object in the body, as `read` reads it, or Graph's 400. */
export function parseJson(
  { contentType, text }: Call,
  read: (text: string) => unknown = readJson,
): { type: 'valid'; body: object } | { type: 'invalid'; answer: Answer } {
  if (contentType === undefined) {
    return invalid('Write requests (excluding DELETE) must contain the Content-Type header declaration.');
  }
  if (text === '') return invalid('Empty Payload. JSON content expected.');
  const body = /^application\/json\b/i.test(contentType) ? read(text) : undefined;
  return typeof body === 'object' && body !== null && !Array.isArray(body)
    ? { type: 'valid', body }
    : invalid(
        'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
      );
}

const invalid = (message: string) => ({ type: 'invalid' as const, answer: badRequest(message) });

/** Undefined for text that isn't JSON. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The same with every number as a LosslessNumber: no digit is lost. */
export function readExactJson(text: string): unknown {
  try {
    // As JSON.parse does: the last of two values for one name counts.
    return parse(text, null, { onDuplicateKey: ({ newValue }) => newValue });
  } catch {
    return undefined;
  }
}
