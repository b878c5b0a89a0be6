import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { COMPONENTS } from '../../../shared/http/openApi/components';
import { type Receiver, eventIn, startReceiver, verified } from '../../support/receiver';
import { type Answer, type WholeApp, errorOf, invitationOf, startWholeApp } from '../../support/wholeApp';
import { waitFor } from '../../support/waitFor';

const ROOT = path.join(__dirname, '../../..');
const KEY = 'the-key-of-the-connection';
/** A subscription begins after a minute; the table server's clock is known to half a second after a jump. */
const UNTIL_ACTIVE = 62_000;

let app: WholeApp;
let receiver: Receiver;
beforeAll(async () => {
  [app, receiver] = await Promise.all([startWholeApp({}, { functionKey: KEY }), startReceiver()]);
});
beforeEach(() => {
  receiver.received.length = 0;
});
afterAll(async () => {
  await app.stop();
  await receiver.close();
});

const withKey = { 'x-functions-key': KEY };
const status = async (id: string) => invitationOf(await app.get(id, withKey)).status;

/** Waits, with the key, until the invitation has a status. */
const untilStatus = (id: string, wanted: string) =>
  waitFor(async () => (await status(id)) === wanted, { timeoutMs: 20_000, describe: `${id} to be ${wanted}` });

