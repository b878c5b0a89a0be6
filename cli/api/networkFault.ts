import { type CliFault, endpointFault } from '../cliFault';

export interface NetworkFault {
  fault: CliFault;
  /** Whether the same may work in a moment. */
  isPassing: boolean;
}

/** What `fetch` failed with, in a sentence that says what to do (codes: https://nodejs.org/api/errors.html, undici's, OpenSSL's). */
export function networkFault(error: unknown, baseUrl: string): NetworkFault {
  const { origin, hostname } = new URL(baseUrl);
  const code = codeOf(error);
  const isLocal = hostname === '127.0.0.1' || hostname === 'localhost';
  const fault = (
    message: string,
    { isPassing, isUnsent }: { isPassing: boolean; isUnsent: boolean },
  ): NetworkFault => ({
    fault: endpointFault(message, { cause: error, isUnsent }),
    isPassing,
  });
  switch (code) {
    case 'ECONNREFUSED':
      return fault(
        isLocal
          ? `Nothing listens at ${origin}. Start it with "npm start", or name another with --url.`
          : `${origin} refuses connections. Is the app running, and is --url right?`,
        { isPassing: true, isUnsent: true },
      );
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return fault(`There is no host ${hostname}. Is --url right, and is there a network?`, {
        isPassing: code === 'EAI_AGAIN',
        isUnsent: true,
      });
    case 'TimeoutError':
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
      return fault(`${origin} did not answer in time.`, { isPassing: true, isUnsent: false });
    default:
      return /CERT|SSL|TLS|SIGNED|SIGNATURE/.test(code)
        ? fault(`${origin} shows a certificate that is not trusted here (${code}). Check --url.`, {
            isPassing: false,
            isUnsent: true,
          })
        : fault(`The connection to ${origin} broke (${code}).`, { isPassing: true, isUnsent: false });
  }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { cause } = error;
  // Several addresses of a host tried in vain come as one error that holds theirs.
  const inner = cause instanceof AggregateError ? (cause.errors[0] as unknown) : cause;
  if (inner instanceof Error) return 'code' in inner ? String(inner.code) : inner.message;
  return error.name === 'TimeoutError' ? error.name : error.message;
}
