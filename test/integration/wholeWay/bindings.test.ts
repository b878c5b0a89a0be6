import path from 'node:path';
import { type HostProcess, startHostProcess } from '../../support/hostProcess';

const KEY = 'a-key-of-this-test';
const nowhere = 'Endpoint=sb://127.0.0.1:1;SharedAccessKeyName=k;SharedAccessKey=k;UseDevelopmentEmulator=true;';

let host: HostProcess;
beforeAll(async () => {
  host = await startHostProcess(
    { appRoot: path.join(__dirname, '..', '..', '..'), functionKey: KEY },
    {
      ServiceBusConnection: nowhere,
      INVITATIONS_QUEUE: 'hints',
      EVENTS_QUEUE: 'events',
      WAKE_SCHEDULE: '0 */5 * * * *',
    },
  );
});
afterAll(() => host.end());

const status = async (method: string, target: string, headers: Record<string, string> = {}) =>
  (await fetch(host.url(target), { method, headers })).status;

it('registers exactly these functions, with these bindings', () => {
  const registered = host.functions.map(({ name, detail }) => `${name}: ${detail}`);
  expect(registered.sort()).toEqual([
    'advanceInvitation: queue hints',
    'approveInvitation: POST /api/invitations/{id}/approve',
    'bulkInvitations: POST /api/invitations/bulk',
    'compareRedemptions: schedule 0 30 4 * * *',
    'confirmSent: POST /api/invitations/{id}/confirmSent',
    'createSubscription: POST /api/subscriptions',
    'deleteExpiredKeys: schedule 0 15 3 * * *',
    'deleteSubscription: DELETE /api/subscriptions/{id}',
    'deliverEvent: queue events',
    'eraseInvitation: DELETE /api/invitations/{id}',
    'erasePerson: DELETE /api/invitations',
    'getHealth: GET /api/health',
    'getInvitation: GET /api/invitations/{id}',
    'getOpenApi: GET /api/openapi.json',
    'getSubscription: GET /api/subscriptions/{id}',
    'giveRedeemUrl: POST /api/invitations/{id}/redeemUrl',
    'handleWebhookEvent: queue webhook-events',
    'listInvitations: GET /api/invitations',
    'listSubscriptions: GET /api/subscriptions',
    'patchInvitation: PATCH /api/invitations/{id}',
    'receiveCallersWebhook: POST /api/webhooks/{source}/asCaller',
    'receiveWebhook: POST,OPTIONS /api/webhooks/{source}',
    'recordDeadLetter: queue hints/$DeadLetterQueue',
    'recordWebhookDeadLetter: queue webhook-events/$DeadLetterQueue',
    'rejectInvitation: POST /api/invitations/{id}/reject',
    'requestInvitation: POST /api/invitations',
    'resendInvitation: POST /api/invitations/{id}/resend',
    'resetRedemption: POST /api/invitations/{id}/resetRedemption',
    'retryInvitation: POST /api/invitations/{id}/retry',
    'revokeInvitation: POST /api/invitations/{id}/revoke',
    'syncRedemptions: schedule 0 */5 * * * *',
    'wakeEvents: schedule 0 */5 * * * *',
    'wakeInvitations: schedule 0 */5 * * * *',
    'wakeWebhookEvents: schedule 0 */5 * * * *',
  ]);
});

const ID = '01900000-0000-7000-8000-000000000000';

it.each([
  ['POST', '/api/invitations'],
  ['GET', '/api/invitations'],
  ['GET', `/api/invitations/${ID}`],
  ['PATCH', `/api/invitations/${ID}`],
  ['POST', `/api/invitations/${ID}/resend`],
  ['POST', `/api/invitations/${ID}/revoke`],
  ['POST', `/api/invitations/${ID}/retry`],
  ['POST', `/api/invitations/${ID}/confirmSent`],
  ['POST', `/api/invitations/${ID}/resetRedemption`],
  ['POST', `/api/invitations/${ID}/redeemUrl`],
  ['POST', '/api/subscriptions'],
  ['GET', '/api/subscriptions'],
  ['GET', `/api/subscriptions/${ID}`],
  ['DELETE', `/api/subscriptions/${ID}`],
])('asks for the function key at %s %s', async (method, target) => {
  expect(await status(method, target)).toBe(401);
  expect(await status(method, target, { 'x-functions-key': 'another' })).toBe(401);
  // Past the door: nothing is configured here, and the app says so.
  expect([415, 503]).toContain(await status(method, target, { 'x-functions-key': KEY }));
  expect([415, 503]).toContain(await status(method, `${target}?code=${KEY}`));
});

it('answers health to anybody, for probes have no key', async () => {
  expect(await status('GET', '/api/health')).toBe(503);
});

it('names every missing setting in the log, and none in the answer', async () => {
  const response = await fetch(host.url('/api/health'));
  const answer = await response.text();
  expect(answer).toContain('misconfigured');
  expect(answer).not.toContain('HASH_KEY');
  const said = host.logs.map(({ message }) => message).join('\n');
  expect(said).toContain('HASH_KEY is not set');
  expect(said).toContain('TablesConnection is not set');
});
