import { ServiceBusClient, type ServiceBusMessage } from '@azure/service-bus';
import {
  type InvitationAnswer,
  QUEUE,
  type WholeApp,
  errorOf,
  invitationOf,
  startWholeApp,
} from '../../support/wholeApp';
import { waitFor } from '../../support/waitFor';

let app: WholeApp;
beforeAll(async () => {
  app = await startWholeApp();
});
/** Whatever a test took away is there for the next one. */
afterEach(async () => {
  app.tables.breakCalls(() => undefined);
  await Promise.all([app.tables.comeBack(), app.graph.comeBack()]);
  await app.graph.behave({ latency: 0 });
});
afterAll(() => app.stop());

const told = (what: string) => (invitation: InvitationAnswer) =>
  invitation.history.some((entry) => entry.what === what);
const said = (text: string) => app.host.logs.filter(({ message }) => message.includes(text));
const isTransaction = ({ path }: { path: string }) => path.endsWith('$batch');

describe('a hint that leads nowhere', () => {
  const send = async (...messages: ServiceBusMessage[]): Promise<void> => {
    const client = new ServiceBusClient(app.bus().connectionString);
    await client.createSender(QUEUE).sendMessages(messages);
    await client.close();
  };

  const isSettled = () => {
    const { active, deadLetter } = app.bus().counts(QUEUE);
    return active === 0 && deadLetter === 0;
  };

  it.each([
    ['no JSON', Buffer.from('{"ann@fabrikam.com'), 'a string'],
    ['a list', ['ann@fabrikam.com'], 'an array with 1 entries'],
    ['a number', 12, 'a number'],
    ['null', null, 'a object'],
    ['no id', { wakeUp: 'w-0', email: 'ann@fabrikam.com' }, 'an object with 2 entries'],
    ['an id that is none', { id: 'ann@fabrikam.com' }, 'an object with 1 entries'],
  ])('being %s is completed at its first delivery, and logged without what it holds', async (_, body, excerpt) => {
    const before = said('Unreadable hint').length;
    await send({ body });
    const newly = () => said('Unreadable hint').slice(before);
    await waitFor(() => newly().length > 0 && isSettled(), { describe: 'the hint to be settled' });
    expect(newly().map(({ level, message }) => [level, message.includes(excerpt)])).toEqual([['warning', true]]);
    expect(said('ann@fabrikam.com')).toEqual([]);
  });

  it('for an unknown invitation is completed and logged, and asks Graph nothing', async () => {
    const asked = app.graph.calls.length;
    const id = '01900000-0000-7000-8000-000000000001';
    await send({ body: { id } });
    await waitFor(() => said(id).length > 0 && isSettled());
    expect(said(id).map(({ level }) => level)).toEqual(['warning']);
    expect(app.graph.calls).toHaveLength(asked);
  });

  it('for a closed invitation is completed and logged, and asks Graph nothing', async () => {
    const { id } = await app.invite('ann@woodgrove.com', { notBefore: '2031-01-01T00:00:00Z' });
    await app.act(id, 'revoke');
    const asked = app.graph.calls.length;
    await send({ body: { id, wakeUp: 'w-0-2031-01-01T00:00:00.000Z-x' } });
    const ofHint = () => said(id).filter(({ message }) => message.includes('Hint for invitation'));
    await waitFor(() => ofHint().length > 0 && isSettled(), { describe: 'the hint to be logged' });
    expect(ofHint().map(({ level, message }) => [level, message.includes('revoked')])).toEqual([['information', true]]);
    expect(app.graph.calls).toHaveLength(asked);
  });

  it('for a person who was mailed already mails nobody again', async () => {
    const { id } = await app.invite('bob@woodgrove.com');
    await app.until(id, 'pendingAcceptance');
    await send(...Array.from({ length: 20 }, () => ({ body: { id } })));
    await waitFor(isSettled);
    expect(await app.graph.mailCount('bob@woodgrove.com')).toBe(1);
  });
});

describe('without the broker', () => {
  it('a request is taken all the same, and goes out when it is back', async () => {
    await app.stopBroker();
    const answer = await app.post({ invitedUserEmailAddress: 'cyd@woodgrove.com' });
    expect(answer.status).toBe(202);
    const { id } = invitationOf(answer);
    const ill = await app.call('GET', '/api/health');
    expect([ill.status, ill.body]).toMatchObject([
      503,
      { checks: { queue: { status: 'failing' }, tables: { status: 'ok' } } },
    ]);
    await app.startBroker();
    await app.until(id, 'pendingAcceptance', 30_000);
    expect(await app.graph.mailCount('cyd@woodgrove.com')).toBe(1);
    await waitFor(async () => (await app.call('GET', '/api/health')).status === 200);
  });

  it('a broker that lost all it held is made up for by the timer', async () => {
    const soon = new Date(Date.now() + 3_000).toISOString();
    const { id } = await app.invite('dan@woodgrove.com', { notBefore: soon });
    await waitFor(() => app.bus().counts(QUEUE).scheduled > 0, { describe: 'its hint' });
    app.bus().wipe();
    await app.until(id, 'pendingAcceptance');
    expect(await app.graph.mailCount('dan@woodgrove.com')).toBe(1);
  });
});

