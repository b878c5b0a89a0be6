import type { Answer } from './operation';

/** What can be wrong with any body of JSON, and with an Idempotency-Key. */
export const JSON_ERRORS = ['invalidJson', 'invalidRequest', 'bodyTooLarge', 'unsupportedMediaType'] as const;
export const KEY_ERRORS = ['invalidHeader', 'idempotencyKeyReused'] as const;

export const DECIDED: Answer = {
  description: 'It is done, or it was done before; `Location` is where to look.',
  schemas: ['Invitation'],
  headers: ['Location', 'Retry-After'],
};
