import type { TableClient } from '@azure/data-tables';
import { clamp } from '../domain/clamp';
import { type Instant, toInstant } from '../domain/time';

type PipelinePolicy = Parameters<TableClient['pipeline']['addPolicy']>[0];

/** The table server's clock: one clock for all instances, whatever their own clocks say. */
export interface ServerClock {
  now: () => Instant;
  /** Learns from a Date header; the two monotonic readings bracket the moment it was written. */
  observe: (dateHeader: string, sentAtMs: number, receivedAtMs: number) => void;
  policy: PipelinePolicy;
}

const HEADER_RESOLUTION_MS = 1000;

/**
 * Keeps the narrowest interval in which every Date header so far agrees with the monotonic clock. One that does not fit by
 * little moves it by so little: a server notes the second a few milliseconds late, and behind one address there are several
 * servers. One that is off by more than a second starts it anew (the server's clock was set): only then it may run back.
 * Until the first answer it is this machine's own clock.
 */
export function makeServerClock(monotonicMs: () => number = () => performance.now()): ServerClock {
  let earliest = Date.now() - monotonicMs();
  let latest = earliest;
  let hasObserved = false;
  let given: { ms: number; instant: Instant } | undefined;

  const observe = (dateHeader: string, sentAtMs: number, receivedAtMs: number): void => {
    const date = Date.parse(dateHeader);
    if (Number.isNaN(date)) return;
    const from = date - receivedAtMs;
    const to = date + HEADER_RESOLUTION_MS - sentAtMs;
    if (!hasObserved || from - latest > HEADER_RESOLUTION_MS || earliest - to > HEADER_RESOLUTION_MS) {
      hasObserved = true;
      [earliest, latest] = [from, to];
      given = undefined;
      return;
    }
    earliest = clamp(earliest, from, to);
    latest = clamp(latest, from, to);
  };

  const policy: PipelinePolicy = {
    name: 'serverClockPolicy',
    async sendRequest(request, next) {
      const sentAtMs = monotonicMs();
      const response = await next(request);
      observe(response.headers.get('date') ?? '', sentAtMs, monotonicMs());
      return response;
    },
  };

  const now = (): Instant => {
    // What was just written for now would else lie ahead, by half a second, when the interval narrows.
    const ms = Math.max(given?.ms ?? -Infinity, Math.round((earliest + latest) / 2 + monotonicMs()));
    if (ms !== given?.ms) given = { ms, instant: toInstant(ms) };
    return given.instant;
  };

  return { now, observe, policy };
}
