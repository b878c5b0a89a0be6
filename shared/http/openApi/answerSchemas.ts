import { z } from 'zod';
import { EVENT_TYPES } from '../../domain/events';
import { STATUSES } from '../../domain/invitation';
import { KINDS } from '../../domain/request';
import { instant, invitation, warning } from './invitationSchemas';

export const errorBody = z.strictObject({
  code: z.string(),
  message: z.string(),
  target: z.string().optional(),
  details: z.array(warning).optional(),
});

export const error = z.strictObject({ error: errorBody });

/** A result for each recipient of a request that names several. */
export const batch = z.strictObject({
  batchId: z.uuid(),
  value: z.array(
    z.union([
      z.strictObject({ status: z.literal([200, 202]), location: z.url(), invitation }),
      z.strictObject({ status: z.int().min(400).max(499), error: errorBody }),
    ]),
  ),
});

export const redeemUrl = z.strictObject({ inviteRedeemUrl: z.url() });

export const erasedPerson = z.strictObject({
  value: z.array(z.strictObject({ id: z.uuid(), erased: z.boolean(), reason: z.string().optional() })),
});

export const subscription = z.strictObject({
  id: z.uuid(),
  url: z.string(),
  events: z.array(z.enum(EVENT_TYPES)),
  filters: z.strictObject({ source: z.string().optional(), kind: z.enum(KINDS).optional() }),
  status: z.enum(['active', 'disabled', 'gone']),
  createdBy: z.string(),
  createdAt: instant,
  activeFrom: instant,
  failures: z.int().min(0),
  lastFailure: z.strictObject({ at: instant, reason: z.string() }).optional(),
  endedAt: instant.optional(),
});

export const createdSubscription = subscription.extend({ secret: z.string().regex(/^whsec_[A-Za-z0-9+/]+=*$/) });

export const subscriptionList = z.strictObject({ value: z.array(subscription) });

/** What a subscriber is posted. */
export const event = z.strictObject({
  type: z.enum(EVENT_TYPES),
  timestamp: instant,
  sequence: z.int().min(1),
  status: z.enum(STATUSES),
  data: invitation,
});

export const healthCheck = z.strictObject({
  status: z.enum(['ok', 'degraded', 'failing']),
  detail: z.string().optional(),
});

export const health = z.strictObject({
  status: z.enum(['healthy', 'degraded', 'unhealthy']),
  checks: z.strictObject({
    tables: healthCheck,
    queue: healthCheck,
    graphToken: healthCheck,
    gate: healthCheck,
    events: healthCheck,
    webhooks: healthCheck,
  }),
});

export const receivedWebhook = z.strictObject({ accepted: z.int().min(0), ignored: z.int().min(0) });

/** https://learn.microsoft.com/azure/event-grid/end-point-validation-event-grid-events-schema */
export const eventGridValidation = z.strictObject({ validationResponse: z.string() });
