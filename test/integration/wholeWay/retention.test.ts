import { type Answer, type WholeApp, errorOf, invitationOf, startWholeApp } from '../../support/wholeApp';

let app: WholeApp;
beforeAll(async () => {
  app = await startWholeApp({ RETAIN_DAYS: '30' });
});
afterAll(() => app.stop());

const DAY = 24 * 3600_000;

/** What must not be found anywhere any more. */
const PERSONAL = {
  invitedUserDisplayName: 'Zuzana Quillfeather',
  externalId: 'E-quillfeather',
  metadata: { manager: 'Xerxes Oddbottom' },
  invitedUserMessageInfo: {
    ccRecipients: [{ emailAddress: { name: 'Yolanda Vantongeren', address: 'yolanda@fabrikam.com' } }],
    customizedMessageBody: 'Dear Zuzana',
  },
};
const TRACES = /quillfeather|oddbottom|vantongeren|yolanda|dear zuzana/i;

const erase = (id: string): Promise<Answer> => app.call('DELETE', `/api/invitations/${id}`);
const erasePerson = (query: string): Promise<Answer> => app.call('DELETE', `/api/invitations?${query}`);

async function closed(email: string): Promise<string> {
  const { id } = await app.invite(email, PERSONAL);
  await app.until(id, 'pendingAcceptance');
  expect((await app.act(id, 'revoke')).status).toBe(202);
  return id;
}

it('erases addresses and names when RETAIN_DAYS have passed, and keeps what happened', async () => {
  const email = 'zuzana.quillfeather@fabrikam.com';
  const id = await closed(email);
  const revoked = invitationOf(await app.get(id));
  expect(Date.parse(String(revoked['eraseAt'])) - Date.parse(String(revoked['closedAt']))).toBe(30 * DAY);
  expect(await app.storedText()).toMatch(TRACES);

  await app.jump(29 * DAY);
  expect(await app.storedText()).toMatch(TRACES);
  await app.jump(DAY);
  const erased = await app.until(id, ({ history }) => history.some(({ what }) => what === 'erased'));
  expect(erased.history.map(({ what }) => what)).toEqual(['requested', 'sent', 'revoked', 'erased']);
  expect([erased.status, erased.sends.length, typeof erased['erasedAt']]).toEqual(['revoked', 1, 'string']);
  expect(JSON.stringify(erased)).not.toMatch(TRACES);
  expect(await app.storedText()).not.toMatch(TRACES);

  // The keyed hash stays: the person's list still holds it.
  const list = await app.call('GET', `/api/invitations?email=${email}`);
  expect(list.body).toMatchObject({ value: [{ id, invitedUserEmailAddress: '(erased)' }] });
});

it('erases a closed one on request, once and again, and no open one', async () => {
  const { id: open } = await app.invite('ann@fabrikam.com', PERSONAL);
  await app.until(open, 'pendingAcceptance');
  const refused = await erase(open);
  expect([refused.status, errorOf(refused).code]).toEqual([409, 'statusForbids']);

  await app.act(open, 'revoke');
  expect((await erase(open)).status).toBe(204);
  expect((await erase(open)).status).toBe(204);
  expect(await app.storedText()).not.toMatch(TRACES);
  expect(JSON.stringify((await app.get(open)).body)).not.toMatch(TRACES);
});

it('tries nothing again for somebody who is erased', async () => {
  await app.graph.behave({
    faults: [{ method: 'POST', path: '/invitations', email: 'bob@fabrikam.com', answer: 400 }],
  });
  const { id } = await app.invite('bob@fabrikam.com');
  await app.until(id, 'failed');
  expect((await erase(id)).status).toBe(204);
  const retry = await app.act(id, 'retry');
  expect([retry.status, errorOf(retry).code]).toEqual([409, 'erased']);
});

it('erases every closed invitation of a person, and tells which are open', async () => {
  const email = 'cyd.quillfeather@fabrikam.com';
  const first = await closed(email);
  const { id: open } = await app.invite(email);
  const answer = await erasePerson(`email=${email}`);
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({
    value: [
      { id: open, erased: false, reason: expect.stringContaining('revoke it first') as string },
      { id: first, erased: true },
    ],
  });
});

it.each(['', 'email=nobody', 'email=a@b.com&email=c@d.com', 'name=Zuzana'])('refuses ?%s', async (query) => {
  const answer = await erasePerson(query);
  expect([answer.status, errorOf(answer).code]).toEqual([400, 'invalidRequest']);
});

it('plans nothing more for an invitation that is erased', async () => {
  const id = await closed('dan@fabrikam.com');
  await erase(id);
  const erased = invitationOf(await app.get(id));
  expect([erased['nextAt'], erased['eraseAt']]).toEqual([undefined, undefined]);
});
