const MINUTE_MS = 60_000;

/** OTEL_METRIC_EXPORT_INTERVAL in milliseconds; a minute without one that is a number above zero. The reader does not look at it. */
export function figuresEveryMs(): number {
  const given = Number(process.env['OTEL_METRIC_EXPORT_INTERVAL']);
  return given > 0 ? given : MINUTE_MS;
}
