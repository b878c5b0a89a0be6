import { HOLDING_SETTINGS, holdCalls } from '../../support/holdCalls';
import { SHARING_SETTINGS, events, sharesOf, told } from '../../support/shares';
import { type InvitationAnswer, type WholeApp, invitationOf, startWholeApp } from '../../support/wholeApp';
import { waitFor } from '../../support/waitFor';

let app: WholeApp;
beforeAll(async () => {
  app = await startWholeApp({ ...SHARING_SETTINGS, ...HOLDING_SETTINGS, ON_EXPIRY: 'removeGuest' });
  await app.host.fireTimer('syncRedemptions');
});
afterAll(() => app.stop());
afterEach(async () => {
  await app.graph.behave({ faults: [] });
  expect(await app.fsck()).toMatch(/everything agrees\.\n$/);
});

const DAY = 24 * 3600_000;

const { share, permissionsOf, invitesOf, untilShared } = sharesOf(() => app);

/** Somebody who has still to accept, so that a share with them stays open. */
const pending = async (name: string): Promise<string> => {
  const email = `${name}@fabrikam.com`;
  await app.graph.seed(email, 'PendingAcceptance');
  return email;
};

const shared = async (email: string, more: object = {}): Promise<string> => {
  const { id } = await share(email, more);
  await app.until(id, 'pendingAcceptance');
  return id;
};

const revoke = async (id: string): Promise<InvitationAnswer> => {
  const answer = await app.act(id, 'revoke');
  expect(answer.status).toBe(202);
  return invitationOf(answer);
};

const settled = (id: string) =>
  app.until(id, (invitation) => told('permissionDeleted')(invitation) || told('permissionKept')(invitation));

describe('a revoke', () => {
  it('deletes the permission that the share made, though guests are kept', async () => {
    const email = await pending('ann');
    const id = await shared(email);
    const answer = await revoke(id);
    expect([answer.status, answer['guest'], answer['access']]).toEqual([
      'revoked',
      undefined,
      { status: 'removing', message: 'The access to the item is about to be taken back.' },
    ]);
    const revoked = await settled(id);
    expect(events(revoked)).toEqual(['requested', 'sent', 'revoked', 'permissionDeleted']);
    expect(revoked['access']).toMatchObject({ status: 'removed', message: 'The access to the item was taken back.' });
    expect(await permissionsOf(email)).toEqual([]);
    expect(await app.graph.userExists(email)).toBe(true);
  });

  it('before anything was shared asks Graph for nothing', async () => {
    const email = await pending('bob');
    const { id } = await share(email, { notBefore: '2031-01-01T00:00:00Z' });
    const revoked = await revoke(id);
    expect([revoked.status, revoked['nextAt'], invitesOf(email)]).toEqual(['revoked', undefined, []]);
  });

  it('while a share waits for its guest shares nothing', async () => {
    const { id } = await share('cyd@fabrikam.com');
    await app.until(id, ({ waitsFor }) => waitsFor !== undefined);
    expect((await revoke(id)).status).toBe('revoked');
    await app.jump(DAY);
    expect([invitesOf('cyd@fabrikam.com'), await permissionsOf('cyd@fabrikam.com')]).toEqual([[], []]);
  });

  it.each([
    ['a pending guest', 'dan', 'PendingAcceptance' as const],
    ['a member, whose share would be accepted at once', 'eve', null],
  ])('while Graph is sharing with %s takes it back once the answer is there', async (_, name, state) => {
    const email = `${name}@fabrikam.com`;
    await app.graph.seed(email, state);
    const release = holdCalls(app, ({ path }) => path.endsWith('/invite'));
    const { id } = await share(email);
    await waitFor(() => invitesOf(email).length === 1);
    expect(await revoke(id)).toMatchObject({ status: 'queued', revokeRequested: { by: 'functionKey' } });
    release();
    const revoked = await settled(id);
    expect(events(revoked)).toEqual(['requested', 'revokeRequested', 'sent', 'revoked', 'permissionDeleted']);
    expect(await permissionsOf(email)).toEqual([]);
  });

  it('while the answer to a share is unknown takes back what is found', async () => {
    const email = await pending('fay');
    const target = '/drives/b!x/items/fay';
    const fault = { method: 'POST', path: `${target}/invite`, answer: 'resetAfter' };
    await app.graph.behave({ faults: [fault] });
    const { id } = await share(email, { target });
    await app.until(id, told('answerUnknown'));
    expect((await revoke(id)).status).toBe('queued');
    await app.jump(40_000);
    expect(events(await settled(id)).slice(-4)).toEqual([
      'revokeRequested',
      'needsReview',
      'revoked',
      'permissionDeleted',
    ]);
    expect(await permissionsOf(email)).toEqual([]);
  });

  it('after the mail failed takes back the permission that is there all the same', async () => {
    const email = await pending('gus');
    await app.graph.behave({ sharingMailsFail: [email] });
    const { id } = await share(email);
    await app.until(id, told('sharedUnmailed'));
    await revoke(id);
    await settled(id);
    await app.graph.behave({ sharingMailsFail: [] });
    expect(await permissionsOf(email)).toEqual([]);
  });

  it('keeps a permission that was there before, and says so', async () => {
    const email = await pending('hal');
    const target = '/drives/b!x/items/hal';
    await byHand(target, email);
    const id = await shared(email, { target, roles: ['write'] });
    expect((await revoke(id))['access']).toEqual({
      status: 'kept',
      reason: 'the permission is not known to have been made by this invitation',
      message:
        'The access to the item was left as it is (the permission is not known to have been made by this invitation).',
    });
    expect(await permissionsOf(email)).toHaveLength(1);
  });

  it('keeps a permission that another open share needs, until that is revoked too', async () => {
    const email = await pending('ida');
    const first = await shared(email);
    const second = await shared(email, { onDuplicate: 'allow' });
    await revoke(first);
    expect((await settled(first)).history.at(-1)?.detail).toBe('another invitation needs this permission');
    expect(await permissionsOf(email)).toHaveLength(1);
    await revoke(second);
    expect(told('permissionDeleted')(await settled(second))).toBe(true);
    expect(await permissionsOf(email)).toEqual([]);
  });

  it('keeps a permission that another share needs which the person has accepted', async () => {
    const email = await pending('jon');
    const first = await shared(email);
    const second = await shared(email, { onDuplicate: 'allow' });
    // Only the second hears of it before the first is revoked.
    await app.graph.redeem(email);
    await app.act(second, 'resend');
    await app.jump(11 * 60_000);
    await app.act(second, 'resend');
    await app.until(second, 'accepted');
    await revoke(first);
    expect((await settled(first)).history.at(-1)?.detail).toBe('another invitation needs this permission');
    expect(await permissionsOf(email)).toHaveLength(1);
  });

  it('deletes later what Graph has no time for now, and says where Graph refuses', async () => {
    const email = await pending('kim');
    const target = '/drives/b!x/items/kim';
    const id = await shared(email, { target });
    const deletion = { method: 'DELETE', path: `${target}/permissions` };
    await app.graph.behave({ faults: [{ ...deletion, answer: 503, retryAfter: 5 }] });
    await revoke(id);
    await app.until(id, ({ history }) => history.at(-1)?.what === 'postponed');
    expect(await permissionsOf(email)).toHaveLength(1);
    await app.jump(6_000);
    await app.until(id, told('permissionDeleted'));

    const other = await shared(email, { target });
    await app.graph.behave({ faults: [{ ...deletion, answer: 403, code: 'accessDenied' }] });
    await revoke(other);
    expect((await settled(other)).history.at(-1)?.detail).toBe('Graph refused: accessDenied');
    expect(await permissionsOf(email)).toHaveLength(1);
  });

  it('of an accepted share takes the access back, because it is what was given', async () => {
    await app.graph.seed('lea@fabrikam.com', null);
    const { id } = await share('lea@fabrikam.com');
    await app.until(id, 'accepted');
    expect(await permissionsOf('lea@fabrikam.com')).toHaveLength(1);
    expect((await app.act(id, 'revoke')).status).toBe(202);
    const revoked = await app.until(id, ({ history }) => history.some(({ what }) => what === 'permissionDeleted'));
    expect(revoked.status).toBe('revoked');
    expect(await permissionsOf('lea@fabrikam.com')).toEqual([]);
  });
});

