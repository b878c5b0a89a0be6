import { type HttpServer, startHttpServer } from '../../support/httpServer';
import { webhooksOf } from '../../support/sources';
import { waitFor } from '../../support/waitFor';
import { type WebhookSample, SAMPLE_NAMES, fetchingFrom, readWebhookSample } from '../../support/webhookSamples';
import { type Answer, WEBHOOKS_QUEUE, type WholeApp, errorOf, startWholeApp } from '../../support/wholeApp';

/** Every folder of samples/webhooks posted as its sender does, to an app that has all of them as sources. */

const samples = SAMPLE_NAMES.map(readWebhookSample);
const byName = new Map(samples.map((sample) => [sample.name, sample]));
const sampleOf = (name: string): WebhookSample => byName.get(name)!;

/** Those that sign a time with their body. */
const TIMED = ['bamboohr', 'bamboohr-events', 'servicenow', 'standard-webhooks'];
/** Where each sender shows who it is; those that are not here do so in the query, or as a caller. */
const SIGNED_IN: Record<string, string> = {
  'standard-webhooks': 'webhook-signature',
  bamboohr: 'x-bamboohr-signature',
  'bamboohr-events': 'x-bamboohr-signature',
  hibob: 'bob-signature',
  personio: 'x-personio-signature',
  deel: 'x-deel-signature',
  'github-style': 'x-hub-signature-256',
  servicenow: 'x-servicenow-signature',
  basic: 'authorization',
  workday: 'authorization',
  successfactors: 'x-api-key',
};
const BY_QUERY = ['cloudevents', 'event-grid'];
const BY_CALLER = 'power-automate';

let vendors: HttpServer;
let app: WholeApp;
let webhooks: ReturnType<typeof webhooksOf>;

beforeAll(async () => {
  vendors = await startHttpServer(({ path }) => {
    const sample = sampleOf(path.split('/')[1] ?? '');
    return path.endsWith('/token') ? { body: { access_token: 'the-token' } } : { body: sample.fetched };
  });
  const sources = samples.map((sample) => [sample.name, fetchingFrom(vendors.url(''), sample)]);
  app = await startWholeApp({
    ...Object.fromEntries(samples.flatMap(({ environment }) => Object.entries(environment))),
    SOURCES: JSON.stringify(Object.fromEntries(sources)),
  });
  webhooks = webhooksOf(app);
  // Signed times are those of the samples, so the app's clock is set to when they came.
  await app.jump(samples[0]!.receivedAt.getTime() - Date.now());
}, 60_000);
afterAll(async () => {
  await app.stop();
  await vendors.close();
});

const pathOf = ({ name, query }: WebhookSample): string =>
  `${name}${name === BY_CALLER ? '/asCaller' : ''}${query === '' ? '' : `?${query}`}`;

const send = (sample: WebhookSample, headers: Record<string, string> = {}): Promise<Answer> =>
  webhooks.post(pathOf(sample), sample.payload, { ...sample.headers, ...headers });

/** Whom a sample invites. */
const asked = ({ expected }: WebhookSample) =>
  expected.actions.flatMap((action) => (action.action === 'revoke' ? [] : [action.request]));

/** The same without those whom another sample invites before: they have an open invitation, and get no other. */
const invitedBy = (sample: WebhookSample) => {
  const before = samples.slice(0, samples.indexOf(sample)).flatMap(asked);
  return asked(sample).filter(
    ({ invitedUserEmailAddress: email }) => !before.some((other) => other.invitedUserEmailAddress === email),
  );
};

it('has every sample in one of the tables above', () => {
  expect([...Object.keys(SIGNED_IN), ...BY_QUERY, BY_CALLER].sort()).toEqual(SAMPLE_NAMES);
});

describe.each(SAMPLE_NAMES)('%s', (name) => {
  const sample = sampleOf(name);

  it('is refused with a wrong signature, secret or token, and nothing of it is kept', async () => {
    const signature = sample.headers[SIGNED_IN[name] ?? ''] ?? '';
    // The last but three characters, so that neither prefix nor padding is what is wrong.
    const at = signature.length - 4;
    const wrong = signature.slice(0, at) + (signature[at] === 'a' ? 'b' : 'a') + signature.slice(at + 1);
    const answer =
      name in SIGNED_IN
        ? await send(sample, { [SIGNED_IN[name]!]: wrong })
        : await webhooks.post(`${name}?token=another`, sample.payload, sample.headers);
    expect([answer.status, errorOf(answer).code]).toEqual([401, 'notVerified']);
    expect(await webhooks.stored(name)).toEqual({ events: [], rowKeys: [] });
  });

  it('is taken, does what its mapping says, and once, however often it comes', async () => {
    const answers = [await send(sample), await send(sample), await send(sample)];
    expect(answers.map(({ status, body }) => [status, body])).toEqual(
      Array.from({ length: 3 }, () => [202, { accepted: 1, ignored: 0 }]),
    );
    await webhooks.settled(name, 'done');
    const invitations = await webhooks.until(name, (found) => found.every(({ status }) => status !== 'queued'));
    expect(invitations.map(({ invitedUserEmailAddress: email, externalId }) => [email, externalId]).sort()).toEqual(
      invitedBy(sample)
        .map(({ invitedUserEmailAddress: email, externalId }) => [email, externalId])
        .sort(),
    );
    for (const { invitedUserEmailAddress: email, notBefore } of invitedBy(sample)) {
      const found = invitations.find((each) => each.invitedUserEmailAddress === email);
      expect(found?.status).toBe(notBefore === undefined ? 'pendingAcceptance' : 'scheduled');
      expect(await app.graph.mailCount(email)).toBe(notBefore === undefined ? 1 : 0);
    }
  });

  if (sample.fetched === undefined) return;
  it('was fetched for once, with the secret that is described', () => {
    const calls = vendors.heard.filter(({ path }) => path.startsWith(`/${name}/`) && !path.endsWith('/token'));
    expect(calls).toHaveLength(1);
    const url = new URL(sample.expected.fetchUrl ?? '');
    expect(calls[0]?.path).toBe(`/${name}${url.pathname}${url.search}`);
    expect(calls[0]?.headers.authorization).toMatch(/^(Basic|Bearer) /);
  });
});

