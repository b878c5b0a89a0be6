import { HOLDING_SETTINGS, holdCalls } from '../../support/holdCalls';
import { SHARING_SETTINGS, events, sharesOf, told } from '../../support/shares';
import { type InvitationAnswer, type WholeApp, errorOf, invitationOf, startWholeApp } from '../../support/wholeApp';
import { waitFor } from '../../support/waitFor';

let app: WholeApp;
beforeAll(async () => {
  app = await startWholeApp({ ...SHARING_SETTINGS, ...HOLDING_SETTINGS, BLOCKED_EMAIL_DOMAINS: 'blocked.example' });
});
afterAll(() => app.stop());
afterEach(async () => {
  await app.graph.behave({ faults: [] });
  expect(await app.fsck()).toMatch(/everything agrees\.\n$/);
});

const HOUR = 3600_000;
const DAY = 24 * HOUR;
const FAR = '2036-01-01T00:00:00.000Z';

const { share, invitesOf } = sharesOf(() => app);

const sent = async (email: string, more: object = {}): Promise<string> => {
  const { id } = await app.invite(email, more);
  await app.until(id, 'pendingAcceptance');
  return id;
};

/** A change that must be taken. */
const change = async (id: string, body: object): Promise<InvitationAnswer> => {
  const answer = await app.patch(id, body);
  expect([answer.status, answer.body]).toMatchObject([202, {}]);
  return invitationOf(answer);
};

const refusal = async (id: string, body: object): Promise<[number, string]> => {
  const answer = await app.patch(id, body);
  return [answer.status, errorOf(answer).code];
};

const mailed = (count: number) => (invitation: InvitationAnswer) => invitation.sends.length === count;

describe('a PATCH of the message', () => {
  it('of a guest goes with the next reminder', async () => {
    const id = await sent('ann@fabrikam.com');
    const info = { messageLanguage: 'de-DE', ccRecipients: [{ emailAddress: { address: 'boss@fabrikam.com' } }] };
    const changed = await change(id, { invitedUserMessageInfo: info });
    expect(changed).toMatchObject({ status: 'pendingAcceptance', invitedUserMessageInfo: info });
    await app.jump(3 * DAY);
    const reminded = await app.until(id, mailed(2));
    expect(events(reminded)).toEqual(['requested', 'sent', 'changed', 'reminded']);
    expect(reminded.history[2]).toMatchObject({ by: 'functionKey', detail: 'invitedUserMessageInfo' });
    expect(app.graph.invitationsFor('ann@fabrikam.com')).toMatchObject([{}, { invitedUserMessageInfo: info }]);
    expect((await app.graph.mailsTo('ann@fabrikam.com')).map(({ cc }) => cc)).toEqual([[], ['boss@fabrikam.com']]);

    await change(id, { invitedUserMessageInfo: null });
    await app.jump(4 * DAY);
    await app.until(id, mailed(3));
    expect(app.graph.invitationsFor('ann@fabrikam.com').at(-1)).not.toHaveProperty('invitedUserMessageInfo');
  });

  it('of a share goes with the next reminder', async () => {
    await app.graph.seed('bob@fabrikam.com', 'PendingAcceptance');
    const { id } = await share('bob@fabrikam.com', { message: 'The plan' });
    await app.until(id, 'pendingAcceptance');
    await change(id, { message: 'The plan, again' });
    await app.jump(3 * DAY);
    await app.until(id, mailed(2));
    expect(invitesOf('bob@fabrikam.com')).toMatchObject([{ message: 'The plan' }, { message: 'The plan, again' }]);
  });

  it('is held to the rules that a request is held to', async () => {
    const id = await sent('cyd@fabrikam.com');
    const cc = { ccRecipients: [{ emailAddress: { address: 'x@blocked.example' } }] };
    const refused = await app.patch(id, { invitedUserMessageInfo: cc });
    expect([refused.status, errorOf(refused).details]).toMatchObject([
      400,
      [{ code: 'domainNotAllowed', target: 'invitedUserMessageInfo.ccRecipients.0.emailAddress.address' }],
    ]);
  });
});

describe('a PATCH of reminders and expiry', () => {
  it('takes the new times from the first mail on, and catches up on none that lie in the past', async () => {
    const id = await sent('dan@fabrikam.com');
    await app.jump(2 * DAY);
    const changed = await change(id, { reminders: { after: ['P4D', 'P1D'] } });
    expect(changed['reminders']).toEqual({ after: ['P1D', 'P4D'], timeZone: 'UTC' });
    await app.jump(HOUR);
    expect((await app.until(id, () => true)).sends).toHaveLength(1);
    await app.jump(2 * DAY);
    await app.until(id, mailed(2));
    await app.jump(10 * DAY);
    expect((await app.until(id, () => true)).sends).toHaveLength(2);
  });

  it('moves the expiry, and expires at once what would have expired already', async () => {
    const id = await sent('eve@fabrikam.com', { reminders: { after: [] } });
    const { firstSentAt } = await app.until(id, () => true);
    const changed = await change(id, { expireAfter: 'P10D' });
    expect(Date.parse(String(changed['expiresAt'])) - Date.parse(String(firstSentAt))).toBe(10 * DAY);
    await app.jump(3 * DAY);
    await change(id, { expireAfter: 'P2D' });
    await app.until(id, 'expired');
  });

  it('refuses reminders for what mails nothing', async () => {
    const id = await sent('fay@fabrikam.com', { sendInvitationMessage: false });
    const refused = await app.patch(id, { reminders: { after: ['P1D'] } });
    expect([refused.status, errorOf(refused).details?.[0]?.code]).toEqual([400, 'noMail']);
  });
});

