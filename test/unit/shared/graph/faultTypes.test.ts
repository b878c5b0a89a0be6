import type { GraphAnswer } from '../../../../shared/graph/callGraph';
import { faultOf } from '../../../../shared/graph/faults';

const answer = (status: number, code?: string, message = 'words', retryAfterMs?: number): GraphAnswer => ({
  type: 'answer',
  status,
  body: code === undefined ? undefined : { error: { code, message } },
  date: undefined,
  retryAfterMs,
  throttlePercentage: undefined,
});

const GUESTS_OFF =
  'Guest invitations not allowed for your company. Contact your company administrator for more details.';
const NO_PERMISSION = 'Insufficient privileges to complete the operation.';

it.each([
  ['refused', 400, 'BadRequest', 'Invitee is in inviter tenant'],
  ['refused', 400, 'BadRequest', 'Group email address is not supported'],
  ['refused', 400, 'BadRequest', 'The invited user already exists in the directory as objectID: 1.'],
  ['refused', 400, 'BadRequest', 'This invitation is blocked by cross-tenant access settings.'],
  ['refused', 412, 'PreconditionFailed', 'The account is blocked from signing in.'],
  ['tenant', 403, 'Forbidden', GUESTS_OFF],
  ['refused', 403, 'Forbidden', 'This invitation is blocked by cross-tenant access settings.'],
  ['tenant', 401, 'InvalidAuthenticationToken', 'Access token is empty.'],
  ['tenant', 403, 'Authorization_RequestDenied', NO_PERMISSION],
  ['refused', 404, 'Request_ResourceNotFound', 'Resource 1 does not exist.'],
  ['refused', 409, 'Conflict', 'words'],
  ['unknown', 408, 'RequestTimeout', 'words'],
  ['unknown', 500, 'InternalServerError', 'Unable to find target address'],
  ['unknown', 502, 'BadGateway', 'words'],
  ['unknown', 503, 'ServiceUnavailable', 'words'],
  ['unknown', 504, 'GatewayTimeout', 'words'],
  ['throttled', 429, 'TooManyRequests', 'Please retry again later.'],
] as const)('is %s for %i %s: %s', (type, status, code, message) => {
  expect(faultOf(answer(status, code, message))).toMatchObject({ type, fault: { code, message } });
});

it.each([
  ['refused', 403, 'Authorization_RequestDenied', NO_PERMISSION],
  ['tenant', 403, 'Forbidden', GUESTS_OFF],
  ['tenant', 401, 'InvalidAuthenticationToken', 'Access token is empty.'],
] as const)('is %s for %i %s when more is asked for than a plain guest', (type, status, code, message) => {
  expect(faultOf(answer(status, code, message), true)).toMatchObject({ type });
});

it('takes a 503 with Retry-After for “not begun”', () => {
  expect(faultOf(answer(503, 'ServiceUnavailable', 'words', 2_000))).toMatchObject({
    type: 'later',
    retryAfterMs: 2_000,
  });
});

it('tells an answer without an envelope by its status', () => {
  expect(faultOf(answer(502))).toEqual({
    type: 'unknown',
    fault: { code: 'http502', message: 'Microsoft Graph answered 502.' },
  });
});

it.each([[{ error: 'text' }], [{ error: { code: 7, message: ['x'] } }], ['text'], [null]])(
  'reads nothing into an envelope of another form: %p',
  (body) => {
    expect(faultOf({ ...answer(400), body })).toEqual({
      type: 'refused',
      fault: { code: 'http400', message: 'Microsoft Graph answered 400.' },
    });
  },
);

it.each([
  ['tenant', 'noToken'],
  ['later', 'noConnection'],
  ['later', 'leaseOver'],
] as const)('is %s when nothing was sent because of %s', (type, reason) => {
  expect(faultOf({ type: 'notSent', reason, message: 'words' })).toMatchObject({ type, fault: { code: reason } });
});

it.each(['timeout', 'connectionLost'] as const)('is unknown after %s', (reason) => {
  expect(faultOf({ type: 'lost', reason, message: 'words' })).toEqual({
    type: 'unknown',
    fault: { code: reason, message: 'words' },
  });
});
