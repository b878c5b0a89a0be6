import type { ConflictCode } from '../domain/conflict';

/**
 * Every code that an error of the API may have, its status and what to do about it. `errorAnswer` takes no other, and
 * /openapi.json and its tests are made from this list: a new code is a line here and in the operations that give it
 * (shared/http/openApi/operations.ts).
 */
export const ERROR_CODES = {
  invalidRequest: { status: 400, means: 'Something in the request is not valid; `details` names every fault.' },
  invalidJson: { status: 400, means: 'The body is not JSON in UTF-8; the message says where it breaks.' },
  invalidCsv: { status: 400, means: 'The CSV can’t be read; the message or `details` says where and why.' },
  invalidHeader: { status: 400, means: 'The Idempotency-Key has a form that none may have.' },
  noToken: { status: 401, means: 'With AUTH=entra: send an access token, `Authorization: Bearer …`.' },
  invalidToken: { status: 401, means: 'The access token was refused; the message says what is wrong with it.' },
  notVerified: {
    status: 401,
    means: 'Nothing shows that the webhook comes from its source: signature, time or secret.',
  },
  missingRole: { status: 403, means: 'The caller has none of the app roles that this operation asks for.' },
  notFound: { status: 404, means: 'There is none with this id, or the caller may not see it.' },
  unknownSource: { status: 404, means: 'No webhook source has this name.' },
  duplicate: { status: 409, means: 'The person has an open invitation already.' },
  inProgress: {
    status: 409,
    means: 'A request with this Idempotency-Key is still running: repeat it after Retry-After.',
  },
  statusForbids: {
    status: 409,
    means: 'The status of the invitation does not allow this; the message names the status.',
  },
  kindForbids: { status: 409, means: 'The kind of the invitation does not allow this.' },
  sendInProgress: { status: 409, means: 'Microsoft Graph is being asked right now: repeat it in a minute.' },
  revokeInProgress: { status: 409, means: 'A revoke of this invitation is under way.' },
  workOutstanding: {
    status: 409,
    means: 'Something is left to do for this closed invitation: repeat it after its nextAt.',
  },
  noMail: { status: 409, means: 'This invitation mails nothing, so nothing can be sent again.' },
  tooManySends: { status: 409, means: 'This invitation has sent as many mails as one may.' },
  alreadyDue: { status: 409, means: 'notBefore has come already and can’t be changed.' },
  notPending: { status: 409, means: 'Microsoft Graph does not say that this guest is still to redeem.' },
  erased: { status: 409, means: 'Whom the invitation was for has been erased: make a new one.' },
  tooManySubscriptions: { status: 409, means: 'There are as many subscriptions as there may be: delete one.' },
  bodyTooLarge: { status: 413, means: 'The body is larger than this operation takes.' },
  tooManyEntries: { status: 413, means: 'One call takes no more than 1,000 invitations: send the rest in another.' },
  unsupportedMediaType: { status: 415, means: 'The Content-Type is none that this operation takes.' },
  idempotencyKeyReused: { status: 422, means: 'The Idempotency-Key was used for another request: take a new one.' },
  callerQuotaReached: { status: 429, means: 'The caller has made as many invitations as it may a day.' },
  recipientQuotaReached: { status: 429, means: 'As many invitations were made for the person as may be a day.' },
  paceUsedUp: { status: 429, means: 'Microsoft Graph takes no more calls at the moment.' },
  tablesUnavailable: { status: 503, means: 'Table Storage does not answer: repeat the request after Retry-After.' },
  signingKeysUnavailable: { status: 503, means: 'Entra’s keys can’t be read, so no token can be checked: repeat it.' },
  graphUnavailable: { status: 503, means: 'Microsoft Graph gave no answer that could be used: repeat it.' },
  misconfigured: { status: 503, means: 'The app’s settings are wrong; its log names them.' },
} as const satisfies Record<string, { status: number; means: string }> &
  Record<ConflictCode, { status: 409; means: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** The one status that goes with a code. */
export type StatusOf<C extends ErrorCode> = (typeof ERROR_CODES)[C]['status'];
