import { RestError } from '@azure/data-tables';

/** Table Storage could not be reached or gave no usable answer. Retryable: nothing is known to be wrong with the request. */
export class TablesUnavailableError extends Error {
  readonly code = 'tablesUnavailable';
  readonly retryable = true;

  constructor(operation: string, cause: unknown) {
    super(`Table Storage did not answer (${operation}): ${reasonOf(cause)}`, { cause });
    this.name = 'TablesUnavailableError';
  }
}

/** What there was of an answer may quote an entity, and with it an address: its text stays out of the message. */
function reasonOf(cause: unknown): string {
  if (cause instanceof RestError && cause.statusCode !== undefined) {
    return `${cause.code ?? cause.name}, status ${cause.statusCode}`;
  }
  return cause instanceof Error ? cause.message : String(cause);
}

/** 401 and 403 are about who asks: a role that was just assigned, a key that was rolled. They end without a change here. */
const NOT_OF_THE_REQUEST = new Set([401, 403, 408, 429]);

/** HTTP status of a table server's refusal of this request, or undefined where there was none. */
export function refusalOf(error: unknown): number | undefined {
  const status = error instanceof RestError ? error.statusCode : undefined;
  return status !== undefined && status >= 400 && status < 500 && !NOT_OF_THE_REQUEST.has(status) ? status : undefined;
}

/** Runs a table call; turns whatever is not a definite refusal into `TablesUnavailableError`. */
export async function calling<T>(operation: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (refusalOf(error) !== undefined) throw error;
    throw new TablesUnavailableError(operation, error);
  }
}

/** The same, with undefined for "not there". */
export async function readOrUndefined<T>(operation: string, call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await calling(operation, call);
  } catch (error) {
    if (refusalOf(error) === 404) return undefined;
    throw error;
  }
}