describe('a PATCH of notBefore', () => {
  it('puts off what is queued, and null brings it forward again', async () => {
    await app.graph.behave({ faults: [{ method: 'POST', path: '/invitations', answer: 503, retryAfter: 3600 }] });
    const { id } = await app.invite('gus@fabrikam.com');
    await app.until(id, told('postponed'));
    expect(await change(id, { notBefore: FAR })).toMatchObject({ status: 'scheduled', nextAt: FAR });
    await app.jump(2 * HOUR);
    expect((await app.until(id, () => true)).status).toBe('scheduled');
    expect(app.graph.invitationsFor('gus@fabrikam.com')).toHaveLength(1);
    const forward = await change(id, { notBefore: null });
    expect(forward).not.toHaveProperty('notBefore');
    await app.until(id, 'pendingAcceptance');
    expect(await app.graph.mailCount('gus@fabrikam.com')).toBe(1);
  });

  it('moves a date to a nearer one', async () => {
    const { id } = await app.invite('hal@fabrikam.com', { notBefore: FAR });
    const now = Date.parse(String((await app.until(id, () => true))['createdAt']));
    await change(id, { notBefore: new Date(now + DAY).toISOString() });
    await app.jump(DAY - HOUR);
    expect((await app.until(id, () => true)).status).toBe('scheduled');
    await app.jump(2 * HOUR);
    await app.until(id, 'pendingAcceptance');
  });

  it('is refused once Graph was asked, and for a share that waits for its guest', async () => {
    const id = await sent('ida@fabrikam.com');
    expect(await refusal(id, { notBefore: FAR })).toEqual([409, 'alreadyDue']);
    await app.graph.behave({ faults: [{ method: 'POST', path: '/invitations', answer: 503, retryAfter: 3600 }] });
    const waiting = await share('jon@fabrikam.com');
    await app.until(waiting.id, ({ waitsFor }) => waitsFor !== undefined);
    expect(await refusal(waiting.id, { notBefore: FAR })).toEqual([409, 'alreadyDue']);
  });

  it('does not keep a revoke before the date from cancelling', async () => {
    const { id } = await app.invite('kim@fabrikam.com', { notBefore: FAR });
    await change(id, { notBefore: '2036-02-01T00:00:00Z' });
    const revoked = invitationOf(await app.act(id, 'revoke'));
    expect([revoked.status, revoked['nextAt']]).toEqual(['revoked', undefined]);
    expect(app.graph.invitationsFor('kim@fabrikam.com')).toEqual([]);
  });
});

describe('a PATCH that can’t be', () => {
  it('is refused while Graph is being asked, and for what is closed', async () => {
    const release = holdCalls(app, ({ path }) => path.endsWith('/invitations'));
    const { id } = await app.invite('lea@fabrikam.com');
    await waitFor(() => app.graph.invitationsFor('lea@fabrikam.com').length === 1);
    expect(await refusal(id, { expireAfter: 'P1D' })).toEqual([409, 'sendInProgress']);
    release();
    await app.until(id, 'pendingAcceptance');
    await app.act(id, 'revoke');
    expect(await refusal(id, { expireAfter: 'P1D' })).toEqual([409, 'statusForbids']);
  });

  it('says which properties can’t be changed, and that there is no such invitation', async () => {
    const id = await sent('max@fabrikam.com');
    const refused = await app.patch(id, {
      invitedUserEmailAddress: 'x@fabrikam.com',
      kind: 'driveItem',
      expireAfter: 'x',
    });
    expect([refused.status, errorOf(refused).details?.map(({ target }) => target)]).toEqual([
      400,
      expect.arrayContaining(['expireAfter', 'invitedUserEmailAddress', 'kind']),
    ]);
    expect((await app.patch('01900000-0000-7000-8000-000000000000', {})).status).toBe(404);
  });

  it('is done once for an Idempotency-Key, and refuses the key for another body', async () => {
    const id = await sent('nia@fabrikam.com');
    const key = { 'Idempotency-Key': 'nia' };
    expect((await app.patch(id, { expireAfter: 'P10D' }, key)).status).toBe(202);
    await change(id, { expireAfter: 'P20D' });
    expect((await app.patch(id, { expireAfter: 'P10D' }, key)).body).toMatchObject({ expireAfter: 'P20D' });
    const reused = await app.patch(id, { expireAfter: 'P11D' }, key);
    expect([reused.status, errorOf(reused).code]).toEqual([422, 'idempotencyKeyReused']);
  });

  it('that changes nothing leaves no history', async () => {
    const id = await sent('ole@fabrikam.com');
    await change(id, { expireAfter: 'P30D', notBefore: null });
    expect(events(await app.until(id, () => true))).toEqual(['requested', 'sent']);
  });
});
