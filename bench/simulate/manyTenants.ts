import { requestsOf } from './cost';
import type { Profile } from './inputs';
import { type Peaks, peaksOf } from './load';
import { logNormal, makeRandom } from './random';
import type { Steps } from './steps';
import { type DrainOptions, drainTenant } from './tenantDrain';

export interface ManyTenantsOptions extends Omit<DrainOptions, 'invitations'> {
  tenants: Profile['tenants'];
}

/** All tenants' seconds laid over each other: as if one account and one namespace took them all. */
export interface Together {
  requestsPeak: number;
  messageOperationsPeak: number;
  /** Seconds in which a limit was passed. */
  secondsOverAccount: number;
  secondsOverNamespace: number;
}

export interface ManyTenants {
  tenants: number;
  invited: number;
  accepted: number;
  refused: number;
  /** The longest drain of one. */
  longestSeconds: number;
  /** Of the tenant that has most in a second: each with an account and a namespace of its own. */
  apart: Peaks;
  /** By their own local time, and as if all were in one time zone. */
  staggered: Together;
  atOnce: Together;
  /** What the timers of all ask of one account in the second in which they run, with nothing to do. */
  timersTogether: number;
}

/** A message costs a credit when it's sent and one when it's received, so half is what may be sent. */
export const LIMITS = { partition: 2_000, account: 20_000, credits: 1_000, messagesSent: 500 };

const HOUR_SECONDS = 3600;
const MINUTE_SECONDS = 60;
/** From the westernmost offset's Monday to the easternmost's, and the drains that begin at its end. */
const SECONDS = 60 * HOUR_SECONDS;

/** Tenants share nothing but what they are laid over each other on: each drains by itself, at its own limit of Graph. */
export async function simulateTenants(options: ManyTenantsOptions, steps: Steps): Promise<ManyTenants> {
  const { tenants, seed } = options;
  const random = makeRandom(seed);
  const size = logNormal(random, tenants.invitationsMedian, tenants.invitationsP99);
  const staggered = makeSum();
  const atOnce = makeSum();
  const apart = peaksOf([]);
  const total = { invited: 0, accepted: 0, refused: 0, longestSeconds: 0 };
  for (let nth = 0; nth < tenants.count; nth += 1) {
    const invitations = Math.max(1, Math.round(size()));
    const drained = await drainTenant({ ...options, invitations, seed: seed * 1_000_003 + nth }, steps);
    total.invited += drained.invited;
    total.accepted += drained.accepted;
    total.refused += drained.refused;
    total.longestSeconds = Math.max(total.longestSeconds, drained.seconds);
    const seconds = drained.load.seconds();
    const peaks = peaksOf(seconds);
    for (const name of Object.keys(apart) as (keyof Peaks)[]) apart[name] = Math.max(apart[name], peaks[name]);
    const late = random.normal() * tenants.startSpreadMinutes * MINUTE_SECONDS;
    const offset = tenants.utcOffsetHours[random.below(tenants.utcOffsetHours.length)] ?? 0;
    const local = 24 * HOUR_SECONDS + tenants.startHour * HOUR_SECONDS + late;
    staggered.add(Math.round(local - offset * HOUR_SECONDS), seconds);
    atOnce.add(Math.round(local), seconds);
  }
  const timersTogether = tenants.count * timersOf(steps);
  return {
    tenants: tenants.count,
    ...total,
    apart,
    staggered: staggered.together(timersTogether),
    atOnce: atOnce.together(timersTogether),
    timersTogether,
  };
}

/** Of the timers that run at the beginning of every minute. */
const timersOf = ({ timers: { wakeInvitations, wakeEvents, wakeWebhookEvents } }: Steps): number =>
  [wakeInvitations, wakeEvents, wakeWebhookEvents].reduce((sum, cost) => sum + requestsOf(cost), 0);

/** There are too many of them for the arguments of Math.max. */
const mostOf = (values: Float64Array): number => values.reduce((most, value) => Math.max(most, value), 0);

function makeSum() {
  const requests = new Float64Array(SECONDS);
  const operations = new Float64Array(SECONDS);
  return {
    add: (from: number, seconds: readonly { requests: number; messageOperations: number }[]): void => {
      for (const [nth, second] of seconds.entries()) {
        requests[from + nth] = (requests[from + nth] ?? 0) + second.requests;
        operations[from + nth] = (operations[from + nth] ?? 0) + second.messageOperations;
      }
    },
    /** With what the timers ask for besides, in the first second of each minute. */
    together: (timers: number): Together => {
      const all = requests.map((count, second) => count + (second % MINUTE_SECONDS === 0 ? timers : 0));
      const over = (values: Float64Array, limit: number) => values.filter((value) => value > limit).length;
      return {
        requestsPeak: mostOf(requests),
        messageOperationsPeak: mostOf(operations),
        secondsOverAccount: over(all, LIMITS.account),
        secondsOverNamespace: over(operations, LIMITS.credits),
      };
    },
  };
}
