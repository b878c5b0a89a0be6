/** Why an invitation does not allow what was asked for it: the code of the 409 (docs: /openapi.json). */
export const CONFLICT_CODES = [
  'statusForbids',
  'kindForbids',
  'sendInProgress',
  'revokeInProgress',
  'workOutstanding',
  'noMail',
  'tooManySends',
  'alreadyDue',
  'notPending',
  'erased',
  'duplicate',
] as const;
export type ConflictCode = (typeof CONFLICT_CODES)[number];

export interface Conflict {
  code: ConflictCode;
  message: string;
}
