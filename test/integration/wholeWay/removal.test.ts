import { type InvitationAnswer, type WholeApp, invitationOf, startWholeApp } from '../../support/wholeApp';

let app: WholeApp;
beforeAll(async () => {
  app = await startWholeApp({ ON_REVOKE: 'removeGuest', ON_EXPIRY: 'removeGuest' });
});
afterAll(() => app.stop());

const DAY = 24 * 3600_000;

const sent = async (email: string, more: object = {}): Promise<string> => {
  const { id } = await app.invite(email, more);
  await app.until(id, 'pendingAcceptance');
  return id;
};

const guestIs = (status: string) => (invitation: InvitationAnswer) => invitation.guest?.status === status;

const revoke = async (id: string, guest: string): Promise<InvitationAnswer> => {
  const answer = await app.act(id, 'revoke');
  expect([answer.status, invitationOf(answer).status]).toEqual([202, 'revoked']);
  return app.until(id, guestIs(guest));
};

const deletions = () => app.graph.calls.filter(({ method }) => method === 'DELETE').length;

describe('with ON_REVOKE=removeGuest', () => {
  it('removes a guest of its own who is still pending', async () => {
    const id = await sent('ann@fabrikam.com');
    const { guest, history } = await revoke(id, 'removed');
    expect(guest?.message).toBe('The guest was removed from the directory.');
    expect(history.map(({ what }) => what)).toEqual(['requested', 'sent', 'revoked', 'guestRemoved']);
    expect(await app.graph.userExists('ann@fabrikam.com')).toBe(false);
  });

  it('leaves a guest who was there before, though pending, and says so', async () => {
    await app.graph.seed('bob@fabrikam.com', 'PendingAcceptance');
    const { guest } = await revoke(await sent('bob@fabrikam.com'), 'kept');
    expect(guest?.message).toBe(
      'The guest was left in the directory (the guest is not known to have been created by this invitation); ' +
        'the link in the mail still works.',
    );
    expect(await app.graph.userExists('bob@fabrikam.com')).toBe(true);
  });

  it('leaves a guest who has accepted, of which nothing was known yet', async () => {
    const id = await sent('cyd@fabrikam.com');
    await app.graph.redeem('cyd@fabrikam.com');
    const { guest } = await revoke(id, 'kept');
    expect(guest?.['reason']).toBe('Graph says Accepted, not PendingAcceptance');
    expect(await app.graph.userExists('cyd@fabrikam.com')).toBe(true);
  });

  it('leaves a guest whom another open invitation names', async () => {
    const first = await sent('dan@fabrikam.com');
    const second = await sent('dan@fabrikam.com', { onDuplicate: 'allow' });
    const { guest } = await revoke(first, 'kept');
    expect(guest?.['reason']).toBe('another open invitation names this guest');
    await revoke(second, 'kept');
    expect(await app.graph.userExists('dan@fabrikam.com')).toBe(true);
  });

  it('removes a guest whose other invitations are all closed', async () => {
    const first = await sent('eve@fabrikam.com');
    const second = await sent('eve@fabrikam.com', { onDuplicate: 'allow' });
    await revoke(second, 'kept');
    await revoke(first, 'removed');
    expect(await app.graph.userExists('eve@fabrikam.com')).toBe(false);
  });

  it('removes later what Graph has no time for now, and once', async () => {
    const id = await sent('fay@fabrikam.com');
    const before = deletions();
    await app.graph.behave({ faults: [{ method: 'DELETE', path: '/users', answer: 429, retryAfter: 1 }] });
    await revoke(id, 'removed');
    expect(deletions() - before).toBe(2);
  });

  it('says that Graph does not let it remove guests, and goes on with others', async () => {
    const id = await sent('gus@fabrikam.com');
    await app.graph.behave({ permissions: ['User.Invite.All', 'User.Read.All'] });
    const { guest } = await revoke(id, 'kept');
    expect(guest?.['reason']).toBe('Graph refused: Authorization_RequestDenied');
    await sent('hal@fabrikam.com');
    expect((await app.call('GET', '/api/health')).status).toBe(200);
  });

  it('has nobody to remove where nothing was sent', async () => {
    const { id } = await app.invite('ida@fabrikam.com', { notBefore: '2031-01-01T00:00:00Z' });
    expect(invitationOf(await app.act(id, 'revoke')).guest).toBeUndefined();
  });
});

it('with ON_EXPIRY=removeGuest removes the guest of an expired invitation', async () => {
  await app.graph.behave({ permissions: ['User.Invite.All', 'User.ReadWrite.All'] });
  const id = await sent('jon@fabrikam.com', { expireAfter: 'P2D' });
  await app.jump(2 * DAY);
  const expired = await app.until(id, guestIs('removed'));
  expect(expired.status).toBe('expired');
  expect(await app.graph.userExists('jon@fabrikam.com')).toBe(false);
});
