import { execFile } from 'node:child_process';
import path from 'node:path';
import { type HostProcess, startHostProcess } from '../../support/hostProcess';
import { type HttpServer, type Reply, startHttpServer } from '../../support/httpServer';
import { type OfSource, webhooksOf } from '../../support/sources';
import { waitFor } from '../../support/waitFor';
import { type WholeApp, startWholeApp } from '../../support/wholeApp';

const ROOT = path.join(__dirname, '..', '..', '..');
const TOKEN = 'a-token-of-these-tests';
const DAY_MS = 24 * 3600_000;

const mapping = [
  '(',
  "  $request := { 'invitedUserEmailAddress': email, 'invitedUserDisplayName': name, 'externalId': who, 'notBefore': start };",
  "  kind = 'leave' ? { 'action': 'revoke', 'externalId': who }",
  "  : kind = 'move' ? { 'action': 'replace', 'externalId': who, 'request': $request }",
  '  : $request',
  ')',
];

const verification = { type: 'token', header: 'x-token', secrets: ['HR_TOKEN'] };
const byEmail = "{ 'action': 'revoke', 'email': email }";

let vendor: HttpServer;
let answer: (path: string) => Reply | Promise<Reply> = () => ({ body: {} });
let app: WholeApp;
let webhooks: ReturnType<typeof webhooksOf>;
const hosts: HostProcess[] = [];

const sourcesWith = (changes: object = {}) =>
  JSON.stringify({
    hr: { verification, eventId: 'id', mapping },
    leavers: { verification, eventId: 'id', mapping: byEmail },
    portal: { verification, eventId: 'id', mapping: "{ 'invitedUserEmailAddress': people.mail }" },
    api: {
      verification,
      eventId: 'id',
      fetch: { url: vendor.url('/people/{who}'), allowedHosts: ['127.0.0.1'] },
      mapping:
        "event.kind = 'leave' ? { 'action': 'revoke', 'externalId': event.who } : { 'invitedUserEmailAddress': fetched.email, 'externalId': event.who }",
    },
    ...changes,
  });

beforeAll(async () => {
  vendor = await startHttpServer(({ path: asked }) => answer(asked));
  app = await startWholeApp({ HR_TOKEN: TOKEN, SOURCES: sourcesWith() });
  webhooks = webhooksOf(app);
}, 60_000);
afterAll(async () => {
  for (const host of hosts) await host.end();
  await app.stop();
  await vendor.close();
});

const send = async (source: string, event: object) => {
  const { status } = await webhooks.post(source, event, { 'X-Token': TOKEN });
  expect(status).toBe(202);
};

const statusOf = (email: string) => (found: OfSource[]) =>
  found.find((each) => each.invitedUserEmailAddress === email)?.status;

/** Waits until the newest invitation of that address has the status. */
const untilIs = (source: string, email: string, status: string) =>
  webhooks.until(source, (found) => statusOf(email)(found) === status);

const historyOf = async (id: string) => (await app.until(id, () => true)).history.map(({ what, by }) => [what, by]);