describe('a client of the connector', () => {
  const operation = z.looseObject({ operationId: z.string() });
  const { paths, securityDefinitions } = z
    .object({
      paths: z.record(z.string(), z.record(z.string(), z.unknown())),
      securityDefinitions: z.object({ api_key: z.object({ name: z.string() }) }),
    })
    .parse(JSON.parse(readFileSync(path.join(ROOT, 'connector/apiDefinition.swagger.json'), 'utf8')));

  const places = Object.entries(paths).flatMap(([place, methods]) =>
    Object.entries(methods).flatMap(([method, each]) => {
      const parsed = operation.safeParse(each);
      return parsed.success ? [{ id: parsed.data.operationId, method: method.toUpperCase(), place }] : [];
    }),
  );

  /** Knows nothing but the definition and the connection. */
  function run(id: string, { body, query = '', ...named }: { id?: string; query?: string; body?: object } = {}) {
    const found = places.find((each) => each.id === id);
    if (!found) throw new Error(`The connector has no ${id}.`);
    return app.call(found.method, found.place.replace('{id}', named.id ?? '') + query, {
      headers: {
        [securityDefinitions.api_key.name]: KEY,
        ...(body ? { 'Content-Type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  }

  it('subscribes, is told by a signed event that somebody has to approve, approves, and is told the rest', async () => {
    const made = await run('InvitationChanged', {
      body: { url: receiver.url('/flow?sig=of-the-flow'), filters: { source: 'connector' } },
    });
    const { secret } = COMPONENTS.CreatedSubscription.parse(made.body);
    await app.jump(UNTIL_ACTIVE);

    const asked = await run('InviteGuest', {
      body: { invitedUserEmailAddress: 'ann@fabrikam.com', source: 'connector', approval: { required: true } },
    });
    const { id } = invitationOf(asked);
    expect(asked.status).toBe(202);
    const polled = await fetch(asked.headers.get('location') ?? '', { headers: withKey });
    expect([polled.status, invitationOf(await read(polled)).id]).toEqual([200, id]);

    const [, waiting] = await receiver.posts(2, '/flow?sig=of-the-flow');
    const event = COMPONENTS.InvitationEvent.parse(verified(waiting!, secret));
    expect([event.type, event.status, event.data.id]).toEqual(['invitation.awaitingApproval', 'awaitingApproval', id]);
    expect(await app.graph.mailCount('ann@fabrikam.com')).toBe(0);

    const approved = await run('ApproveInvitation', { id: event.data.id, body: { comment: 'Yes, please.' } });
    expect(approved.status).toBe(202);
    const posts = await receiver.posts(3, '/flow?sig=of-the-flow');
    expect(eventIn(posts[2]!)).toMatchObject({ type: 'invitation.sent', data: { id, status: 'pendingAcceptance' } });
    expect(await app.graph.mailCount('ann@fabrikam.com')).toBe(1);

    const left = await fetch(made.headers.get('location') ?? '', { method: 'DELETE', headers: withKey });
    expect(left.status).toBe(204);
    expect((await run('DeleteSubscription', { id: COMPONENTS.Subscription.strip().parse(made.body).id })).status).toBe(
      404,
    );
  });

  it('rejects, lists, sends again and revokes', async () => {
    const held = invitationOf(
      await run('InviteGuest', { body: { invitedUserEmailAddress: 'ben@fabrikam.com', approval: { required: true } } }),
    );
    expect(invitationOf(await run('RejectInvitation', { id: held.id })).status).toBe('rejected');
    const again = await run('ApproveInvitation', { id: held.id });
    expect([again.status, errorOf(again).code]).toEqual([409, 'statusForbids']);

    const { id } = invitationOf(await run('InviteGuest', { body: { invitedUserEmailAddress: 'cy@fabrikam.com' } }));
    await untilStatus(id, 'pendingAcceptance');
    const found = await run('ListInvitations', { query: '?email=cy@fabrikam.com&maxpagesize=10' });
    expect(COMPONENTS.InvitationList.parse(found.body).value.map((each) => each.id)).toEqual([id]);
    expect((await run('ResendInvitation', { id })).status).toBe(202);
    expect(invitationOf(await run('RevokeInvitation', { id })).status).toBe('revoked');
    expect(invitationOf(await run('GetInvitation', { id })).history.map(({ what }) => what)).toContain('revoked');
  });

  it('is let in by its key alone', async () => {
    const answer = await app.call('GET', '/api/invitations', { headers: { 'x-functions-key': 'another' } });
    expect([answer.status, answer.body]).toEqual([401, undefined]);
  });
});

const read = async (response: Response): Promise<Answer> => ({
  status: response.status,
  headers: response.headers,
  body: await response.json(),
});

describe('docs/power-automate.md', () => {
  const PAGE = readFileSync(path.join(ROOT, 'docs/power-automate.md'), 'utf8');
  const request = z.object({
    method: z.string(),
    uri: z.string(),
    headers: z.record(z.string(), z.string()),
    body: z.looseObject({}).optional(),
  });
  const block = z.union([
    z.object({ type: z.literal('Http'), inputs: request }),
    z.object({ type: z.literal('HttpWebhook'), inputs: z.object({ subscribe: request }) }),
  ]);
  const [invite, look, subscribe, webhook, approve] = [...PAGE.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json]) => {
    const parsed = block.parse(JSON.parse(json ?? ''));
    return parsed.type === 'Http' ? parsed.inputs : parsed.inputs.subscribe;
  });

  /** Does what a flow does with an action: every expression is replaced, one that nothing is known of fails the test. */
  function run(action: z.output<typeof request> | undefined, values: Record<string, string>): Promise<Answer> {
    const known = new Map(Object.entries({ "parameters('functionKey')": KEY, ...values }));
    const valueOf = (expression: string): string => {
      const value = known.get(expression);
      if (value === undefined) throw new Error(`What is @{${expression}}?`);
      return value;
    };
    const filled = JSON.stringify(action).replaceAll(
      /@\{([^}]+)\}|"@([^"{]+)"/g,
      (_, within?: string, whole?: string) =>
        within === undefined ? JSON.stringify(valueOf(whole ?? '')) : valueOf(within),
    );
    const { method, uri, headers, body } = request.parse(JSON.parse(filled));
    return app.call(method, uri.replace('https://HOST', ''), {
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  it('shows actions that subscribe, invite once however often they run, look, and approve', async () => {
    const subscribed = await run(subscribe, { 'listCallbackUrl()': receiver.url('/request') });
    expect(subscribed.status).toBe(201);
    const webhooked = await run(webhook, { 'listCallbackUrl()': receiver.url('/webhook') });
    expect(webhooked.status).toBe(201);
    await app.jump(UNTIL_ACTIVE);

    const flow = { 'workflow().run.name': '08584', "triggerBody()?['email']": 'dee@fabrikam.com' };
    const { id } = invitationOf(await run(invite, flow));
    expect(invitationOf(await run(invite, flow)).id).toBe(id);
    expect(invitationOf(await run(look, { "body('Invite')?['id']": id })).status).toBe('awaitingApproval');

    const [waiting] = await receiver.posts(1, '/request');
    const event = eventIn(waiting!);
    expect([event.type, event.data.id]).toEqual(['invitation.awaitingApproval', id]);
    const decided = await run(approve, {
      "triggerBody()?['data']?['id']": event.data.id,
      "outputs('Approval')?['body/responses'][0]?['comments']": 'Welcome.',
    });
    expect(decided.status).toBe(202);
    await untilStatus(id, 'pendingAcceptance');
    expect(await app.graph.mailCount('dee@fabrikam.com')).toBe(1);
    const { history } = invitationOf(await app.get(id, withKey));
    expect(history.find(({ what }) => what === 'approved')?.detail).toBe('Welcome.');
  });
});
