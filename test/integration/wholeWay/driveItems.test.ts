import { ITEM, SHARING_SETTINGS, aShare, events, sharesOf, told } from '../../support/shares';
import { waitFor } from '../../support/waitFor';
import { type WholeApp, errorOf, invitationOf, startWholeApp } from '../../support/wholeApp';

/** A busy machine makes calls slow; a test waits for one that never ends. */
const LONGER = { GRAPH_CALL_TIMEOUT: 'PT4S', SEND_LEASE: 'PT12S' };

let app: WholeApp;
beforeAll(async () => {
  app = await startWholeApp({ ...SHARING_SETTINGS, ...LONGER, RESOLVE_AFTER: 'PT1M', MAX_SEND_ATTEMPTS: '3' });
  await sync();
});
afterAll(() => app.stop());
afterEach(async () => {
  await app.graph.behave({ faults: [], sharingMailsFail: [], sharesLost: 0, sharePointLagMs: 0, directoryLagMs: 0 });
  expect(await app.fsck()).toMatch(/everything agrees\.\n$/);
});

const MINUTE = 60_000;
const DAY = 24 * 3600_000;

const sync = () => app.host.fireTimer('syncRedemptions');
const { share, permissionsOf, invitesOf, untilShared } = sharesOf(() => app);

/** An item of its own, and what the next share of it meets: reminders of others must not meet it. */
const itemThatMeets = async (name: string, ...faults: object[]): Promise<string> => {
  const target = `/drives/b!x/items/${name}`;
  await app.graph.behave({ faults: faults.map((fault) => ({ method: 'POST', path: `${target}/invite`, ...fault })) });
  return target;
};

describe('a share with somebody in the directory', () => {
  it('is accepted at once where they need to redeem nothing: a member, or a guest who has accepted', async () => {
    await app.graph.seed('member@contoso.com', null);
    await app.graph.seed('guest@fabrikam.com', 'Accepted');
    for (const email of ['member@contoso.com', 'guest@fabrikam.com']) {
      const { id } = await share(email);
      const accepted = await app.until(id, 'accepted');
      expect(events(accepted)).toEqual(['requested', 'sent', 'accepted']);
      expect(accepted.sends.map(({ status }) => status)).toEqual(['sent']);
      const [permission, ...others] = await permissionsOf(email);
      expect([permission?.roles, others]).toEqual([['read'], []]);
      expect(accepted.graph).toMatchObject({ id: permission?.id, roles: ['read'], invitation: { email } });
      expect(await app.graph.mailCount(email)).toBe(1);
      await app.jump(8 * DAY);
      expect(await app.graph.mailCount(email)).toBe(1);
    }
  });

  it.each([['objectId'], ['alias']])('finds them by %s alone', async (by) => {
    const objectId = await app.graph.seed(`by-${by}@contoso.com`, null);
    const { id } = await share(by === 'objectId' ? { objectId } : { alias: 'by-alias' });
    // Nothing but the permission tells of an alias; that one is granted at once.
    const accepted = await app.until(id, 'accepted');
    expect(accepted.graph).toMatchObject({ grantedTo: { user: { id: objectId } } });
    expect(await permissionsOf(`by-${by}@contoso.com`)).toHaveLength(1);
  });

  it('follows a guest who is still pending, and mails what was asked for and no more', async () => {
    await app.graph.seed('ann@fabrikam.com', 'PendingAcceptance');
    const { id } = await share('ann@fabrikam.com', { message: 'The plan', roles: ['write'], requireSignIn: true });
    const pending = await app.until(id, 'pendingAcceptance');
    expect(pending.graph).toMatchObject({ roles: ['write'], invitation: { signInRequired: true } });
    expect(invitesOf('ann@fabrikam.com')).toEqual([
      {
        requireSignIn: true,
        roles: ['write'],
        sendInvitation: true,
        message: 'The plan',
        recipients: [{ '@odata.type': 'microsoft.graph.driveRecipient', email: 'ann@fabrikam.com' }],
      },
    ]);
    expect(await app.graph.mailsTo('ann@fabrikam.com')).toMatchObject([{ kind: 'driveItem', message: 'The plan' }]);
    expect(app.graph.invitationsFor('ann@fabrikam.com')).toEqual([]);
    await app.graph.redeem('ann@fabrikam.com');
    await sync();
    expect(events(await app.until(id, 'accepted'))).toEqual(['requested', 'sent', 'accepted']);
  });

  it('reminds by sharing again, until the person has redeemed or the permission was taken away', async () => {
    await app.graph.seed('bob@fabrikam.com', 'PendingAcceptance');
    const { id } = await share('bob@fabrikam.com', { reminders: { after: ['P1D', 'P2D', 'P3D'] } });
    await app.until(id, 'pendingAcceptance');
    await app.jump(DAY);
    await app.until(id, told('reminded'));
    expect(await app.graph.mailCount('bob@fabrikam.com')).toBe(2);
    const [permission] = await permissionsOf('bob@fabrikam.com');
    const gone = await fetch(`http://127.0.0.1:${app.graph.port}/v1.0${ITEM}/permissions/${permission?.id ?? ''}`, {
      method: 'DELETE',
      headers: { Authorization: 'Bearer test' },
    });
    expect(gone.status).toBe(204);
    await app.jump(DAY);
    await app.until(id, told('reminderSkipped'));
    expect([await permissionsOf('bob@fabrikam.com'), await app.graph.mailCount('bob@fabrikam.com')]).toEqual([[], 2]);
    await app.graph.redeem('bob@fabrikam.com');
    await app.jump(DAY);
    const accepted = await app.until(id, 'accepted');
    expect(accepted.sends).toHaveLength(2);
  });
});