describe('a source', () => {
  it('invites who was hired, and says in the history that it was it', async () => {
    await send('hr', { id: 1, kind: 'hire', who: 'p1', email: 'ann@fabrikam.com', name: 'Ann' });
    const [{ id } = { id: '' }] = await untilIs('hr', 'ann@fabrikam.com', 'pendingAcceptance');
    expect(await app.graph.mailCount('ann@fabrikam.com')).toBe(1);
    expect((await historyOf(id))[0]).toEqual(['requested', 'source:hr']);
  });

  it('lets who starts later wait until that day', async () => {
    const start = new Date(Date.now() + 10 * DAY_MS).toISOString();
    await send('hr', { id: 2, kind: 'hire', who: 'p2', email: 'bob@fabrikam.com', start });
    const found = await untilIs('hr', 'bob@fabrikam.com', 'scheduled');
    expect(found.find(({ externalId }) => externalId === 'p2')?.notBefore).toBe(start);
  });

  it('revokes the open invitation of who leaves, mailed or not', async () => {
    await send('hr', { id: 3, kind: 'leave', who: 'p1' });
    await send('hr', { id: 4, kind: 'leave', who: 'p2' });
    const found = await untilIs('hr', 'ann@fabrikam.com', 'revoked');
    await untilIs('hr', 'bob@fabrikam.com', 'revoked');
    const ann = found.find(({ externalId }) => externalId === 'p1')!;
    expect(await historyOf(ann.id)).toContainEqual(['revoked', 'source:hr']);
  });

  it('revokes by address as well, and only what it asked for itself', async () => {
    const own = { invitedUserEmailAddress: 'cyd@fabrikam.com', source: 'leavers', externalId: 'c' };
    const { id } = await app.invite('cyd@fabrikam.com', own);
    const { id: others } = await app.invite('dan@fabrikam.com');
    await send('leavers', { id: 1, email: 'Cyd@Fabrikam.com' });
    await send('leavers', { id: 2, email: 'dan@fabrikam.com' });
    await app.until(id, 'revoked');
    expect((await webhooks.settled('leavers', 'done', 2)).map(({ outcome }) => outcome).sort()).toEqual([
      '1 revoked',
      '1 without an open invitation',
    ]);
    await app.until(others, 'pendingAcceptance');
  });

  it('invites anew under the new address, and revokes the old', async () => {
    await send('hr', { id: 5, kind: 'hire', who: 'p5', email: 'eve@fabrikam.com' });
    await untilIs('hr', 'eve@fabrikam.com', 'pendingAcceptance');
    await send('hr', { id: 6, kind: 'move', who: 'p5', email: 'eve.new@fabrikam.com' });
    await untilIs('hr', 'eve.new@fabrikam.com', 'pendingAcceptance');
    await untilIs('hr', 'eve@fabrikam.com', 'revoked');
    expect(await app.graph.mailCount('eve.new@fabrikam.com')).toBe(1);
  });

  it('mails nobody again because something else of them changed', async () => {
    await send('hr', { id: 7, kind: 'move', who: 'p5', email: 'eve.new@fabrikam.com', name: 'Eve E.' });
    await waitFor(async () => (await webhooks.stored('hr')).events.some(({ outcome }) => outcome === '1 unchanged'), {
      describe: 'event 7 to be done',
    });
    expect((await webhooks.invited('hr')).filter(({ externalId }) => externalId === 'p5')).toHaveLength(2);
  });

  it('corrects what was not mailed yet', async () => {
    const [start, later] = [5, 6].map((days) => new Date(Date.now() + days * DAY_MS).toISOString());
    await send('hr', { id: 8, kind: 'hire', who: 'p8', email: 'fay@fabrikam.com', start });
    await untilIs('hr', 'fay@fabrikam.com', 'scheduled');
    await send('hr', { id: 9, kind: 'move', who: 'p8', email: 'fay@fabrikam.com', start: later });
    const scheduled = (all: OfSource[]) =>
      all.filter(({ externalId, status }) => externalId === 'p8' && status === 'scheduled');
    const found = await webhooks.until('hr', (all) => scheduled(all).every(({ notBefore }) => notBefore === later));
    expect(scheduled(found)).toHaveLength(1);
  });

  it('invites by a move of whom it had not invited', async () => {
    await send('hr', { id: 10, kind: 'move', who: 'p10', email: 'gus@fabrikam.com' });
    await untilIs('hr', 'gus@fabrikam.com', 'pendingAcceptance');
  });
});

describe('an event whose hint was lost with the broker', () => {
  it('is brought back by the timer', async () => {
    await app.stopBroker();
    await send('hr', { id: 20, kind: 'hire', who: 'p20', email: 'hal@fabrikam.com' });
    await app.startBroker();
    await app.jump(61_000);
    await untilIs('hr', 'hal@fabrikam.com', 'pendingAcceptance');
    expect(await app.graph.mailCount('hal@fabrikam.com')).toBe(1);
  });
});

describe('data that is fetched', () => {
  const fetched = () => vendor.heard.map(({ path: asked }) => asked);

  it('is fetched again when the vendor is away, and then invites', async () => {
    let isAway = true;
    answer = () => (isAway ? { status: 503 } : { body: { email: 'ida@fabrikam.com' } });
    await send('api', { id: 1, who: 'a1' });
    await waitFor(() => fetched().includes('/people/a1'), { describe: 'the first try' });
    await waitFor(async () => (await webhooks.stored('api')).events[0]?.outcome.includes('503'), {
      describe: 'it to be put off',
    });
    expect(await webhooks.invited('api')).toEqual([]);
    isAway = false;
    await app.jump(61_000);
    await untilIs('api', 'ida@fabrikam.com', 'pendingAcceptance');
  });

  it('of somebody who is gone at the vendor revokes all the same', async () => {
    answer = () => ({ status: 404 });
    await send('api', { id: 2, kind: 'leave', who: 'a1' });
    await untilIs('api', 'ida@fabrikam.com', 'revoked');
  });

  it('is tried for a day, and then kept', async () => {
    answer = () => ({ status: 404 });
    await send('api', { id: 3, who: 'a3' });
    const isKept = async () => (await webhooks.stored('api')).events.some(({ status }) => status === 'kept');
    await waitFor(
      async () => {
        await app.jump(3_600_000);
        return isKept();
      },
      { timeoutMs: 25_000, describe: 'the event to be kept' },
    );
    const tries = fetched().filter((asked) => asked === '/people/a3').length;
    expect(tries).toBeGreaterThan(2);
    const kept = /^Webhook event kept: event [0-9a-f]{32} of source api: 127/;
    // The line follows the transaction that a look at the table shows.
    await waitFor(() => app.host.logs.some(({ level, message }) => level === 'error' && kept.test(message)), {
      describe: 'the log to tell of it',
    });
  });
});