describe('with ON_EXPIRY=removeGuest, expiry', () => {
  it('takes back the permission, and does not take it from who accepts late', async () => {
    const id = await shared(await pending('max'), { expireAfter: 'P2D' });
    await app.jump(2 * DAY + 1000);
    await app.until(id, 'expired');
    expect(events(await settled(id))).toEqual(['requested', 'sent', 'expired', 'permissionDeleted']);
    expect(await permissionsOf('max@fabrikam.com')).toEqual([]);
  });

  it('takes back the permission of a stranger and then the guest who was made for it', async () => {
    const { id } = await share('nia@fabrikam.com', { expireAfter: 'P2D' });
    const waiting = await app.until(id, ({ waitsFor }) => waitsFor !== undefined);
    await untilShared(id);
    const guestId = String(waiting['waitsFor']);
    // The guest was invited six seconds and more before the share.
    await app.jump(2 * DAY - 3_000);
    expect((await app.until(guestId, () => true)).status).toBe('pendingAcceptance');
    await app.jump(10_000);
    await app.until(id, 'expired');
    await settled(id);
    expect(await permissionsOf('nia@fabrikam.com')).toEqual([]);
    await app.jump(7 * DAY);
    await app.until(guestId, told('guestRemoved'));
    expect(await app.graph.userExists('nia@fabrikam.com')).toBe(false);
  });
});

/** What somebody shares by hand, beside this app. */
async function byHand(target: string, email: string): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${app.graph.port}/v1.0${target}/invite`, {
    method: 'POST',
    headers: { Authorization: 'Bearer by-hand', 'Content-Type': 'application/json' },
    body: JSON.stringify({ roles: ['read'], recipients: [{ email }] }),
  });
  expect(answer.status).toBe(200);
}