describe('a share with a stranger', () => {
  it('makes a guest without a mail first, and is redeemed by the one mail that tells of the item', async () => {
    const { id } = await share('cyd@fabrikam.com');
    const waiting = await app.until(id, 'scheduled');
    const guestId = String(waiting['waitsFor']);
    const guest = await app.until(guestId, 'pendingAcceptance');
    expect(guest).toMatchObject({ kind: 'guest', sendInvitationMessage: false, reminders: { after: [] } });
    expect(invitesOf('cyd@fabrikam.com')).toEqual([]);
    await app.jump(6_000);
    const shared = await app.until(id, 'pendingAcceptance');
    expect(events(shared)).toEqual(['requested', 'waitsForGuest', 'postponed', 'enqueued', 'sent']);
    expect(shared.graph?.invitedUser?.id).toBe(guest.graph?.invitedUser?.id);
    expect(await app.graph.mailsTo('cyd@fabrikam.com')).toMatchObject([{ kind: 'driveItem' }]);

    await app.graph.redeem('cyd@fabrikam.com');
    await sync();
    await Promise.all([app.until(id, 'accepted'), app.until(guestId, 'accepted')]);
  });

  it('is found redeemed by the ordinary check too', async () => {
    const { id } = await share('dan@fabrikam.com');
    await untilShared(id);
    await app.graph.redeem('dan@fabrikam.com');
    await app.jump(DAY + MINUTE);
    expect(events(await app.until(id, 'accepted')).slice(-2)).toEqual(['sent', 'accepted']);
  });

  it('waits for the guest invitation that the person has already, and makes no other', async () => {
    const guest = await app.invite('eve@fabrikam.com', { notBefore: '2031-01-01T00:00:00Z' });
    const { id } = await share('eve@fabrikam.com');
    const waiting = await app.until(id, ({ waitsFor }) => waitsFor === guest.id);
    expect(waiting.status).toBe('scheduled');
    await app.patch(guest.id, { notBefore: null });
    await app.until(guest.id, 'pendingAcceptance');
    await app.jump(MINUTE);
    await app.until(id, 'pendingAcceptance');
    const kinds = (await app.graph.mailsTo('eve@fabrikam.com')).map(({ kind }) => kind);
    expect(kinds.sort()).toEqual(['driveItem', 'guest']);
  });

  it('fails with the reason of a guest invitation that Graph refuses, and goes out after a retry', async () => {
    const invitation = {
      method: 'POST',
      path: '/invitations',
      answer: 400,
      code: 'BadRequest',
      message: 'No such luck',
    };
    await app.graph.behave({ faults: [invitation] });
    const { id } = await share('fay@fabrikam.com');
    await app.until(id, told('waitsForGuest'));
    await app.jump(6_000);
    const failed = await app.until(id, 'failed');
    expect(failed.fault).toMatchObject({
      code: 'BadRequest',
      message: expect.stringContaining('No such luck') as string,
    });
    expect(invitesOf('fay@fabrikam.com')).toEqual([]);
    expect((await app.act(id, 'retry')).status).toBe(202);
    await untilShared(id);
    expect(await app.graph.mailCount('fay@fabrikam.com')).toBe(1);
  });

  it('fails where the guest invitation is revoked before it went out', async () => {
    const guest = await app.invite('gus@fabrikam.com', { notBefore: '2031-01-01T00:00:00Z' });
    const { id } = await share('gus@fabrikam.com');
    await app.until(id, told('waitsForGuest'));
    await app.act(guest.id, 'revoke');
    await app.jump(MINUTE);
    const failed = await app.until(id, 'failed');
    expect(failed.fault).toMatchObject({
      code: 'guestRevoked',
      message: `The guest invitation ${guest.id} that comes first is revoked.`,
    });
  });

  it('is tried again while SharePoint does not know the fresh guest', async () => {
    await app.graph.behave({ sharePointLagMs: 3_600_000 });
    const { id } = await share('hal@fabrikam.com');
    const waiting = await app.until(id, ({ waitsFor }) => waitsFor !== undefined);
    await app.until(String(waiting['waitsFor']), 'pendingAcceptance');
    await app.jump(6_000);
    await app.until(id, ({ history }) => history.some(({ detail }) => detail === 'invalidRequest'));
    await app.graph.behave({ sharePointLagMs: 0 });
    await app.jump(6_000);
    await app.until(id, 'pendingAcceptance');
    expect(invitesOf('hal@fabrikam.com')).toHaveLength(2);
    expect(await app.graph.mailCount('hal@fabrikam.com')).toBe(1);
  });

  it('fails in the end where SharePoint never gets to know the guest', async () => {
    await app.graph.behave({ sharePointLagMs: 3_600_000 });
    const { id } = await share('ida@fabrikam.com');
    const waiting = await app.until(id, ({ waitsFor }) => waitsFor !== undefined);
    await app.until(String(waiting['waitsFor']), 'pendingAcceptance');
    await app.jump(6_000);
    await app.until(id, ({ history }) => history.some(({ detail }) => detail === 'invalidRequest'));
    await app.jump(2 * MINUTE);
    expect((await app.until(id, 'failed')).fault).toMatchObject({ code: 'invalidRequest' });
    expect(await app.graph.mailCount('ida@fabrikam.com')).toBe(0);
  });

  it('is tried again while the directory does not show the fresh guest', async () => {
    await app.graph.behave({ directoryLagMs: 3_600_000 });
    const { id } = await share('jon@fabrikam.com');
    const waiting = await app.until(id, ({ waitsFor }) => waitsFor !== undefined);
    await app.until(String(waiting['waitsFor']), 'pendingAcceptance');
    await app.jump(6_000);
    await app.until(id, ({ history }) => history.some(({ detail }) => detail === 'notShownYet'));
    await app.graph.behave({ directoryLagMs: 0 });
    await app.jump(6_000);
    await app.until(id, 'pendingAcceptance');
    expect(await app.graph.mailCount('jon@fabrikam.com')).toBe(1);
  });

  it('fails where the guest was invited and is gone from the directory', async () => {
    await app.graph.behave({ directoryLagMs: 3_600_000 });
    const { id } = await share('kim@fabrikam.com');
    const waiting = await app.until(id, ({ waitsFor }) => waitsFor !== undefined);
    await app.until(String(waiting['waitsFor']), 'pendingAcceptance');
    await app.jump(6_000);
    await app.until(id, ({ history }) => history.some(({ detail }) => detail === 'notShownYet'));
    await app.jump(2 * MINUTE);
    expect((await app.until(id, 'failed')).fault?.code).toBe('guestMissing');
    expect(invitesOf('kim@fabrikam.com')).toEqual([]);
  });
});