/** What follows ends the host and starts others, so it stays at the end. */
describe('an event that is kept', () => {
  const replay = (...options: string[]) =>
    new Promise<{ code: number; output: string; errors: string }>((resolve) => {
      const command = path.join(ROOT, 'dist/tools/replay.js');
      const child = execFile(process.execPath, [command, ...options], { env: app.environment }, (_, output, errors) => {
        resolve({ code: child.exitCode ?? -1, output, errors });
      });
    });

  const startHost = async (changes: object): Promise<HostProcess> => {
    const host = await startHostProcess({ appRoot: ROOT }, { ...app.environment, SOURCES: sourcesWith(changes) });
    hosts.push(host);
    return host;
  };

  const sendTo = async (host: HostProcess, source: string, event: object) => {
    const response = await fetch(host.url(`/api/webhooks/${source}`), {
      method: 'POST',
      headers: { 'X-Token': TOKEN },
      body: JSON.stringify(event),
    });
    expect(response.status).toBe(202);
  };

  it('is kept where the mapping makes nothing that can be invited, counted in health, and told of without a name', async () => {
    await send('portal', { id: 'x1', person: { mail: 'jon@fabrikam.com' } });
    await send('portal', { id: 'x2', person: { mail: 'kim@fabrikam.com' } });
    await webhooks.settled('portal', 'kept', 2);
    expect((await app.call('GET', '/api/health')).body).toMatchObject({
      status: 'degraded',
      checks: {
        webhooks: { status: 'degraded', detail: 'webhook events that are kept for a replay: 1 of api, 2 of portal' },
      },
    });
    const told = app.host.logs.filter(({ message }) => message.startsWith('Webhook event kept: '));
    expect(told.map(({ level, message }) => [level, message.replace(/event [0-9a-f]{32}/, 'event K')])).toContainEqual([
      'error',
      'Webhook event kept: event K of source portal: POST /invitations would refuse actions.0: invitedUserEmailAddress (required).',
    ]);
    expect(await app.storedText()).not.toContain('jon@fabrikam.com');
  });

  it('is shown by npm run replay --list, without what it says', async () => {
    const { code, output } = await replay('--source', 'portal', '--list');
    expect(code).toBe(1);
    expect(output).toContain('2 events of portal kept.');
    expect(output).not.toContain('fabrikam');
  });

  it('is replayed once the mapping is mended, and again does nothing', async () => {
    await app.host.end();
    await startHost({
      portal: { verification, eventId: 'id', mapping: "{ 'invitedUserEmailAddress': person.mail }" },
    });
    const { code, output } = await replay('--source', 'portal');
    expect([code, output.split('\n').at(-2)]).toEqual([0, '2 events of portal put back: 2 done.']);
    for (const email of ['jon@fabrikam.com', 'kim@fabrikam.com']) {
      await waitFor(async () => (await app.graph.mailCount(email)) === 1, { describe: `a mail to ${email}` });
    }
    expect(await replay('--source', 'portal')).toMatchObject({ code: 0, output: 'No event of portal is kept.\n' });
  });

  it('is kept again where the mapping is not mended, and forgotten when it is discarded', async () => {
    const [host] = hosts;
    await sendTo(host!, 'portal', { id: 'x3', person: {} });
    await waitFor(async () => (await webhooks.stored('portal')).events.some(({ status }) => status === 'kept'), {
      describe: 'the event to be kept',
    });
    const again = await replay('--source', 'portal');
    expect([again.code, again.output.split('\n').at(-2)]).toEqual([
      1,
      '1 event of portal put back: 0 done, 1 kept again.',
    ]);
    expect((await replay('--source', 'portal', '--discard')).code).toBe(0);
    expect((await webhooks.stored('portal')).rowKeys.filter((rowKey) => /^[kd]-/.test(rowKey))).toEqual([]);
  });

  it('can’t be looked for under a name that never sent one', async () => {
    expect(await replay('--source', 'prtal')).toMatchObject({
      code: 2,
      errors: 'No source of the name prtal ever sent an event; these did: api, hr, leavers, portal.\n',
    });
  });

  it('of a process that died in the middle is taken up by another, and invites once', async () => {
    const [host] = hosts;
    answer = () => () => undefined; // The vendor hangs, so the event is in hand.
    await sendTo(host!, 'api', { id: 9, who: 'a9' });
    await waitFor(() => vendor.heard.some(({ path: asked }) => asked === '/people/a9'), { describe: 'the fetch' });
    await host!.end();
    answer = () => ({ body: { email: 'lea@fabrikam.com' } });
    await startHost({});
    app.tables.jump(61_000);
    await waitFor(async () => (await app.graph.mailCount('lea@fabrikam.com')) === 1, {
      timeoutMs: 20_000,
      describe: 'the mail',
    });
    await waitFor(async () => (await webhooks.stored('api')).events.every(({ status }) => status !== 'pending'), {
      describe: 'the event to be done',
    });
    expect(app.graph.invitationsFor('lea@fabrikam.com')).toHaveLength(1);
  });
});
