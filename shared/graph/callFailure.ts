/** `notSent`: surely nothing reached Graph. `lost`: Graph may have done it. */
export type CallFailure =
  | { type: 'notSent'; reason: 'noToken' | 'leaseOver' | 'noConnection'; message: string }
  | { type: 'lost'; reason: 'timeout' | 'connectionLost'; message: string };

/** Failures of looking up, reaching and trusting the server: no byte of the request was sent. */
const BEFORE_SENDING =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_.*|ERR_TLS.*|ERR_SSL.*|SELF_SIGNED.*|DEPTH_ZERO.*|UNABLE_TO_.*)$/;

/** Tells what a rejected fetch means. Anything that is not surely before the sending counts as lost. */
export function networkFailure(error: unknown): CallFailure {
  const name = error instanceof Error ? error.name : '';
  if (name === 'TimeoutError' || name === 'AbortError') {
    return { type: 'lost', reason: 'timeout', message: 'Microsoft Graph gave no answer in time.' };
  }
  const codes = codesOf(error);
  const code = codes[0] ?? 'unknown';
  if (codes.length > 0 && codes.every((each) => BEFORE_SENDING.test(each))) {
    return { type: 'notSent', reason: 'noConnection', message: `No connection to Microsoft Graph (${code}).` };
  }
  return { type: 'lost', reason: 'connectionLost', message: `The connection to Microsoft Graph broke (${code}).` };
}

/** fetch wraps the socket's error in `cause`, and several addresses' errors in an AggregateError. */
function codesOf(error: unknown): string[] {
  if (error instanceof AggregateError) return error.errors.flatMap(codesOf);
  if (!(error instanceof Error)) return [];
  if (error.cause !== undefined) return codesOf(error.cause);
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' ? [code] : [];
}