describe('a mail of a share that fails (207)', () => {
  it('is tried again by back-off, and counts once it is out', async () => {
    await app.graph.seed('lea@fabrikam.com', 'PendingAcceptance');
    await app.graph.behave({ sharingMailsFail: ['lea@fabrikam.com'] });
    const { id } = await share('lea@fabrikam.com');
    const unmailed = await app.until(id, told('sharedUnmailed'));
    expect([unmailed.status, unmailed.sends]).toEqual(['queued', []]);
    expect(await permissionsOf('lea@fabrikam.com')).toHaveLength(1);
    await app.graph.behave({ sharingMailsFail: [] });
    await app.jump(6_000);
    const sent = await app.until(id, 'pendingAcceptance');
    expect(events(sent)).toEqual(['requested', 'sharedUnmailed', 'sent']);
    expect(await app.graph.mailCount('lea@fabrikam.com')).toBe(1);
    expect((await app.act(id, 'revoke')).status).toBe(202);
    await app.until(id, told('permissionDeleted'));
    expect(await permissionsOf('lea@fabrikam.com')).toEqual([]);
  });

  it('waits for a person after MAX_SEND_ATTEMPTS, who may confirm or try again', async () => {
    await app.graph.seed('max@fabrikam.com', 'PendingAcceptance');
    await app.graph.behave({ sharingMailsFail: ['max@fabrikam.com'] });
    const { id } = await share('max@fabrikam.com');
    const tries = (count: number) =>
      app.until(id, ({ history }) =>
        history.some(({ what, times = 1 }) => what === 'sharedUnmailed' && times === count),
      );
    await tries(1);
    await app.jump(6_000);
    await tries(2);
    await app.jump(11_000);
    const review = await app.until(id, 'needsReview');
    expect(review.fault?.code).toBe('notMailed');
    expect(review.fault?.message).toContain('Account verification needed');
    expect(invitesOf('max@fabrikam.com')).toHaveLength(3);
    await app.graph.behave({ sharingMailsFail: [] });
    expect((await app.act(id, 'retry')).status).toBe(202);
    await app.until(id, 'pendingAcceptance');
    expect(await app.graph.mailCount('max@fabrikam.com')).toBe(1);
  });

  it('that Graph refuses to repeat waits for a person too, for the item is shared', async () => {
    await app.graph.seed('mia@fabrikam.com', 'PendingAcceptance');
    await app.graph.behave({ sharingMailsFail: ['mia@fabrikam.com'] });
    const { id } = await share('mia@fabrikam.com', { target: '/drives/b!x/items/mia' });
    await app.until(id, told('sharedUnmailed'));
    await itemThatMeets('mia', { answer: 400, code: 'invalidRequest' });
    await app.jump(6_000);
    await app.until(id, 'needsReview');
    expect((await app.act(id, 'revoke')).status).toBe(202);
    await app.until(id, told('permissionDeleted'));
    expect(await permissionsOf('mia@fabrikam.com')).toEqual([]);
  });

  it('of a reminder is given up after MAX_SEND_ATTEMPTS, and the next reminder goes out', async () => {
    await app.graph.seed('nia@fabrikam.com', 'PendingAcceptance');
    const { id } = await share('nia@fabrikam.com', { reminders: { after: ['P1D', 'P2D'] } });
    await app.until(id, 'pendingAcceptance');
    await app.graph.behave({ sharingMailsFail: ['nia@fabrikam.com'] });
    await app.jump(DAY);
    for (const count of [2, 3, 4]) {
      await app.until(id, () => invitesOf('nia@fabrikam.com').length === count);
      await app.until(id, ({ history }) => (history.at(-1)?.times ?? 1) === count - 1);
      await app.jump(21_000);
    }
    const given = await app.until(id, ({ fault }) => fault?.code === 'notAllowed');
    expect([given.status, given.sends.length]).toEqual(['pendingAcceptance', 1]);
    await app.graph.behave({ sharingMailsFail: [] });
    await app.jump(DAY);
    await app.until(id, told('reminded'));
    expect(await app.graph.mailCount('nia@fabrikam.com')).toBe(2);
  });
});

