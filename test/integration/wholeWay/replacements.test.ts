import { HOLDING_SETTINGS, holdCalls } from '../../support/holdCalls';
import { SHARING_SETTINGS, aShare, events, sharesOf, told } from '../../support/shares';
import { type InvitationAnswer, type WholeApp, errorOf, invitationOf, startWholeApp } from '../../support/wholeApp';
import { waitFor } from '../../support/waitFor';

let app: WholeApp;
beforeAll(async () => {
  app = await startWholeApp({ ...SHARING_SETTINGS, ...HOLDING_SETTINGS, ON_REVOKE: 'removeGuest' });
});
afterAll(() => app.stop());
afterEach(async () => {
  await app.graph.behave({ faults: [] });
  expect(await app.fsck()).toMatch(/everything agrees\.\n$/);
});

const { share, permissionsOf } = sharesOf(() => app);

const sent = async (email: string, more: object = {}): Promise<string> => {
  const { id } = await app.invite(email, more);
  await app.until(id, 'pendingAcceptance');
  return id;
};

const replaced = told('replaced');

const revokedBy = (id: string, by: string): Promise<InvitationAnswer> =>
  app.until(id, ({ status, replacedBy }) => status === 'revoked' && replacedBy === by);

it('with a corrected address invites the right person, then revokes the old one and removes its guest', async () => {
  const old = await sent('wrong@fabrikam.com');
  const { id } = await app.invite('right@fabrikam.com', { replaces: old });
  expect(events(await app.until(id, 'pendingAcceptance'))).toEqual(['requested', 'replaced', 'sent']);
  const gone = await revokedBy(old, id);
  expect(gone.history.find(({ what }) => what === 'revoked')).toMatchObject({
    by: 'workflow',
    detail: `replaced by ${id}`,
  });
  await app.until(old, told('guestRemoved'));
  expect([await app.graph.userExists('wrong@fabrikam.com'), await app.graph.userExists('right@fabrikam.com')]).toEqual([
    false,
    true,
  ]);
});

it('for the same address takes over the claim, and the guest stays', async () => {
  const old = await sent('ann@fabrikam.com');
  const { id } = await app.invite('ann@fabrikam.com', { replaces: old, invitedUserDisplayName: 'Ann' });
  expect(id).not.toBe(old);
  const again = await app.post({ invitedUserEmailAddress: 'ann@fabrikam.com' });
  expect([again.status, invitationOf(again).id]).toEqual([200, id]);
  await revokedBy(old, id);
  // Whichever of the two comes second finds the person busy, and looks again when the other's lease would be over.
  await waitFor(
    async () => {
      await app.jump(5_000);
      const [{ guest }, { status }] = [invitationOf(await app.get(old)), invitationOf(await app.get(id))];
      return ['kept', 'removed'].includes(guest?.status ?? '') && status === 'pendingAcceptance';
    },
    { timeoutMs: 20_000, describe: 'the old guest settled and the new mail sent' },
  );
  expect(await app.graph.userExists('ann@fabrikam.com')).toBe(true);
  expect(await app.graph.mailCount('ann@fabrikam.com')).toBe(2);
  await app.act(id, 'revoke');
  expect((await app.invite('ann@fabrikam.com')).id).not.toBe(id);
});

it('for the same person and another item shares that one and takes the first back', async () => {
  await app.graph.seed('bob@fabrikam.com', 'PendingAcceptance');
  const old = await share('bob@fabrikam.com', { target: '/drives/b!x/items/old' });
  await app.until(old.id, 'pendingAcceptance');
  const { id } = await share('bob@fabrikam.com', { target: '/drives/b!x/items/new', replaces: old.id });
  await app.until(id, 'pendingAcceptance');
  await revokedBy(old.id, id);
  await app.until(old.id, told('permissionDeleted'));
  expect(await permissionsOf('bob@fabrikam.com')).toMatchObject([{ itemPath: '/drives/b!x/items/new' }]);
});

it('for the same person and item leaves exactly the new permission', async () => {
  await app.graph.seed('cyd@fabrikam.com', 'PendingAcceptance');
  const old = await share('cyd@fabrikam.com', { roles: ['write'] });
  await app.until(old.id, 'pendingAcceptance');
  const { id } = await share('cyd@fabrikam.com', { roles: ['read'], replaces: old.id });
  await revokedBy(old.id, id);
  await app.until(old.id, told('permissionDeleted'));
  await app.jump(20_000);
  await app.until(id, 'pendingAcceptance');
  expect(await permissionsOf('cyd@fabrikam.com')).toMatchObject([{ roles: ['read'] }]);
  await app.act(id, 'revoke');
  await app.until(id, told('permissionDeleted'));
});

