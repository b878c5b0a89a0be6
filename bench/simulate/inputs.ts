import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ROOT } from '../result';

const FOLDER = join(ROOT, 'bench', 'simulate');

const above = z.number().positive();
const share = z.number().min(0).max(1);

const profileSchema = z.strictObject({
  note: z.string(),
  /** The tenant's own limit, strict, and how long a call of POST /invitations takes: log-normal. */
  graph: z.strictObject({ perSecond: above, burst: above, callMedianMs: above, callP99Ms: above }),
  tableCallMs: above,
  /** Until a batch of messages is taken. */
  queueCallMs: above,
  /** Of the function app, while it drains; each takes 64 messages at once (host.json). */
  instances: z.int().positive(),
  partitions: z.int().min(1).max(256),
  /** Apps that each invite log-normally many people on one Monday morning, by the local time of one of the offsets. */
  tenants: z.strictObject({
    count: z.int().positive(),
    invitationsMedian: above,
    invitationsP99: above,
    startHour: z.number().min(0).max(23),
    startSpreadMinutes: above,
    utcOffsetHours: z.array(z.number()).min(1),
  }),
  /** Of one tenant. Weights from midnight and from Monday on; hours from the first mail to the redemption: log-normal. */
  year: z.strictObject({
    invitations: z.int().positive(),
    hourWeights: z.array(z.number().nonnegative()).length(24),
    weekdayWeights: z.array(z.number().nonnegative()).length(7),
    redeemedShare: share,
    redemptionMedianHours: above,
    redemptionP99Hours: above,
  }),
  /** What Service Bus bills for a message that is sent, received and completed. */
  messages: z.strictObject({ billedOperationsEach: above }),
  logs: z.strictObject({ bytesAnExecution: above }),
});

export type Profile = z.output<typeof profileSchema>;

const pricesSchema = z.strictObject({
  note: z.string(),
  notedOn: z.iso.date(),
  currency: z.string(),
  functions: z.strictObject({
    gbSecond: above,
    millionExecutions: above,
    freeGbSecondsAMonth: z.number().nonnegative(),
    freeExecutionsAMonth: z.number().nonnegative(),
    instanceGb: above,
    /** An execution is billed for so long at least. */
    leastSeconds: z.number().nonnegative(),
  }),
  serviceBus: z.strictObject({
    baseAMonth: above,
    millionOperations: above,
    includedOperationsAMonth: z.number().nonnegative(),
  }),
  tables: z.strictObject({ tenThousandTransactions: above, gbMonth: above }),
  logs: z.strictObject({ gb: above, freeGbAMonth: z.number().nonnegative() }),
});

export type Prices = z.output<typeof pricesSchema>;

export const readProfile = (file = join(FOLDER, 'profile.json')): Profile => read(file, profileSchema);
export const readPrices = (file = join(FOLDER, 'prices.json')): Prices => read(file, pricesSchema);

/** Throws one error that names the file and every fault of it. */
function read<T>(file: string, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new Error(`${file} is not as it should be:\n${z.prettifyError(parsed.error)}`);
}
