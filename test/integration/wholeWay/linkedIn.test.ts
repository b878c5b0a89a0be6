import { HOLDING_SETTINGS, holdCalls } from '../../support/holdCalls';
import { ADD_INVITATIONS_PAGE } from '../../support/pages';
import { events, told } from '../../support/shares';
import { waitFor } from '../../support/waitFor';
import { type InvitationAnswer, type WholeApp, errorOf, startWholeApp } from '../../support/wholeApp';

const MINUTE = 60_000;
const ADD = '/linkedIn/invitations';

let app: WholeApp;
const start = async (settings: Record<string, string>) => {
  app = await startWholeApp({ ...HOLDING_SETTINGS, GRAPH_LINKEDIN_PER_SECOND: '30', ...settings });
};

/** One invitation by the page's example for somebody else each time, and what it asks for in the text of its JSON. */
const bodyFor = (invitee: string, more: object = {}) => ({
  kind: 'linkedIn',
  ...ADD_INVITATIONS_PAGE,
  invitee,
  ...more,
});

const add = (invitee: string, more: object = {}) => app.ask(bodyFor(invitee, more));

/** Texts of the calls that named the invitee, which JSON.parse would round. */
const callsFor = (method: 'POST' | 'PATCH', invitee: string): string[] =>
  app.graph.calls
    .filter((call) => call.method === method && call.body.includes(`"${invitee}"`))
    .map(({ body }) => body);

/** On a tick a look beside the hint's may tell Graph of one change twice, which does no harm and is recorded once. */
const updatesOf = (invitee: string): string[] => [...new Set(callsFor('PATCH', invitee))];

/** What Graph holds, as text. */
const heldByGraph = async (): Promise<string> =>
  (await fetch(`http://127.0.0.1:${app.graph.port}/_simulator/linkedIn`)).text();

const meets = (method: 'POST' | 'PATCH', ...faults: object[]) =>
  app.graph.behave({ faults: faults.map((fault) => ({ method, path: ADD, ...fault })) });

const times = (what: string, count: number) => (invitation: InvitationAnswer) =>
  invitation.history.filter((entry) => entry.what === what).reduce((sum, entry) => sum + (entry.times ?? 1), 0) ===
  count;

describe('with LINKEDIN_INVITATIONS=off', () => {
  beforeAll(() => start({}));
  afterAll(() => app.stop());

  it('refuses the kind, and says why it is off', async () => {
    const refused = await app.post(bodyFor('Ann'));
    expect([refused.status, errorOf(refused).details]).toEqual([
      400,
      [
        {
          code: 'kindIsOff',
          target: 'kind',
          message:
            'kind: linkedIn is switched off here (LINKEDIN_INVITATIONS), because Microsoft Graph publishes no such API today.',
        },
      ],
    ]);
  });
});

