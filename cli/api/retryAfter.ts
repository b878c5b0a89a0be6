/**
 * Milliseconds of a Retry-After header: seconds, or an HTTP date, which is read against the answer's own Date header.
 * Undefined where there is none or it says nothing sensible.
 */
export function retryAfterMs(headers: Headers): number | undefined {
  const text = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  if (!/^[A-Za-z]{3}, /.test(text)) return undefined;
  const ms = Date.parse(text) - Date.parse(headers.get('date') ?? '');
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
