import { z } from 'zod';
import { EVENT_TYPES, type EventType } from './events';
import { KINDS } from './request';
import { line } from './requestFields';
import type { RequestFault } from './requestRules';
import { schemaFaults } from './schemaFaults';
import type { SubscriptionFilters } from './subscription';

/** The body of POST /api/subscriptions. */
export const subscriptionBodySchema = z.strictObject({
  url: line(2048),
  events: z
    .array(z.enum(EVENT_TYPES, { error: `is not valid: it is one of ${EVENT_TYPES.join(', ')}` }))
    .min(1, { error: 'must name an event; leave it out for all' })
    .max(100)
    .optional(),
  filters: z
    .strictObject({
      source: line(64).optional(),
      kind: z.enum(KINDS, { error: `is not valid: it is one of ${KINDS.join(', ')}` }).optional(),
    })
    .optional(),
});

export interface SubscriptionAsked {
  url: string;
  events: EventType[];
  filters: SubscriptionFilters;
}

export type ParsedSubscription = { ok: true; asked: SubscriptionAsked } | { ok: false; faults: RequestFault[] };

/** Understands what somebody wants to be told. `urlFault` says what is wrong with a URL to post to. */
export function parseSubscription(body: unknown, urlFault: (url: string) => string | undefined): ParsedSubscription {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return { ok: false, faults: [NO_OBJECT] };
  const parsed = subscriptionBodySchema.safeParse(body, { reportInput: true });
  if (!parsed.success) return { ok: false, faults: schemaFaults(parsed.error.issues).map(inWordsOfSubscriptions) };
  const { url, events = EVENT_TYPES, filters = {} } = parsed.data;
  const fault = urlFault(url);
  if (fault !== undefined) {
    return { ok: false, faults: [{ code: 'invalidUrl', target: 'url', message: `url ${fault}.` }] };
  }
  const { source, kind } = filters;
  return {
    ok: true,
    asked: {
      url,
      events: [...new Set(events)],
      filters: { ...(source === undefined ? {} : { source }), ...(kind === undefined ? {} : { kind }) },
    },
  };
}

const NO_OBJECT: RequestFault = {
  code: 'invalidBody',
  target: 'body',
  message: 'The body must be a JSON object: {"url": "https://…"}.',
};

/** An unknown property is told of in words of invitations, some of which have names that Graph sets. */
const inWordsOfSubscriptions = (fault: RequestFault): RequestFault =>
  fault.code === 'unknownProperty' || fault.code === 'readOnlyProperty'
    ? {
        code: 'unknownProperty',
        target: fault.target,
        message: `${fault.target} is not a property of a subscription. Leave it out or correct its name.`,
      }
    : fault;
