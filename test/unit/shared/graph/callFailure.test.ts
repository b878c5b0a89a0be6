import { networkFailure } from '../../../../shared/graph/callFailure';

const socketError = (code: string, syscall?: string) =>
  Object.assign(new Error(`${String(syscall)} ${code}`), { code, syscall });
const fetchFailed = (cause: unknown) => new TypeError('fetch failed', { cause });

it.each([
  ['ECONNREFUSED', 'connect'],
  ['EHOSTUNREACH', 'connect'],
  ['ENETUNREACH', 'connect'],
  ['ENOTFOUND', 'getaddrinfo'],
  ['EAI_AGAIN', 'getaddrinfo'],
  ['UND_ERR_CONNECT_TIMEOUT', undefined],
  ['CERT_HAS_EXPIRED', undefined],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', undefined],
  ['SELF_SIGNED_CERT_IN_CHAIN', undefined],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', undefined],
  ['ERR_TLS_CERT_ALTNAME_INVALID', undefined],
])('%s in %s comes before any byte is sent', (code, syscall) => {
  expect(networkFailure(fetchFailed(socketError(code, syscall)))).toEqual({
    type: 'notSent',
    reason: 'noConnection',
    message: `No connection to Microsoft Graph (${code}).`,
  });
});

it.each([
  ['ECONNRESET', 'read'],
  ['EPIPE', 'write'],
  ['ETIMEDOUT', 'read'],
  ['UND_ERR_SOCKET', undefined],
  ['UND_ERR_HEADERS_TIMEOUT', undefined],
  // An open connection ends with these when its packets find no way any more: the request may have got through before.
  ['EHOSTUNREACH', 'read'],
  ['ENETUNREACH', 'write'],
  // Records of an open connection can be broken too.
  ['ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC', undefined],
  ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', undefined],
])('%s in %s may come after the request', (code, syscall) => {
  expect(networkFailure(fetchFailed(socketError(code, syscall)))).toEqual({
    type: 'lost',
    reason: 'connectionLost',
    message: `The connection to Microsoft Graph broke (${code}).`,
  });
});

it('counts several addresses as unreached only when each of them is', () => {
  const refused = socketError('ECONNREFUSED', 'connect');
  expect(networkFailure(fetchFailed(new AggregateError([refused, refused])))).toMatchObject({ type: 'notSent' });
  const reset = socketError('ECONNRESET', 'read');
  expect(networkFailure(fetchFailed(new AggregateError([refused, reset])))).toMatchObject({ type: 'lost' });
});

it.each(['TimeoutError', 'AbortError'])('a %s is a timeout', (name) => {
  expect(networkFailure(new DOMException('too late', name))).toMatchObject({ type: 'lost', reason: 'timeout' });
});

it.each([[fetchFailed(undefined)], [new TypeError('unexpected redirect')], ['text'], [undefined]])(
  'anything else is lost: %p',
  (error) => {
    expect(networkFailure(error)).toMatchObject({ type: 'lost', reason: 'connectionLost' });
  },
);