describe('an answer that can’t be relied on', () => {
  it('200 without the permission is found out by reading it back, and shared again', async () => {
    await app.graph.seed('ole@fabrikam.com', 'PendingAcceptance');
    await app.graph.behave({ sharesLost: 1 });
    const { id } = await share('ole@fabrikam.com');
    await app.until(id, ({ history }) => history.some(({ detail }) => detail === 'permissionNotThere'));
    await app.jump(2 * MINUTE);
    const sent = await app.until(id, 'pendingAcceptance');
    expect(events(sent)).toEqual(['requested', 'answerUnknown', 'resolvedNotSent', 'sent']);
    expect(await permissionsOf('ole@fabrikam.com')).toHaveLength(1);
    expect(await app.graph.mailCount('ole@fabrikam.com')).toBe(1);
  });

  it.each([
    ['a reset before the work', 'a', { answer: 'resetBefore' }],
    ['no answer at all', 'd', { answer: 'hang' }],
  ])('%s is found out from the permissions, and exactly one mail goes', async (_, name, fault) => {
    const email = `${name}@woodgrove.com`;
    await app.graph.seed(email, 'PendingAcceptance');
    const { id } = await share(email, { target: await itemThatMeets(name, fault) });
    await app.until(id, told('answerUnknown'));
    await app.jump(2 * MINUTE);
    const sent = await app.until(id, 'pendingAcceptance');
    expect(events(sent)).toEqual(['requested', 'answerUnknown', 'resolvedNotSent', 'sent']);
    expect([await app.graph.mailCount(email), await permissionsOf(email)]).toMatchObject([1, [{}]]);
    await app.act(id, 'revoke');
    await app.until(id, told('permissionDeleted'));
  });

  it.each([
    ['a reset after the work', 'b', { answer: 'resetAfter' }],
    ['500 after the work', 'c', { answer: 500, after: true }],
  ])('%s leaves a permission, which tells nothing of the mail: a person confirms it', async (_, name, fault) => {
    const email = `${name}@woodgrove.com`;
    await app.graph.seed(email, 'PendingAcceptance');
    const { id } = await share(email, { target: await itemThatMeets(name, fault) });
    await app.until(id, told('answerUnknown'));
    await app.jump(2 * MINUTE);
    const review = await app.until(id, 'needsReview');
    expect(events(review)).toEqual(['requested', 'answerUnknown', 'needsReview']);
    expect([review.sends, review.fault?.code]).toEqual([[], 'sendUnclear']);
    expect((await app.act(id, 'confirmSent')).status).toBe(202);
    await app.until(id, 'pendingAcceptance');
    expect([await app.graph.mailCount(email), await permissionsOf(email)]).toMatchObject([1, [{}]]);
    await app.act(id, 'revoke');
    await app.until(id, told('permissionDeleted'));
  });

  it('of a mail that failed besides waits for a person, also with somebody who redeems nothing, and is mailed by a retry', async () => {
    const email = 'e@woodgrove.com';
    const userId = await app.graph.seed(email, 'Accepted');
    await app.graph.behave({ sharingMailsFail: [email] });
    const target = await itemThatMeets('e', { answer: 'resetAfter' });
    const { id } = await share(email, { target });
    await app.until(id, told('answerUnknown'));
    await app.graph.behave({ sharingMailsFail: [], faults: [] });
    await app.jump(2 * MINUTE);
    await app.until(id, 'needsReview');
    // Looked at once a day: that they accepted long ago says nothing of this.
    const looks = () => app.graph.calls.filter(({ path }) => path.includes(`/users/${userId}`)).length;
    const before = looks();
    await app.jump(DAY + MINUTE);
    await waitFor(() => looks() > before, { describe: 'the daily look' });
    await sync();
    expect([(await app.until(id, () => true)).status, await app.graph.mailCount(email)]).toEqual(['needsReview', 0]);
    expect((await app.act(id, 'retry')).status).toBe(202);
    expect((await app.until(id, 'accepted')).sends.map(({ status }) => status)).toEqual(['sent']);
    expect(await app.graph.mailCount(email)).toBe(1);
  });

  it('waits for a person where the permission was there before, and keeps duplicates out', async () => {
    await app.graph.seed('pia@fabrikam.com', 'PendingAcceptance');
    const target = '/drives/b!x/items/pia';
    const first = await share('pia@fabrikam.com', { target, expireAfter: 'P1D' });
    await app.until(first.id, 'pendingAcceptance');
    await app.jump(DAY + MINUTE);
    await app.until(first.id, 'expired');
    await itemThatMeets('pia', { answer: 'resetAfter' });
    const { id } = await share('pia@fabrikam.com', { target });
    await app.until(id, told('answerUnknown'));
    await app.jump(2 * MINUTE);
    expect((await app.until(id, 'needsReview')).fault?.code).toBe('sendUnclear');
    expect((await app.post(aShare('pia@fabrikam.com', { target }))).status).toBe(200);
    expect((await app.act(id, 'confirmSent')).status).toBe(202);
    await app.until(id, 'pendingAcceptance');
    expect(await app.graph.mailCount('pia@fabrikam.com')).toBe(2);
  });
});