it('leaves nothing of what events said once they are done', async () => {
  for (const name of SAMPLE_NAMES) {
    const { rowKeys } = await webhooks.stored(name);
    expect(rowKeys.map((rowKey) => rowKey.slice(0, 2))).toEqual(['e-', 'w-']);
  }
});

describe('handshakes', () => {
  it('answer CloudEvents’ OPTIONS for the origins that are allowed', async () => {
    const ask = (origin: string) =>
      app.call('OPTIONS', '/api/webhooks/cloudevents', { headers: { 'WebHook-Request-Origin': origin } });
    const answer = await ask('eventgrid.azure.net');
    expect([answer.status, answer.headers.get('webhook-allowed-origin')]).toEqual([200, 'eventgrid.azure.net']);
    expect(answer.headers.get('webhook-allowed-rate')).toBe('120');
    expect((await ask('evil.example.com')).status).toBe(403);
  });

  it('answer Event Grid’s validation, to who has the token', async () => {
    const body = [{ id: '1', data: { validationCode: '512d38b6-c7b8-40c8-89fe-f46f9e9622b6' } }];
    const headers = { 'aeg-event-type': 'SubscriptionValidation' };
    const answer = await webhooks.post(pathOf(sampleOf('event-grid')), body, headers);
    expect([answer.status, answer.body]).toEqual([200, { validationResponse: '512d38b6-c7b8-40c8-89fe-f46f9e9622b6' }]);
    expect((await webhooks.post('event-grid?token=another', body, headers)).status).toBe(401);
  });

  it('answer HiBob’s ping', async () => {
    expect((await webhooks.post('hibob', 'Ping test')).status).toBe(200);
  });
});

describe('what is no event', () => {
  const github = sampleOf('github-style');

  it('of a source that is not described is answered 404', async () => {
    const answer = await webhooks.post('nobody', github.payload, github.headers);
    expect([answer.status, errorOf(answer).code]).toEqual([404, 'unknownSource']);
    expect((await app.call('OPTIONS', '/api/webhooks/nobody')).status).toBe(404);
  });

  it('is too large: 413, whatever it is signed with', async () => {
    const answer = await webhooks.post('github-style', Buffer.alloc(256 * 1024 + 1, ' '), github.headers);
    expect([answer.status, errorOf(answer).code]).toEqual([413, 'bodyTooLarge']);
  });

  it('verifies and is no JSON: 400, so that the sender’s own log shows it', async () => {
    const answer = await webhooks.post('basic', 'employee=1', sampleOf('basic').headers);
    expect([answer.status, errorOf(answer).code]).toEqual([400, 'invalidJson']);
  });

  it('shows no password: the sender is asked for one', async () => {
    const answer = await webhooks.post('workday', sampleOf('workday').payload);
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Basic realm="webhooks"']);
  });

  it('is what the filter does not want: answered, and forgotten', async () => {
    const before = await webhooks.stored('cloudevents');
    const event = { specversion: '1.0', id: 'b', source: '/contoso/hr', type: 'com.contoso.hr.left' };
    const answer = await webhooks.post(pathOf(sampleOf('cloudevents')), event);
    expect([answer.status, answer.body]).toEqual([202, { accepted: 0, ignored: 1 }]);
    expect(await webhooks.stored('cloudevents')).toEqual(before);
  });

  it('comes as a caller where the source is one of those, and is not known', async () => {
    expect((await webhooks.post(BY_CALLER, sampleOf(BY_CALLER).payload)).status).toBe(401);
  });
});

it('invited nobody but whom the samples name, and nobody twice', async () => {
  await waitFor(() => app.bus().counts(WEBHOOKS_QUEUE).active === 0, { describe: 'the queue to be empty' });
  for (const sample of samples) expect(await webhooks.invited(sample.name)).toHaveLength(invitedBy(sample).length);
  expect(samples.flatMap(asked).length - samples.flatMap(invitedBy).length).toBe(1);
});

it('wrote no secret, and nobody’s address, into any log', () => {
  const logs = [...app.host.logs.map((entry) => JSON.stringify(entry)), ...app.host.output].join('\n');
  const secrets = samples.flatMap(({ environment }) => Object.values(environment)).filter((text) => text.length > 8);
  const people = samples.flatMap(asked).map(({ invitedUserEmailAddress: email }) => email);
  expect([...secrets, ...people, 'the-token'].filter((text) => logs.includes(text))).toEqual([]);
});

it.each(TIMED)('%s is refused eleven minutes later, with the signature that was right', async (name) => {
  app.tables.jump(TIMED.indexOf(name) === 0 ? 11 * 60_000 : 0);
  // The first answer tells the functions the new time.
  await webhooks.invited(name);
  const answer = await send(sampleOf(name));
  expect([answer.status, errorOf(answer).code]).toEqual([401, 'notVerified']);
});