it('of one that waits for its date revokes it though the new one waits too', async () => {
  const old = await app.invite('dan@fabrikam.com', { notBefore: '2036-01-01T00:00:00Z' });
  const { id } = await app.invite('don@fabrikam.com', { notBefore: '2036-01-01T00:00:00Z', replaces: old.id });
  await revokedBy(old.id, id);
  expect((await app.until(id, replaced)).status).toBe('scheduled');
  expect(await app.graph.mailCount('dan@fabrikam.com')).toBe(0);
});

it('of a closed one makes the new one, and says that there was nothing to revoke', async () => {
  await app.graph.seed('eve@fabrikam.com', 'Accepted');
  const { id: old } = await app.invite('eve@fabrikam.com');
  await app.until(old, 'accepted');
  const { id } = await app.invite('eva@fabrikam.com', { replaces: old });
  const made = await app.until(id, told('notReplaced'));
  expect(made.history.find(({ what }) => what === 'notReplaced')?.detail).toBe(
    `${old}: An invitation that is accepted can’t be revoked: it is closed already.`,
  );
  expect((await app.until(old, () => true)).status).toBe('accepted');
});

it('that meets another open invitation of the person makes nothing, and says that nothing was replaced', async () => {
  const old = await sent('fay@fabrikam.com');
  const open = await sent('fiona@fabrikam.com');
  const answer = await app.post({ invitedUserEmailAddress: 'fiona@fabrikam.com', replaces: old });
  expect([answer.status, invitationOf(answer).id]).toEqual([200, open]);
  expect(invitationOf(answer).warnings.map(({ code }) => code)).toEqual(
    expect.arrayContaining(['alreadyInvited', 'notReplaced']),
  );
  const rejected = await app.post({
    invitedUserEmailAddress: 'fiona@fabrikam.com',
    replaces: old,
    onDuplicate: 'reject',
  });
  expect([rejected.status, errorOf(rejected).code]).toEqual([409, 'duplicate']);
  expect((await app.until(old, () => true)).status).toBe('pendingAcceptance');
});

it('while Graph is being asked for the old one lets that end, and revokes it then', async () => {
  const release = holdCalls(app, ({ path }) => path.endsWith('/invitations'));
  const { id: old } = await app.invite('gus@fabrikam.com');
  await waitFor(() => app.graph.invitationsFor('gus@fabrikam.com').length === 1);
  const { id } = await app.invite('gus@fabrikam.com', { replaces: old, invitedUserDisplayName: 'Gus' });
  await app.until(old, ({ revokeRequested }) => revokeRequested !== undefined);
  release();
  const gone = await revokedBy(old, id);
  expect(events(gone).slice(0, 4)).toEqual(['requested', 'revokeRequested', 'sent', 'revoked']);
  await app.jump(20_000);
  await app.until(id, 'pendingAcceptance');
  expect(await app.graph.mailCount('gus@fabrikam.com')).toBe(2);
  expect(await app.graph.userExists('gus@fabrikam.com')).toBe(true);
});

it('while the old one’s answer is unknown waits until that is found out', async () => {
  const fault = { method: 'POST', path: '/invitations', email: 'hal@fabrikam.com', answer: 'resetAfter' };
  await app.graph.behave({ faults: [fault] });
  const { id: old } = await app.invite('hal@fabrikam.com');
  await app.until(old, told('answerUnknown'));
  const { id } = await app.invite('hal@fabrikam.com', { replaces: old });
  await app.jump(40_000);
  const gone = await revokedBy(old, id);
  expect(events(gone)).toEqual(expect.arrayContaining(['answerUnknown', 'revokeRequested', 'resolvedSent', 'revoked']));
  await app.jump(MINUTE);
  await app.jump(MINUTE);
  await app.until(id, 'pendingAcceptance');
});

it('is refused for an invitation that is not there', async () => {
  const refused = await app.post({
    invitedUserEmailAddress: 'x@fabrikam.com',
    replaces: '01900000-0000-7000-8000-000000000000',
  });
  expect([refused.status, errorOf(refused).details]).toMatchObject([400, [{ code: 'notFound', target: 'replaces' }]]);
  expect((await app.post(aShare('x@fabrikam.com', { replaces: 'nonsense' }))).status).toBe(400);
});

it('answers a repeat with the same Idempotency-Key with the one that it made', async () => {
  const old = await sent('ida@fabrikam.com');
  const key = { 'Idempotency-Key': 'ida' };
  const body = { invitedUserEmailAddress: 'ida@fabrikam.com', replaces: old };
  const first = await app.post(body, key);
  const { id } = invitationOf(first);
  await revokedBy(old, id);
  const again = await app.post(body, key);
  expect([first.status, again.status, invitationOf(again).id]).toEqual([202, 202, id]);
});

const MINUTE = 60_000;