describe('with LINKEDIN_INVITATIONS=on', () => {
  beforeAll(() => start({ LINKEDIN_INVITATIONS: 'on' }));
  afterAll(() => app.stop());
  afterEach(async () => {
    await app.graph.behave({ faults: [] });
    expect(await app.fsck()).toMatch(/everything agrees\.\n$/);
  });

  it('keeps an Int64 exact all the way, as a number and as text, and through an update', async () => {
    const most = '9223372036854775807';
    const text = JSON.stringify(bodyFor('Bob'));
    const answer = await app.post(
      text.replace('"created":7', `"created":${most}`).replace(':12', ':"-9223372036854775808"'),
    );
    expect(answer.status).toBe(202);
    const { id } = answer.body as { id: string };
    const pending = await app.until(id, 'pendingAcceptance');
    expect(pending).toMatchObject({ created: most, lastModified: '-9223372036854775808' });
    expect(callsFor('POST', 'Bob')).toEqual([
      expect.stringContaining(`"created":${most},"lastModified":-9223372036854775808,`),
    ]);
    expect(await heldByGraph()).toContain(`"created":${most},"lastModified":-9223372036854775808,`);

    expect((await app.patch(id, '{"lastModified":9007199254740993}')).status).toBe(202);
    await app.until(id, told('updated'));
    expect(updatesOf('Bob')).toEqual([expect.stringContaining(`"created":${most},"lastModified":9007199254740993,`)]);
    expect(await heldByGraph()).toContain(`"created":${most},"lastModified":9007199254740993,`);
    // Another number that a double would round to the same one is another value.
    await app.patch(id, '{"lastModified":9007199254740992}');
    await app.until(id, times('updated', 2));
    // A second telling of the first change that comes this late is made good by telling the last one again.
    await waitFor(async () => (await heldByGraph()).includes('"lastModified":9007199254740992,'), {
      describe: 'Graph to hold the last change',
    });
  });

  it.each(['9223372036854775808', '1.5', '"12x"', 'null'])('refuses %s for an Int64', async (value) => {
    const refused = await app.post(JSON.stringify(bodyFor('Cyd')).replace('"created":7', `"created":${value}`));
    expect([refused.status, errorOf(refused).details?.map(({ target }) => target)]).toEqual([400, ['created']]);
  });

  it('mails nothing again: no reminders, no resend', async () => {
    const { id } = await add('Dan');
    await app.until(id, 'pendingAcceptance');
    expect(errorOf(await app.act(id, 'resend')).code).toBe('noMail');
    const refused = await app.post(bodyFor('Eve', { reminders: { after: ['P1D'] } }));
    expect(errorOf(refused).details?.map(({ target }) => target)).toEqual(['reminders']);
    await app.jump(8 * 24 * 3600_000);
    expect(callsFor('POST', 'Dan')).toHaveLength(1);
    expect((await app.act(id, 'revoke')).status).toBe(202);
    const revoked = await app.until(id, 'revoked');
    expect(revoked['nextAt']).toBeUndefined();
  });

  it('is one invitation a person, and tells what differs in another request', async () => {
    const { id } = await add('Fay');
    const again = await app.post(bodyFor('Fay', { trackingId: 'another' }));
    expect([again.status, again.body]).toMatchObject([
      200,
      { id, warnings: [{ code: 'alreadyInvited' }, { target: 'trackingId' }] },
    ]);
    await app.until(id, 'pendingAcceptance');
    expect(callsFor('POST', 'Fay')).toHaveLength(1);
  });

  describe('an unknown answer', () => {
    const inReview = async (invitee: string, fault: object): Promise<string> => {
      await meets('POST', fault);
      const { id } = await add(invitee);
      await app.until(id, told('answerUnknown'));
      await app.jump(40_000);
      const review = await app.until(id, 'needsReview');
      expect(review.fault?.code).toBe('sendUnclear');
      expect(review.fault?.message).toContain('nothing of Graph tells');
      return id;
    };

    it('waits for a person; confirmSent counts it as out, though Graph’s id is not known', async () => {
      const id = await inReview('Gus', { answer: 'resetAfter' });
      expect((await app.act(id, 'confirmSent')).status).toBe(202);
      await app.until(id, 'pendingAcceptance');
      expect(callsFor('POST', 'Gus')).toHaveLength(1);
      await app.patch(id, { trackingId: 'another' });
      const refused = await app.until(id, told('updateRefused'));
      expect([refused.status, refused.fault?.code, callsFor('PATCH', 'Gus')]).toEqual([
        'pendingAcceptance',
        'idUnknown',
        [],
      ]);
    });

    it('waits for a person; retry adds it again', async () => {
      const id = await inReview('Hal', { answer: 'resetBefore' });
      expect((await app.act(id, 'retry')).status).toBe(202);
      await app.until(id, 'pendingAcceptance');
      expect(callsFor('POST', 'Hal')).toHaveLength(2);
    });

    it('waits for a person; a change meanwhile goes with the retry', async () => {
      const id = await inReview('Ida', { answer: 500 });
      expect((await app.patch(id, { trackingId: 'mended' })).status).toBe(202);
      await app.act(id, 'retry');
      await app.until(id, 'pendingAcceptance');
      expect(callsFor('POST', 'Ida').at(-1)).toContain('"trackingId":"mended"');
      expect(callsFor('PATCH', 'Ida')).toEqual([]);
    });
  });

  describe('an update', () => {
    it.each([
      ['429', 'Jon', { answer: 429, retryAfter: 2 }],
      ['503 with Retry-After', 'Kim', { answer: 503, retryAfter: 2 }],
      ['a reset before the work', 'Lea', { answer: 'resetBefore' }],
      ['a reset after the work', 'Max', { answer: 'resetAfter' }],
      ['500 after the work', 'Nia', { answer: 500, after: true }],
    ])('that meets %s is told again, and ends as it was meant', async (_, invitee, fault) => {
      const { id } = await add(invitee);
      await app.until(id, 'pendingAcceptance');
      await meets('PATCH', fault);
      await app.patch(id, { trackingId: `of ${invitee}` });
      await app.until(id, told('postponed'));
      await app.jump(10_000);
      const updated = await app.until(id, told('updated'));
      expect(updated).toMatchObject({ status: 'pendingAcceptance', trackingId: `of ${invitee}`, sends: [{}] });
      expect(callsFor('PATCH', invitee).length).toBeGreaterThanOrEqual(2);
      expect(updatesOf(invitee)).toHaveLength(1);
      expect(events(updated).filter((what) => what === 'updated')).toHaveLength(1);
      expect(await heldByGraph()).toContain(`"trackingId":"of ${invitee}"`);
    });

    it('that changes again while Graph is being told tells Graph of the last state', async () => {
      const { id } = await add('Ole');
      await app.until(id, 'pendingAcceptance');
      const release = holdCalls(app, ({ method, body }) => method === 'PATCH' && body.includes('"Ole"'));
      await app.patch(id, { trackingId: 'first' });
      await app.until(id, () => callsFor('PATCH', 'Ole').length >= 1);
      await app.patch(id, { trackingId: 'second' });
      release();
      await app.until(id, () => callsFor('PATCH', 'Ole').length >= 2);
      await app.until(id, ({ updateRequestedAt }) => updateRequestedAt === undefined);
      expect(await heldByGraph()).toContain('"trackingId":"second"');
    });

    it('that Graph refuses says so, and the next good one takes it back', async () => {
      const { id } = await add('Pia');
      await app.until(id, 'pendingAcceptance');
      await meets('PATCH', { answer: 400, code: 'BadRequest', message: 'No such template' });
      await app.patch(id, { trackingId: 'refused' });
      const refused = await app.until(id, told('updateRefused'));
      expect([refused.status, refused.fault]).toEqual([
        'pendingAcceptance',
        { code: 'BadRequest', message: 'No such template' },
      ]);
      await app.patch(id, { trackingId: 'taken' });
      const updated = await app.until(id, told('updated'));
      expect([updated.fault, events(updated).slice(-2)]).toEqual([undefined, ['changed', 'updated']]);
    });

    it('before it went out is no call of its own', async () => {
      const { id } = await add('Quy', { notBefore: '2031-01-01T00:00:00Z' });
      await app.patch(id, { trackingId: 'early', notBefore: null });
      await app.until(id, 'pendingAcceptance');
      expect(callsFor('POST', 'Quy')).toEqual([expect.stringContaining('"trackingId":"early"')]);
      await app.jump(MINUTE);
      expect(callsFor('PATCH', 'Quy')).toEqual([]);
    });
  });
});
