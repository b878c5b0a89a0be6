import { type Limit, type Share, idealMs } from './limit';

/** A call of POST /invitations as the simulated Graph saw it. */
export interface Call {
  email: string;
  /** 201 granted, 429 refused, 503 forced. */
  status: number;
  /** When it was granted or refused, in ms after the start. */
  decidedMs: number;
}

export interface Drained {
  invitations: number;
  /** Of the invitations, how many Graph made. */
  reached: number;
  /** Neither made nor going to be. */
  lost: number;
  /** Addresses that Graph made an invitation for more than once. */
  doubled: number;
  refused: number;
  /** Calls that met a forced 503. */
  forced: number;
  idealMs: number;
  /** Of the last acceptance, of those whose calls met no 503; undefined where not all got through. */
  lastMs: number | undefined;
  /** Ideal time ÷ time of the last acceptance. */
  drainPercent: number | undefined;
  /** Refused calls ÷ invitations. */
  wastedPercent: number;
}

/**
 * How well a limit was used, from the calls of one run. An invitation that met a forced 503 has to get through, but its
 * second call is not waited for: it counts in the ideal time, because its first call took a token of the bucket too.
 */
export function drainedOf(
  calls: readonly Call[],
  invitations: number,
  limit: Limit,
  others: readonly Share[] = [],
): Drained {
  const granted = calls.filter(({ status }) => status >= 200 && status < 300);
  const first = new Map<string, number>();
  for (const { email, decidedMs } of granted) first.set(email, Math.min(first.get(email) ?? Infinity, decidedMs));
  const unavailable = calls.filter(({ status }) => status === 503);
  const left = new Set(unavailable.map(({ email }) => email));
  const times = [...first].filter(([email]) => !left.has(email)).map(([, decidedMs]) => decidedMs);
  const refused = calls.filter(({ status }) => status === 429).length;
  const ideal = idealMs(invitations, limit, others);
  const lastMs = first.size < invitations ? undefined : times.reduce((last, ms) => Math.max(last, ms), 0);
  return {
    invitations,
    reached: first.size,
    lost: invitations - first.size,
    doubled: timesOf(granted).filter((times) => times > 1).length,
    refused,
    forced: unavailable.length,
    idealMs: ideal,
    lastMs,
    drainPercent: lastMs === undefined || lastMs === 0 ? undefined : (100 * ideal) / lastMs,
    wastedPercent: (100 * refused) / invitations,
  };
}

function timesOf(calls: readonly Call[]): number[] {
  const times = new Map<string, number>();
  for (const { email } of calls) times.set(email, (times.get(email) ?? 0) + 1);
  return [...times.values()];
}

/** Of the invitations, the part that had got through by then. */
export function reachedPercent(calls: readonly Call[], invitations: number, byMs: number): number {
  const reached = new Set(
    calls.flatMap(({ status, decidedMs, email }) => (status < 300 && decidedMs <= byMs ? [email] : [])),
  );
  return (100 * reached.size) / invitations;
}

/** One second of a run, by what Graph decided in it. */
export interface Second {
  second: number;
  accepted: number;
  refused: number;
  forced: number;
}

export function secondsOf(calls: readonly Call[]): Second[] {
  const seconds: Second[] = [];
  for (const { status, decidedMs } of calls) {
    const at = Math.max(0, Math.floor(decidedMs / 1000));
    while (seconds.length <= at) seconds.push({ second: seconds.length, accepted: 0, refused: 0, forced: 0 });
    const second = seconds[at];
    if (!second) continue;
    if (status < 300) second.accepted += 1;
    else if (status === 429) second.refused += 1;
    else if (status === 503) second.forced += 1;
  }
  return seconds;
}
