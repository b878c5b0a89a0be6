import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { z } from 'zod';
import { type HostProcess, startHostProcess } from '../../support/hostProcess';
import { type Receiver, eventIn, startReceiver, verified } from '../../support/receiver';
import { type Answer, type WholeApp, errorOf, invitationOf, startWholeApp } from '../../support/wholeApp';
import { waitFor } from '../../support/waitFor';

const ROOT = path.join(__dirname, '../../..');
const PAGE = readFileSync(path.join(ROOT, 'docs/api-events.md'), 'utf8');

const MINUTE = 60_000;
/** The table server's clock is known to half a second after a jump. */
const JUMP_SLACK = 2_000;

let app: WholeApp;
let receiver: Receiver;
beforeAll(async () => {
  [app, receiver] = await Promise.all([startWholeApp(), startReceiver()]);
  await app.host.fireTimer('syncRedemptions');
});
beforeEach(() => {
  receiver.received.length = 0;
  receiver.answer(204);
});
afterEach(async () => {
  const { value } = z.object({ value: z.array(subscriptionSchema) }).parse((await call('GET', '')).body);
  for (const { id } of value) await call('DELETE', `/${id}`);
});
afterAll(async () => {
  await app.stop();
  await receiver.close();
});

const subscriptionSchema = z.strictObject({
  id: z.string(),
  url: z.string(),
  events: z.array(z.string()),
  filters: z.object({ source: z.string().optional(), kind: z.string().optional() }),
  status: z.string(),
  createdBy: z.string(),
  createdAt: z.string(),
  activeFrom: z.string(),
  failures: z.number(),
  lastFailure: z.object({ at: z.string(), reason: z.string() }).optional(),
  endedAt: z.string().optional(),
  secret: z.string().optional(),
});

const call = (method: string, target: string, body?: unknown): Promise<Answer> =>
  app.call(method, `/api/subscriptions${target}`, {
    ...(body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
  });

/**
 * A subscription whose minute is over. By each the clock is a minute further ahead, and a receiver takes five: signatures are
 * checked in the first tests.
 */
async function subscribed(body: object = {}): Promise<{ id: string; secret: string }> {
  const answer = await call('POST', '', { url: receiver.url(), ...body });
  const { id, secret = '' } = subscriptionSchema.parse(answer.body);
  await app.jump(MINUTE + JUMP_SLACK);
  return { id, secret };
}

const typesAt = (target = '/hook') =>
  receiver.received.filter((post) => post.path === target).map((post) => eventIn(post).type);

describe('POST /api/subscriptions', () => {
  it('answers 201 with the secret, which is shown nowhere else, and a Location that leads there', async () => {
    const answer = await call('POST', '', { url: `${receiver.url()}?sig=of-the-callback`, filters: { source: 'hr' } });
    const made = subscriptionSchema.parse(answer.body);
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(made).toMatchObject({
      url: `${receiver.url()}?…`,
      status: 'active',
      failures: 0,
      filters: { source: 'hr' },
    });
    expect(Date.parse(made.activeFrom) - Date.parse(made.createdAt)).toBe(MINUTE);
    expect(made.secret).toMatch(/^whsec_/);

    const { secret, ...shown } = made;
    const location = new URL(answer.headers.get('location')!);
    expect(location.origin).toBe(new URL(app.host.url('/')).origin);
    const found = await app.call('GET', location.pathname);
    expect([found.status, found.body]).toEqual([200, shown]);
    expect((await call('GET', '')).body).toEqual({ value: [shown] });
    expect(JSON.stringify(app.host.logs)).not.toContain(secret);
  });

  it.each([
    [{ url: 'http://hooks.contoso.com/' }, 'invalidUrl url'],
    [{ url: 'https://10.0.0.1/' }, 'invalidUrl url'],
    [{ url: 'http://10.0.0.1:80/' }, 'invalidUrl url'],
    [{ url: 'https://me:pw@hooks.contoso.com/' }, 'invalidUrl url'],
    [{ url: 'https://hooks.contoso.com/', events: ['invitation.eaten'] }, 'invalidValue events.0'],
    [{}, 'required url'],
    [[], 'invalidBody body'],
  ])('answers 400 to %j', async (body, fault) => {
    const answer = await call('POST', '', body);
    expect([answer.status, errorOf(answer).details?.map(({ code, target }) => `${code} ${String(target)}`)]).toEqual([
      400,
      [fault],
    ]);
  });

  it('answers 409 beyond twenty, and 404 for what is none', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => call('POST', '', { url: receiver.url() })));
    expect(made.map(({ status }) => status)).toEqual(Array(20).fill(201));
    const tooMany = await call('POST', '', { url: receiver.url() });
    expect([tooMany.status, errorOf(tooMany).code]).toEqual([409, 'tooManySubscriptions']);
    for (const id of ['11111111-2222-4333-8444-555555555555', 'none', '..%2F..']) {
      expect([(await call('GET', `/${id}`)).status, (await call('DELETE', `/${id}`)).status]).toEqual([404, 404]);
    }
  });
});

