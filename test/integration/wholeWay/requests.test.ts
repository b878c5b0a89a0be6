import { type WholeApp, invitationOf, startWholeApp } from '../../support/wholeApp';

let app: WholeApp;
beforeAll(async () => {
  app = await startWholeApp();
});
afterAll(() => app.stop());

it('takes Graph’s plain body, answers 202 and where to look, and mails', async () => {
  const answer = await app.post({
    invitedUserEmailAddress: 'admin@fabrikam.com',
    inviteRedirectUrl: 'https://myapp.contoso.com',
  });
  expect(answer.status).toBe(202);
  const { id } = invitationOf(answer);
  await app.until(id, 'pendingAcceptance');
  expect(await app.graph.mailCount('admin@fabrikam.com')).toBe(1);
});
