const MOST_MS = 3600_000;

/**
 * Milliseconds of a Retry-After header: seconds (Graph sends decimals too) or an HTTP date, which is read against the
 * answer's own Date header. One hour at most; undefined where there is none or it says nothing sensible.
 */
export function retryAfterMs(header: string | null, dateHeader: string | null): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(Math.ceil(Number(text) * 1000), MOST_MS);
  const until = /^[A-Za-z]{3}, /.test(text) ? Date.parse(text) : NaN;
  const from = dateHeader === null ? NaN : Date.parse(dateHeader);
  const ms = until - from;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), MOST_MS);
}
