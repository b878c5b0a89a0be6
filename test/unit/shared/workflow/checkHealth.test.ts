import { freshGate } from '../../../../shared/domain/gate';
import { type HealthParts, makeCheckHealth } from '../../../../shared/workflow/checkHealth';
import { everyGate } from '../../../support/advanceParts';

const NOW = '2026-03-02T09:00:00.000Z';
const LATER = '2026-03-02T09:01:00.000Z';
const open = freshGate(NOW, { perSecond: 25, burstMs: 5_000 });

const checkHealth = (changes: Partial<HealthParts> = {}) =>
  makeCheckHealth({
    gates: everyGate({ read: () => Promise.resolve(open) }),
    hints: { check: () => Promise.resolve() },
    eventHints: { check: () => Promise.resolve() },
    webhookHints: { check: () => Promise.resolve() },
    subscriptions: () => Promise.resolve([]),
    keptEvents: () => Promise.resolve(new Map()),
    accessToken: () => Promise.resolve('token'),
    now: () => NOW,
    ...changes,
  })();

const ok = { status: 'ok' };

it('is healthy when tables, queues, token and gate are', async () => {
  expect(await checkHealth()).toEqual({
    status: 'healthy',
    checks: { tables: ok, queue: ok, graphToken: ok, gate: ok, events: ok, webhooks: ok },
  });
});

it.each([
  ['tables', { gates: everyGate({ read: () => Promise.reject(new Error('away')) }) }],
  ['queue', { hints: { check: () => Promise.reject(new Error('away')) } }],
  ['queue', { eventHints: { check: () => Promise.reject(new Error('away')) } }],
  ['queue', { webhookHints: { check: () => Promise.reject(new Error('away')) } }],
  ['events', { subscriptions: () => Promise.reject(new Error('away')) }],
  ['webhooks', { keptEvents: () => Promise.reject(new Error('away')) }],
  ['graphToken', { accessToken: () => Promise.reject(new Error('away')) }],
])('names %s when that fails', async (name, part) => {
  const health = await checkHealth(part);
  expect(health.status).toBe('unhealthy');
  const failing = Object.entries(health.checks).filter(([, { status }]) => status !== 'ok');
  expect(failing).toEqual([[name, { status: 'failing', detail: 'away' }]]);
});

it('is healthy while Graph only throttles', async () => {
  const closed = { ...open, closedUntil: LATER, closedWhy: 'TooManyRequests' };
  expect(await checkHealth({ gates: everyGate({ read: () => Promise.resolve(closed) }) })).toMatchObject({
    status: 'healthy',
    checks: { gate: { status: 'ok', detail: `throttled by Microsoft Graph until ${LATER}` } },
  });
});

it('is red while Graph refuses the tenant, and well again once the gate may open', async () => {
  const closed = { ...open, closedUntil: LATER, closedWhy: 'Authorization_RequestDenied' };
  const gates = everyGate({ read: () => Promise.resolve(closed) });
  expect(await checkHealth({ gates })).toMatchObject({
    status: 'unhealthy',
    checks: {
      gate: {
        status: 'failing',
        detail: `Microsoft Graph refuses every invitation (Authorization_RequestDenied); next try at ${LATER}`,
      },
    },
  });
  expect(await checkHealth({ gates, now: () => LATER })).toMatchObject({ status: 'healthy' });
});

it('is degraded, not red, while a subscription is disabled, and names it', async () => {
  const subscriptions = () =>
    Promise.resolve([
      { id: 'a', status: 'active' as const },
      { id: 'b', status: 'disabled' as const },
      { id: 'c', status: 'gone' as const },
    ]);
  expect(await checkHealth({ subscriptions })).toEqual({
    status: 'degraded',
    checks: {
      tables: ok,
      queue: ok,
      graphToken: ok,
      gate: ok,
      events: {
        status: 'degraded',
        detail: 'subscriptions whose receiver took nothing for days, and which are disabled: b',
      },
      webhooks: ok,
    },
  });
});

it('is degraded while webhook events wait for a replay, and says of which sources', async () => {
  const keptEvents = () =>
    Promise.resolve(
      new Map([
        ['hr', 2],
        ['portal', 1],
      ]),
    );
  expect(await checkHealth({ keptEvents })).toMatchObject({
    status: 'degraded',
    checks: {
      webhooks: { status: 'degraded', detail: 'webhook events that are kept for a replay: 2 of hr, 1 of portal' },
    },
  });
});
