import { z } from 'zod';

const milliseconds = z.number().min(0).max(3_600_000);

const latency = z.union([
  milliseconds,
  z
    .strictObject({ medianMs: milliseconds.positive(), p99Ms: milliseconds })
    .refine(({ medianMs, p99Ms }) => p99Ms >= medianMs, 'p99Ms must not be below medianMs'),
]);

/** A token bucket. */
const throttleOf = (ratePerSecond: number, burst: number, refusedCallsCount: boolean) =>
  z.strictObject({
    ratePerSecond: z.number().positive().default(ratePerSecond),
    burst: z.number().int().min(1).default(burst),
    refusedCallsCount: z.boolean().default(refusedCallsCount),
    /** How Retry-After is written; a number is sent as it stands. */
    retryAfter: z.union([z.enum(['seconds', 'decimal', 'httpDate', 'none']), z.number().min(0)]).default('seconds'),
    /** Send `x-ms-throttle-limit-percentage` once 0.8 of the burst is used up. */
    warn: z.boolean().default(false),
  });

/**
 * Refusals of `…/invite`. SharePoint: 300 sharing calls in 5 min per app and tenant; and 200 mails to people outside an
 * hour, of which those that were never sent don't count.
 */
const sharing = z.strictObject({
  calls: throttleOf(300 / 300, 300, true).prefault({}),
  mails: throttleOf(200 / 3600, 200, false).prefault({}),
});

const refusal = z.strictObject({
  status: z.number().int().min(400).max(499),
  code: z.string().min(1),
  message: z.string().min(1),
});

const sharingRefusals = z.strictObject({
  /** Somebody outside the directory, by application permission: new guests can't be invited that way. */
  stranger: refusal.default({
    status: 400,
    code: 'invalidRequest',
    message: 'The recipient is not a user of the directory.',
  }),
  /** A guest whom SharePoint does not know yet. */
  unknownGuest: refusal.default({
    status: 400,
    code: 'invalidRequest',
    message: 'The recipient is not known to SharePoint yet.',
  }),
});

/**
 * A fault meets the next `times` calls that match it, and is gone then.
 *
 * `path` is a prefix of the path after the version ('/users' also matches '/users/{id}'). A status is answered without
 * doing anything, or with `after: true` once the work is done. `resetBefore` destroys the socket without doing the
 * work, `resetAfter` once it is done; `hang` does nothing and never answers.
 */
const fault = z
  .strictObject({
    method: z
      .string()
      .min(1)
      .transform((method) => method.toUpperCase()),
    path: z.string().startsWith('/'),
    email: z.string().min(1).optional(),
    times: z.number().int().min(1).default(1),
    answer: z.union([z.number().int().min(400).max(599), z.enum(['resetBefore', 'resetAfter', 'hang'])]),
    after: z.boolean().default(false),
    retryAfter: z.union([z.number().min(0), z.string().min(1)]).optional(),
    code: z.string().min(1).optional(),
    message: z.string().min(1).optional(),
  })
  .refine(({ after, answer }) => !after || typeof answer === 'number', 'after goes with a status only');

/** Everything about the simulated tenant that a test or a demo may turn. */
const behaviour = z.strictObject({
  latency: latency.default(0),
  /** Refusals of `POST /invitations`. Graph: 150 requests in 5 s per tenant, and refused calls count too. */
  throttle: throttleOf(30, 150, true).prefault({}),
  /** What other apps of the tenant take of that limit, evenly: calls a second that are no longer there to be had. */
  otherAppsPerSecond: z.number().min(0).default(0),
  /** How many of the calls of `POST /invitations` that are not refused meet a 503 all the same, with nothing done. */
  unavailable: z
    .strictObject({
      rate: z.number().min(0).max(1).default(0),
      /** Seconds; null leaves Retry-After out. */
      retryAfter: z.number().min(0).nullable().default(null),
    })
    .prefault({}),
  /** Reads see a change this long after it happened; Graph's own writes see it at once. */
  directoryLagMs: milliseconds.default(0),
  faults: z.array(fault).max(10_000).default([]),
  redeemUrlForm: z.enum(['login', 'invitations', 'alternate']).default('login'),
  /** Inviting somebody who has accepted, without resetRedemption: Graph's answer is undocumented. */
  inviteAcceptedUser: z.enum(['completed', 'badRequest']).default('completed'),
  /** With app-only permission Graph leaves customizedMessageBody out of its mail. */
  appOnly: z.boolean().default(true),
  guestsAllowed: z.boolean().default(true),
  /** The next token of /users/delta that is shown has expired, and with it whatever it stood for. */
  deltaTokensExpired: z.boolean().default(false),
  /** Changes are told once more in the round after their own. */
  deltaReplays: z.boolean().default(false),
  deltaPageSize: z.number().int().min(1).max(999).default(200),
  /** By application permission there is no `/me`, and nothing is shared with strangers. */
  permissionType: z.enum(['application', 'delegated']).default('application'),
  /** Limits of sharing items: off unless given; `{}` is as SharePoint has them. */
  sharing: sharing.nullable().default(null),
  /** Items can't be shared with a user before this long after they came into the directory. */
  sharePointLagMs: milliseconds.default(0),
  sharingRefusals: sharingRefusals.prefault({}),
  /** Addresses to which no mail about a share gets through: 207. */
  sharingMailsFail: z.array(z.string().min(1)).default([]),
  /** The next so many `…/invite` that would succeed answer 200, but leave no permission behind and mail nobody. */
  sharesLost: z.number().int().min(0).default(0),
  /** Paths of items that are not there, after the version: `/drives/b!x/items/01ABC`. */
  missingItems: z.array(z.string().startsWith('/')).default([]),
  permissionPageSize: z.number().int().min(1).max(9999).default(200),
  permissions: z
    .array(z.string().min(1))
    .default([
      'User.Invite.All',
      'User.Read.All',
      'User.ReadWrite.All',
      'Directory.ReadWrite.All',
      'Files.ReadWrite.All',
    ]),
});

export type Behaviour = z.output<typeof behaviour>;
export type BehaviourPatch = z.input<typeof behaviour>;
export type Fault = Behaviour['faults'][number];
export type Throttle = Behaviour['throttle'];
export type Latency = Behaviour['latency'];

export const defaultBehaviour = (): Behaviour => behaviour.parse({});

/**
 * The behaviour with the patch's top-level keys in place of its own; a key's value is taken whole, its missing inner
 * keys getting their defaults. Throws a ZodError for unknown keys and bad values.
 */
export function mergeBehaviour(current: Behaviour, patch: unknown): Behaviour {
  const given = z.record(z.string(), z.unknown()).parse(patch);
  return behaviour.parse({ ...current, ...given });
}

const Z_OF_P99 = 2.3263;

/** One call's delay: the number itself, or a draw from the lognormal distribution with that median and 99th percentile. */
export function drawLatencyMs(of: Latency, random: () => number): number {
  if (typeof of === 'number') return of;
  const sigma = Math.log(of.p99Ms / of.medianMs) / Z_OF_P99;
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return of.medianMs * Math.exp(sigma * normal);
}
