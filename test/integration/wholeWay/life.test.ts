import { type InvitationAnswer, type WholeApp, errorOf, invitationOf, startWholeApp } from '../../support/wholeApp';
import { waitFor } from '../../support/waitFor';

let app: WholeApp;
beforeAll(async () => {
  app = await startWholeApp();
});
afterAll(() => app.stop());

const HOUR = 3600_000;
const DAY = 24 * HOUR;

const sent = async (email: string, more: object = {}): Promise<string> => {
  const { id } = await app.invite(email, more);
  await app.until(id, 'pendingAcceptance');
  return id;
};

const mailed = (count: number) => (invitation: InvitationAnswer) => invitation.sends.length === count;

/** Runs ticks until the invitation has been looked at after what was done before: `what` is in its history. */
const told = (what: string) => (invitation: InvitationAnswer) =>
  invitation.history.some((entry) => entry.what === what);

const events = ({ history }: InvitationAnswer) => history.map(({ what }) => what);

describe('reminders', () => {
  it('go out while the person is pending, stop at the last, and end by expiry', async () => {
    const id = await sent('ann@fabrikam.com');
    await app.jump(3 * DAY);
    await app.until(id, mailed(2));
    await app.jump(4 * DAY);
    await app.until(id, mailed(3));
    await app.jump(20 * DAY);
    await app.jump(3 * DAY);
    const expired = await app.until(id, 'expired');
    expect(expired.sends.map(({ number, cause, status }) => [number, cause, status])).toEqual([
      [0, 'first', 'sent'],
      [1, 'reminder', 'sent'],
      [2, 'reminder', 'sent'],
    ]);
    expect(events(expired)).toEqual(['requested', 'sent', 'reminded', 'reminded', 'expired']);
    expect(await app.graph.mailCount('ann@fabrikam.com')).toBe(3);

    const again = await app.act(id, 'resend');
    expect([again.status, errorOf(again).code]).toEqual([409, 'statusForbids']);
    await app.graph.redeem('ann@fabrikam.com');
    await app.jump(DAY);
    await app.until(id, 'accepted');
  });

  it('stop when the person has accepted', async () => {
    const id = await sent('bob@fabrikam.com');
    await app.jump(3 * DAY);
    await app.until(id, mailed(2));
    await app.graph.redeem('bob@fabrikam.com');
    await app.jump(4 * DAY);
    const accepted = await app.until(id, 'accepted');
    expect(events(accepted)).toEqual(['requested', 'sent', 'reminded', 'accepted']);
    await app.jump(30 * DAY);
    expect(await app.graph.mailCount('bob@fabrikam.com')).toBe(2);
    expect((await app.act(id, 'revoke')).status).toBe(409);
  });

  it('that fell due together are one mail', async () => {
    const id = await sent('cyd@fabrikam.com');
    await app.jump(8 * DAY);
    const reminded = await app.until(id, mailed(2));
    expect(events(reminded)).toEqual(['requested', 'sent', 'reminderSkipped', 'reminded']);
    expect(await app.graph.mailCount('cyd@fabrikam.com')).toBe(2);
  });

  it('follow the request’s own times', async () => {
    const id = await sent('dan@fabrikam.com', { reminders: { after: ['PT1H'] }, expireAfter: 'PT3H' });
    await app.jump(HOUR);
    await app.until(id, mailed(2));
    await app.jump(HOUR);
    await app.jump(HOUR);
    expect(events(await app.until(id, 'expired'))).toEqual(['requested', 'sent', 'reminded', 'expired']);
  });

  it('come by themselves, without any clock being moved', async () => {
    const id = await sent('dot@fabrikam.com', { reminders: { after: ['PT1S'] } });
    await app.until(id, mailed(2));
    expect(await app.graph.mailCount('dot@fabrikam.com')).toBe(2);
  });

  it('never go to a person of whom Graph says neither pending nor accepted', async () => {
    await app.graph.seed('eve@fabrikam.com', null, 'Guest');
    const id = await sent('eve@fabrikam.com');
    const asked = app.graph.invitationsFor('eve@fabrikam.com').length;
    await app.jump(3 * DAY);
    await app.until(id, told('reminderSkipped'));
    await app.jump(4 * DAY);
    await app.jump(23 * DAY);
    await app.until(id, 'expired');
    expect(app.graph.invitationsFor('eve@fabrikam.com')).toHaveLength(asked);
  });
});

