/** `notSent`: surely nothing reached Graph. `lost`: Graph may have done it. */
export type CallFailure =
  | { type: 'notSent'; reason: 'noToken' | 'leaseOver' | 'noConnection'; message: string }
  | { type: 'lost'; reason: 'timeout' | 'connectionLost'; message: string };

/** Looking up and reaching the server failed. The same codes can end an open connection, so `syscall` has to agree. */
const UNREACHED = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;
const REACHING = /^(connect|getaddrinfo)$/;
/** The server can't be trusted. Other faults of TLS (ERR_SSL_…) can come long after the request has left. */
const UNTRUSTED =
  /^(UND_ERR_CONNECT_TIMEOUT|CERT_.*|ERR_TLS_CERT_ALTNAME_INVALID|SELF_SIGNED.*|DEPTH_ZERO.*|UNABLE_TO_.*)$/;

/** Tells what a rejected fetch means. Anything that is not surely before the sending counts as lost. */
export function networkFailure(error: unknown): CallFailure {
  const name = property(error, 'name');
  if (name === 'TimeoutError' || name === 'AbortError') {
    return { type: 'lost', reason: 'timeout', message: 'Microsoft Graph gave no answer in time.' };
  }
  const roots = rootsOf(error);
  const code = roots.map(codeOf).find((each) => each !== '') ?? 'unknown';
  if (roots.every(isBeforeSending)) {
    return { type: 'notSent', reason: 'noConnection', message: `No connection to Microsoft Graph (${code}).` };
  }
  return { type: 'lost', reason: 'connectionLost', message: `The connection to Microsoft Graph broke (${code}).` };
}

function codeOf(root: unknown): string {
  const code = property(root, 'code');
  return typeof code === 'string' ? code : '';
}

function isBeforeSending(root: unknown): boolean {
  const code = codeOf(root);
  return UNTRUSTED.test(code) || (UNREACHED.test(code) && REACHING.test(String(property(root, 'syscall'))));
}

/** fetch wraps the socket's error in `cause`, and several addresses' errors in the `errors` of an AggregateError. */
function rootsOf(error: unknown): unknown[] {
  const errors = property(error, 'errors');
  if (Array.isArray(errors) && errors.length > 0) return errors.flatMap(rootsOf);
  const cause = property(error, 'cause');
  return cause === undefined ? [error] : rootsOf(cause);
}

/** Not by `instanceof`: an error may come from another realm. */
const property = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