it('tells of a whole life, signed and in numbers, and never tells a redeem URL', async () => {
  const { secret } = await subscribed();
  const { id } = await app.invite('ann@fabrikam.com', { reminders: { after: ['PT1S'] } });
  await receiver.posts(3);
  await app.graph.redeem('ann@fabrikam.com');
  await app.host.fireTimer('syncRedemptions');
  const posts = await receiver.posts(4);
  const events = posts.map((post) => verified(post, secret)).sort((a, b) => a.sequence - b.sequence);
  expect(events.map(({ sequence, type, status }) => [sequence, type, status])).toEqual([
    [1, 'invitation.requested', 'queued'],
    [2, 'invitation.sent', 'pendingAcceptance'],
    [3, 'invitation.reminded', 'pendingAcceptance'],
    [4, 'invitation.accepted', 'accepted'],
  ]);
  const { history, ...shown } = invitationOf(await app.get(id));
  expect([events.at(-1)?.data, history.length > 0]).toEqual([shown, true]);
  expect(new Set(posts.map(({ headers }) => headers['webhook-id'])).size).toBe(4);
  const mails = await app.graph.mailsTo('ann@fabrikam.com');
  expect(mails.length).toBeGreaterThan(0);
  for (const { redeemUrl } of mails) expect(JSON.stringify(posts)).not.toContain(redeemUrl);
  expect(JSON.stringify(posts)).not.toMatch(/redeem/i);
});

it('docs/api-events.md shows a receiver that takes what is signed, and refuses the rest', async () => {
  const [, program = ''] = /```js\n([^`]+)```/.exec(PAGE) ?? [];
  const port = await freePort();
  const { secret } = await subscribed({ url: `http://127.0.0.1:${port}/`, events: ['invitation.requested'] });
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: ROOT,
    env: { PORT: String(port), SECRET: secret },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const forged = await waitFor(() =>
      fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: '{}' }).catch(() => undefined),
    );
    expect(forged.status).toBe(401);
    const { id } = await app.invite('kim@fabrikam.com');
    await waitFor(() => output === `1 invitation.requested ${id}\n`, { describe: 'the receiver to tell of it' });
  } finally {
    child.kill();
    await once(child, 'exit');
  }
});

it('tells what is held for approval, and who was rejected', async () => {
  await subscribed({ events: ['invitation.awaitingApproval', 'invitation.rejected'] });
  const { id } = await app.invite('held@fabrikam.com', { approval: { required: true } });
  await app.call('POST', `/api/invitations/${id}/reject`);
  await receiver.posts(2);
  expect(typesAt().sort()).toEqual(['invitation.awaitingApproval', 'invitation.rejected']);
});

it('tells two subscribers what each asked for', async () => {
  await subscribed({ url: receiver.url('/all') });
  await subscribed({ url: receiver.url('/workday'), events: ['invitation.sent'], filters: { source: 'workday' } });
  await app.invite('bob@fabrikam.com', { source: 'workday' });
  await app.invite('cyd@fabrikam.com', { source: 'bamboo' });
  await receiver.posts(4, '/all');
  await receiver.posts(1, '/workday');
  expect(typesAt('/workday')).toEqual(['invitation.sent']);
});

it('tries again after a 500, and shows why it had to', async () => {
  const { id } = await subscribed({ events: ['invitation.requested'] });
  receiver.answer(500);
  await app.invite('dan@fabrikam.com');
  await receiver.posts(1);
  const shown = await waitFor(async () => {
    const { lastFailure } = subscriptionSchema.parse((await call('GET', `/${id}`)).body);
    return lastFailure;
  });
  expect(shown.reason).toBe('status 500');
  receiver.answer(204);
  await app.jump(10_000);
  const [first, second] = await receiver.posts(2);
  expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
});