describe('without Tables', () => {
  it('a request is answered 503, and a repeat with its key finishes', async () => {
    const post = () => app.post({ invitedUserEmailAddress: 'eve@woodgrove.com' }, { 'Idempotency-Key': 'eve' });
    await app.tables.goAway();
    const away = await post();
    expect([away.status, errorOf(away).code, away.headers.get('retry-after')]).toEqual([503, 'tablesUnavailable', '5']);
    const ill = await app.call('GET', '/api/health');
    expect([ill.status, ill.body]).toMatchObject([503, { checks: { tables: { status: 'failing' } } }]);
    await app.tables.comeBack();

    const { id } = invitationOf(await post());
    await app.until(id, 'pendingAcceptance');
    expect(await app.graph.mailCount('eve@woodgrove.com')).toBe(1);
  });

  it('that go away while Graph is mailing, the mail is found out about and not sent again', async () => {
    const { id } = await app.invite('fay@woodgrove.com', { notBefore: '2031-01-01T00:00:00Z' });
    await app.act(id, 'revoke');
    await app.graph.behave({ latency: 600 });
    const invitation = await app.invite('fay@woodgrove.com');
    await waitFor(() => app.graph.invitationsFor('fay@woodgrove.com').length === 1);
    await app.tables.goAway();
    await waitFor(async () => (await app.graph.mailCount('fay@woodgrove.com')) === 1);
    await app.tables.comeBack();
    await app.until(invitation.id, 'pendingAcceptance');
    expect(await app.graph.mailCount('fay@woodgrove.com')).toBe(1);
  });

  it.each([1, 2, 3, 4])(
    'losing the answer of transaction %d, one invitation is made and one mail sent',
    async (lost) => {
      const email = `lost${lost}@woodgrove.com`;
      let seen = 0;
      app.tables.breakCalls((call) => {
        if (isTransaction(call)) seen += 1;
        return isTransaction(call) && seen === lost ? 'after' : undefined;
      });
      const answer = await app.post({ invitedUserEmailAddress: email });
      expect(answer.status).toBe(202);
      await app.until(invitationOf(answer).id, 'pendingAcceptance');
      app.tables.breakCalls(() => undefined);
      expect(await app.graph.mailCount(email)).toBe(1);
      expect((await app.post({ invitedUserEmailAddress: email })).status).toBe(200);
    },
  );
});

describe('without Graph', () => {
  const BACK_OFF_MS = 5_000;

  it('invitations wait, and go out by themselves when it is back', async () => {
    await app.graph.goAway();
    const { id } = await app.invite('gus@woodgrove.com');
    const waiting = await app.until(id, told('postponed'));
    expect([waiting.status, waiting.fault]).toEqual(['queued', undefined]);
    await app.graph.comeBack();
    await app.jump(BACK_OFF_MS);
    await app.until(id, 'pendingAcceptance');
    expect(await app.graph.mailCount('gus@woodgrove.com')).toBe(1);
  });

  it('reminders wait too, and are sent once', async () => {
    const { id } = await app.invite('hal@woodgrove.com', { reminders: { after: ['PT1S'] } });
    await app.until(id, 'pendingAcceptance');
    await app.graph.goAway();
    await app.until(id, told('postponed'));
    await app.graph.comeBack();
    await app.jump(BACK_OFF_MS);
    await app.until(id, told('reminded'));
    expect(await app.graph.mailCount('hal@woodgrove.com')).toBe(2);
  });
});

it('looks at an invitation a few times, not in a loop, when hints come before their time by the tables’ clock', async () => {
  app.tables.jump(-2_000);
  const asked = app.tables.calls.length;
  await app.invite('ida@woodgrove.com', { notBefore: new Date(Date.now() + 1_000).toISOString() });
  await waitFor(async () => (await app.graph.mailCount('ida@woodgrove.com')) === 1);
  const looks = app.tables.calls.slice(asked).filter(({ method, path }) => method === 'GET' && path.includes("'i-"));
  // The request's own hint, one a tick and their copies.
  expect(looks.length).toBeLessThan(40);
});
