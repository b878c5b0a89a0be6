import { sharesOf } from '../../support/shares';
import { type InvitationAnswer, type WholeApp, errorOf, startWholeApp } from '../../support/wholeApp';

let app: WholeApp;
beforeAll(async () => {
  app = await startWholeApp({ AMBIGUOUS_SENDS: 'strict' });
});
afterAll(() => app.stop());

const { share, permissionsOf } = sharesOf(() => app);

const meets = (email: string, fault: object) =>
  app.graph.behave({ faults: [{ method: 'POST', path: '/invitations', email, ...fault }] });

const told = (what: string) => (invitation: InvitationAnswer) =>
  invitation.history.some((entry) => entry.what === what);

/** An invitation of which AMBIGUOUS_SENDS=strict does not know whether it was mailed. */
async function inReview(email: string, fault: object): Promise<string> {
  await meets(email, fault);
  const { id } = await app.invite(email);
  await app.until(id, told('answerUnknown'));
  await app.jump(5_000);
  await app.until(id, 'needsReview');
  return id;
}

describe('an invitation that waits for a person', () => {
  it('goes out after retry, once', async () => {
    const id = await inReview('ann@fabrikam.com', { answer: 'resetBefore' });
    expect(await app.graph.mailCount('ann@fabrikam.com')).toBe(0);
    expect((await app.act(id, 'retry')).status).toBe(202);
    await app.until(id, 'pendingAcceptance');
    expect(await app.graph.mailCount('ann@fabrikam.com')).toBe(1);
    expect((await app.act(id, 'retry')).status).toBe(409);
  });

  it('counts as sent after confirmSent, without another mail, and is reminded like any other', async () => {
    await app.graph.seed('bob@fabrikam.com', 'PendingAcceptance');
    const id = await inReview('bob@fabrikam.com', { answer: 500, after: true });
    expect((await app.act(id, 'confirmSent')).status).toBe(202);
    const confirmed = await app.until(id, 'pendingAcceptance');
    expect(confirmed.sends.map(({ number, status }) => [number, status])).toEqual([[0, 'confirmed']]);
    expect(await app.graph.mailCount('bob@fabrikam.com')).toBe(1);
    await app.jump(3 * 24 * 3600_000 + 60_000);
    await app.until(id, told('reminded'));
    expect(await app.graph.mailCount('bob@fabrikam.com')).toBe(2);
  });

  it('is closed by revoke', async () => {
    const id = await inReview('cyd@fabrikam.com', { answer: 'resetBefore' });
    expect((await app.act(id, 'revoke')).status).toBe(202);
    await app.until(id, 'revoked');
    const late = await app.act(id, 'confirmSent');
    expect([late.status, errorOf(late).code]).toEqual([409, 'statusForbids']);
  });
});

describe('a share that somebody confirmed', () => {
  it('though it had not been made is made by the next mail, and taken back by a revoke', async () => {
    const email = 'eve@fabrikam.com';
    await app.graph.seed(email, 'PendingAcceptance');
    const target = '/drives/b!x/items/eve';
    await app.graph.behave({ faults: [{ method: 'POST', path: `${target}/invite`, answer: 'resetBefore' }] });
    const { id } = await share(email, { target });
    await app.until(id, told('answerUnknown'));
    await app.jump(5_000);
    await app.until(id, 'needsReview');
    expect((await app.act(id, 'confirmSent')).status).toBe(202);
    expect([await app.graph.mailCount(email), await permissionsOf(email)]).toEqual([0, []]);
    await app.until(id, 'pendingAcceptance');
    // Nobody is mailed again right after a mail.
    await app.jump(11 * 60_000);
    expect((await app.act(id, 'resend')).status).toBe(202);
    await app.until(id, told('resent'));
    expect([await app.graph.mailCount(email), await permissionsOf(email)]).toMatchObject([1, [{}]]);
    await app.act(id, 'revoke');
    await app.until(id, told('permissionDeleted'));
    expect(await permissionsOf(email)).toEqual([]);
  });
});

describe('a failed invitation', () => {
  it('goes out after retry, unless the person was invited anew since', async () => {
    await meets('dan@fabrikam.com', { answer: 400 });
    const { id } = await app.invite('dan@fabrikam.com');
    await app.until(id, 'failed');
    const other = await app.invite('dan@fabrikam.com');
    await app.until(other.id, 'pendingAcceptance');
    const refused = await app.act(id, 'retry');
    expect([refused.status, errorOf(refused).code]).toEqual([409, 'duplicate']);
    await app.act(other.id, 'revoke');
    expect((await app.act(id, 'retry')).status).toBe(202);
    await app.until(id, 'pendingAcceptance');
    expect(await app.graph.mailCount('dan@fabrikam.com')).toBe(2);
  });
});