it('posts nothing more to a subscription that was deleted, or whose receiver answered 410', async () => {
  const { id } = await subscribed({ url: receiver.url('/deleted') });
  expect((await call('DELETE', `/${id}`)).status).toBe(204);
  const { id: goneId } = await subscribed({ url: receiver.url('/gone'), events: ['invitation.requested'] });
  receiver.answer((response, post) => response.writeHead(post.path === '/gone' ? 410 : 204).end());
  await app.invite('eve@fabrikam.com');
  await waitFor(
    async () => subscriptionSchema.safeParse((await call('GET', `/${goneId}`)).body).data?.status === 'gone',
  );
  await subscribed({ url: receiver.url('/last'), events: ['invitation.requested'] });
  await app.invite('fay@fabrikam.com');
  await receiver.posts(1, '/last');
  expect([typesAt('/deleted'), typesAt('/gone')]).toEqual([[], ['invitation.requested']]);
  expect((await app.call('GET', '/api/health')).body).toMatchObject({
    status: 'healthy',
    checks: { events: { status: 'ok' } },
  });
});

describe('an event', () => {
  it('is delivered after a broker was away, and lost all it held', async () => {
    await subscribed({ events: ['invitation.requested'] });
    await app.stopBroker();
    await app.invite('gus@fabrikam.com');
    expect(receiver.received).toEqual([]);
    await app.startBroker();
    await receiver.posts(1);
  });

  /** The tests kill instances of their own: the one that they share stands still meanwhile. */
  const withAnother = async (work: (doomed: HostProcess) => Promise<void>): Promise<void> => {
    const doomed = await startHostProcess({ appRoot: ROOT }, app.environment);
    await app.host.stopHost();
    try {
      await work(doomed);
      await doomed.kill();
    } finally {
      await doomed.end();
      await app.host.restartHost();
    }
  };
  const inviteBy = (host: HostProcess, email: string) =>
    fetch(host.url('/api/invitations'), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ invitedUserEmailAddress: email }),
    });

  it('whose process is killed between transaction and delivery is delivered by another', async () => {
    await subscribed({ events: ['invitation.requested'] });
    await withAnother(async (doomed) => {
      await app.stopBroker();
      expect((await inviteBy(doomed, 'hal@fabrikam.com')).status).toBe(202);
      expect(receiver.received).toEqual([]);
      await doomed.kill();
      await app.startBroker();
    });
    await receiver.posts(1);
  });

  it('whose process is killed in the middle of an attempt comes again under the same id', async () => {
    await subscribed({ events: ['invitation.requested'] });
    receiver.answer(() => undefined);
    await withAnother(async (doomed) => {
      expect((await inviteBy(doomed, 'ian@fabrikam.com')).status).toBe(202);
      await receiver.posts(1);
      await doomed.kill();
    });
    receiver.answer(204);
    await app.jump(31_000);
    const [first, second] = await receiver.posts(2);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
  });
});

describe('docs/api-events.md', () => {
  const curls = [...PAGE.matchAll(/^curl (.*)'http:\/\/127\.0\.0\.1:7071(\/[^']+)'$/gm)].map(
    ([, options = '', target = '']) => ({
      target,
      method: /-X (\w+)/.exec(options)?.[1],
      body: /-d '([^']+)'/.exec(options)?.[1],
    }),
  );

  it('shows calls that work', async () => {
    const answers: string[] = [];
    let id = '';
    for (const { target, method, body } of curls) {
      const answer = await app.call(method ?? (body === undefined ? 'GET' : 'POST'), target.replace('ID', id), {
        ...(body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body }),
      });
      answers.push(`${method ?? ''} ${target} ${answer.status}`.trim());
      if (answer.status === 201) id = subscriptionSchema.parse(answer.body).id;
    }
    expect(answers).toEqual([
      '/api/subscriptions 201',
      '/api/subscriptions 201',
      '/api/subscriptions 200',
      '/api/subscriptions/ID 200',
      'DELETE /api/subscriptions/ID 204',
    ]);
  });

  it('shows answers and events of the form that they have', async () => {
    const { id } = await subscribed({ events: ['invitation.sent'] });
    await app.invite('jim@fabrikam.com');
    const [post] = await receiver.posts(1);
    const [answer, event] = [...PAGE.matchAll(/```json\n([^`]+)```/g)].map(
      ([, text = '']) => JSON.parse(text) as object,
    );
    const { body } = await call('GET', `/${id}`);
    expect(Object.keys(answer!).filter((name) => name !== 'secret')).toEqual(Object.keys(body as object));
    expect(Object.keys(event!)).toEqual(Object.keys(eventIn(post!)));
    for (const header of ['webhook-id', 'webhook-timestamp', 'webhook-signature']) {
      expect(PAGE).toContain(`\n${header}: `);
      expect(post!.headers).toHaveProperty(header);
    }
  });

  it('names every type of event', async () => {
    const answer = await call('POST', '', { url: receiver.url() });
    for (const type of subscriptionSchema.parse(answer.body).events) expect(PAGE).toContain(`| \`${type}\``);
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
