import type { GateState } from '../domain/gate';
import type { Limit } from '../domain/request';
import type { Subscription } from '../domain/subscription';
import type { Instant } from '../domain/time';
import type { AccessTokenOf } from '../graph/accessToken';
import type { Gate } from '../graph/gate';
import type { EventHintSender, HintSender, WebhookHintSender } from '../queue/hintSender';

export interface Check {
  /** `degraded`: nothing is lost and no invitation waits, but somebody should look. */
  status: 'ok' | 'degraded' | 'failing';
  detail?: string;
}

export interface Health {
  status: 'healthy' | 'degraded' | 'unhealthy';
  checks: { tables: Check; queue: Check; graphToken: Check; gate: Check; events: Check; webhooks: Check };
}

/** The summary for whom the reasons are none of their business: they name hosts and identities. */
export function withoutDetail({ status, checks }: Health): Health {
  const { tables, queue, graphToken, gate, events, webhooks } = checks;
  const summary = ({ status: each }: Check): Check => ({ status: each });
  return {
    status,
    checks: {
      tables: summary(tables),
      queue: summary(queue),
      graphToken: summary(graphToken),
      gate: summary(gate),
      events: summary(events),
      webhooks: summary(webhooks),
    },
  };
}

export interface HealthParts {
  gates: Record<Limit, Pick<Gate, 'read'>>;
  hints: Pick<HintSender, 'check'>;
  eventHints: Pick<EventHintSender, 'check'>;
  webhookHints: Pick<WebhookHintSender, 'check'>;
  subscriptions: () => Promise<Pick<Subscription, 'id' | 'status'>[]>;
  /** Webhook events that wait for a replay, by source. */
  keptEvents: () => Promise<Map<string, number>>;
  accessToken: AccessTokenOf;
  now: () => Instant;
}

const CHECK_TIMEOUT_MS = 3_000;
/** Codes for which the gate closes because Graph refuses the tenant, not because it is busy. */
const THROTTLED = /^(TooManyRequests|http429|activityLimitReached)$/i;

/** Looks at everything that the workflow needs, each in three seconds at most. Never throws. */
export function makeCheckHealth(parts: HealthParts) {
  const { gates, hints, eventHints, webhookHints, subscriptions, keptEvents, accessToken, now } = parts;
  return async (): Promise<Health> => {
    const [tables, queue, graphToken, events, kept] = await Promise.all([
      checking(Promise.all([gates.invitations, gates.mailedShares, gates.linkedIn].map((gate) => gate.read()))),
      checking(Promise.all([hints, eventHints, webhookHints].map((queue) => queue.check(CHECK_TIMEOUT_MS)))),
      checking(accessToken()),
      checking(subscriptions()),
      checking(keptEvents()),
    ]);
    const closed = (tables.value ?? []).filter(({ closedUntil }) => closedUntil > now()).map(closedGate);
    const checks = {
      tables: tables.check,
      queue: queue.check,
      graphToken: graphToken.check,
      gate: closed.find(({ status }) => status === 'failing') ?? closed[0] ?? OPEN,
      events: events.value ? eventsCheck(events.value) : events.check,
      webhooks: kept.value ? webhooksCheck(kept.value) : kept.check,
    };
    return { status: worstOf(Object.values(checks)), checks };
  };
}

function worstOf(checks: Check[]): Health['status'] {
  const is = (wanted: Check['status']): boolean => checks.some(({ status }) => status === wanted);
  return is('failing') ? 'unhealthy' : is('degraded') ? 'degraded' : 'healthy';
}

/** They wait for somebody to mend the mapping. */
function webhooksCheck(kept: Map<string, number>): Check {
  if (kept.size === 0) return { status: 'ok' };
  const counts = [...kept].map(([source, count]) => `${count} of ${source}`).join(', ');
  return { status: 'degraded', detail: `webhook events that are kept for a replay: ${counts}` };
}

/** A subscription that is gone ended as it should; a disabled one waits for somebody. */
function eventsCheck(subscriptions: Pick<Subscription, 'id' | 'status'>[]): Check {
  const disabled = subscriptions.filter(({ status }) => status === 'disabled').map(({ id }) => id);
  if (disabled.length === 0) return { status: 'ok' };
  const detail = `subscriptions whose receiver took nothing for days, and which are disabled: ${disabled.join(', ')}`;
  return { status: 'degraded', detail };
}

const OPEN: Check = { status: 'ok' };

/** Being throttled is the normal way of a big batch; a refused tenant needs a person. */
function closedGate({ closedUntil: until, closedWhy: why }: GateState): Check {
  return THROTTLED.test(why)
    ? { status: 'ok', detail: `throttled by Microsoft Graph until ${until}` }
    : { status: 'failing', detail: `Microsoft Graph refuses every invitation (${why}); next try at ${until}` };
}

async function checking<T>(call: Promise<T>): Promise<{ check: Check; value?: T }> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${CHECK_TIMEOUT_MS} ms`)), CHECK_TIMEOUT_MS);
  });
  try {
    return { check: { status: 'ok' }, value: await Promise.race([call, expired]) };
  } catch (error) {
    return { check: { status: 'failing', detail: error instanceof Error ? error.message.slice(0, 200) : 'failed' } };
  } finally {
    clearTimeout(timer);
  }
}