describe('limits and outages', () => {
  it('429 on sharing does not hold back guests', async () => {
    await app.graph.seed('quy@fabrikam.com', 'PendingAcceptance');
    const target = await itemThatMeets('quy', { answer: 429, retryAfter: 30 });
    const { id } = await share('quy@fabrikam.com', { target });
    await app.until(id, told('postponed'));
    await app.until((await app.invite('guest-of-429@fabrikam.com')).id, 'pendingAcceptance');
    expect((await app.until(id, () => true)).status).toBe('queued');
    await app.jump(40_000);
    await app.until(id, 'pendingAcceptance');
    expect(await app.graph.mailCount('quy@fabrikam.com')).toBe(1);
  });

  it('429 on invitations does not hold back shares', async () => {
    await app.graph.seed('ray@fabrikam.com', 'PendingAcceptance');
    await app.graph.behave({ faults: [{ method: 'POST', path: '/invitations', answer: 429, retryAfter: 30 }] });
    const guest = await app.invite('throttled@fabrikam.com');
    await app.until(guest.id, told('postponed'));
    await app.until((await share('ray@fabrikam.com')).id, 'pendingAcceptance');
    expect((await app.until(guest.id, () => true)).status).toBe('queued');
    await app.jump(40_000);
    await app.until(guest.id, 'pendingAcceptance');
  });

  it('waits while Graph is away, and shares once when it is back', async () => {
    await app.graph.seed('sam@fabrikam.com', 'PendingAcceptance');
    await app.graph.goAway();
    const { id } = await share('sam@fabrikam.com');
    await app.until(id, told('postponed'));
    await app.graph.comeBack();
    await app.jump(MINUTE);
    await app.until(id, 'pendingAcceptance');
    expect(await app.graph.mailCount('sam@fabrikam.com')).toBe(1);
  });

  it('fails for an item that is not there, with Graph’s reason', async () => {
    await app.graph.seed('tom@fabrikam.com', 'PendingAcceptance');
    await app.graph.behave({ missingItems: ['/drives/b!x/items/gone'] });
    const { id } = await share('tom@fabrikam.com', { target: '/drives/b!x/items/gone/invite' });
    expect((await app.until(id, 'failed')).fault?.code).toBe('itemNotFound');
  });
});

it('never shows a password: not in an answer, a log or an error', async () => {
  const password = 'correct-horse-battery';
  await app.graph.seed('uma@fabrikam.com', 'PendingAcceptance');
  const refused = await app.post(aShare('uma@fabrikam.com', { password, roles: [], [password]: 1 }));
  expect([refused.status, errorOf(refused).code]).toEqual([400, 'invalidRequest']);
  const long = await app.post(aShare('uma@fabrikam.com', { password: `${password}\n` }));
  expect(long.status).toBe(400);
  const asked = await app.post(aShare('uma@fabrikam.com', { password }));
  const { id } = asked.body as { id: string };
  const pending = await app.until(id, 'pendingAcceptance');
  expect(pending).toMatchObject({ hasPassword: true, graph: { hasPassword: true } });
  expect(invitesOf('uma@fabrikam.com')).toMatchObject([{ password }]);
  const again = await app.post(aShare('uma@fabrikam.com', { password: `${password}-2` }));
  const all = [long.body, asked.body, pending, again.body, app.host.logs, app.host.output];
  expect(JSON.stringify(all)).not.toContain(password);
  expect(invitationOf(again).warnings).toContainEqual(expect.objectContaining({ code: 'differs', target: 'password' }));
});