describe('redemption', () => {
  it('that is older than the request makes it accepted without any mail', async () => {
    await app.graph.seed('fay@fabrikam.com', 'Accepted');
    const { id } = await app.invite('fay@fabrikam.com');
    const accepted = await app.until(id, 'accepted');
    expect([accepted.sends, events(accepted)]).toEqual([[], ['requested', 'accepted']]);
    expect(app.graph.invitationsFor('fay@fabrikam.com')).toEqual([]);
  });

  it('is followed where nothing is mailed, and nobody is reminded', async () => {
    const invitation = await app.invite('gus@fabrikam.com', { sendInvitationMessage: false });
    expect(invitation).toMatchObject({ sendInvitationMessage: false, reminders: { after: [] } });
    expect(invitation.warnings.map(({ code }) => code)).toEqual(['noMail']);
    const { id } = invitation;
    await app.until(id, 'pendingAcceptance');
    expect(errorOf(await app.act(id, 'resend')).code).toBe('noMail');
    await app.jump(8 * DAY);
    await app.graph.redeem('gus@fabrikam.com');
    await app.jump(DAY);
    await app.until(id, 'accepted');
    expect(app.graph.invitationsFor('gus@fabrikam.com')).toHaveLength(1);
    expect(await app.graph.mailCount('gus@fabrikam.com')).toBe(0);
  });
});

describe('a re-send', () => {
  it('within ten minutes is the mail that went already, and one more after that', async () => {
    const id = await sent('hal@fabrikam.com');
    expect((await app.act(id, 'resend')).status).toBe(202);
    await app.jump(11 * 60_000);
    expect((await app.get(id)).body).toMatchObject({ sends: [{ cause: 'first' }] });

    expect((await app.act(id, 'resend')).status).toBe(202);
    expect((await app.act(id, 'resend')).status).toBe(202);
    await app.until(id, mailed(2));
    expect((await app.act(id, 'resend')).status).toBe(202);
    await app.jump(5 * 60_000);
    const resent = await app.until(id, 'pendingAcceptance');
    expect(resent.sends.map(({ cause }) => cause)).toEqual(['first', 'resend']);
    expect(await app.graph.mailCount('hal@fabrikam.com')).toBe(2);
  });

  it('with the same Idempotency-Key is done once, however late it is repeated', async () => {
    const id = await sent('ida@fabrikam.com');
    const key = { 'Idempotency-Key': 'ida' };
    await app.jump(11 * 60_000);
    await app.act(id, 'resend', key);
    await app.until(id, mailed(2));
    await app.jump(11 * 60_000);
    expect((await app.act(id, 'resend', key)).status).toBe(202);
    await app.act(id, 'resend', { 'Idempotency-Key': 'ida-2' });
    await app.until(id, mailed(3));
    expect(await app.graph.mailCount('ida@fabrikam.com')).toBe(3);
  });

  it('to a person who has accepted meanwhile mails nothing', async () => {
    const id = await sent('jon@fabrikam.com');
    await app.graph.redeem('jon@fabrikam.com');
    await app.jump(11 * 60_000);
    await app.act(id, 'resend');
    await app.until(id, 'accepted');
    expect(await app.graph.mailCount('jon@fabrikam.com')).toBe(1);
  });
});

describe('a revoke, with ON_REVOKE=keep', () => {
  it('ends the mails at once, and says that the guest is left and the link works', async () => {
    const id = await sent('kim@fabrikam.com');
    const answer = await app.act(id, 'revoke');
    expect([answer.status, invitationOf(answer).status]).toEqual([202, 'revoked']);
    expect(invitationOf(answer).guest).toMatchObject({
      status: 'kept',
      message:
        'The guest was left in the directory (the settings say to keep guests); the link in the mail still works.',
    });
    expect((await app.act(id, 'revoke')).status).toBe(202);
    expect(errorOf(await app.act(id, 'resend')).code).toBe('statusForbids');
    await app.jump(8 * DAY);
    expect(await app.graph.mailCount('kim@fabrikam.com')).toBe(1);
    expect(await app.graph.userExists('kim@fabrikam.com')).toBe(true);
  });

  it('before anything was sent asks Graph for nothing', async () => {
    const { id } = await app.invite('lea@fabrikam.com', { notBefore: '2031-01-01T00:00:00Z' });
    const revoked = invitationOf(await app.act(id, 'revoke'));
    expect([revoked.status, revoked.guest, revoked['nextAt']]).toEqual(['revoked', undefined, undefined]);
    expect(await app.graph.userExists('lea@fabrikam.com')).toBe(false);
  });

  it('while Graph is being asked comes true with the answer', async () => {
    await app.graph.behave({ latency: 700 });
    const { id } = await app.invite('max@fabrikam.com');
    await waitFor(() => app.graph.invitationsFor('max@fabrikam.com').length === 1);
    const answer = invitationOf(await app.act(id, 'revoke'));
    expect([answer.status, answer['revokeRequested']]).toMatchObject(['queued', { by: 'functionKey' }]);
    const revoked = await app.until(id, 'revoked');
    await app.graph.behave({ latency: 0 });
    expect(events(revoked)).toEqual(['requested', 'revokeRequested', 'sent', 'revoked']);
    expect(revoked.guest).toMatchObject({ status: 'kept' });
  });
});
