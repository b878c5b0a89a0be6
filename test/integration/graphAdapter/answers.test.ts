import { aRequest } from '../../support/invitations';
import { useSimulator, userIdOf } from '../graphSimulator/simulated';
import { anAttempt, guestAt, useRawServer } from './graphUnderTest';

const simulator = useSimulator();
const raw = useRawServer();
const guest = () => guestAt(simulator.baseUrl());

const ADA = 'ada@fabrikam.example';
const answerJson = (body: object, headers: Record<string, string> = {}) =>
  raw.answerWith((response) =>
    response.writeHead(200, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body)),
  );

describe('inviting', () => {
  it('mails once and gives what Graph says, but no redeem URL', async () => {
    const sent = await guest().send(aRequest(), true, anAttempt());
    expect(sent).toMatchObject({ type: 'sent', graph: { status: 'PendingAcceptance' } });
    expect(JSON.stringify(sent)).not.toMatch(/redeem/i);
    expect(await simulator.mails()).toMatchObject([{ to: ADA }]);
  });

  it('names the same user when it is done again, and mails again', async () => {
    const first = await guest().send(aRequest(), true, anAttempt());
    const second = await guest().send(aRequest(), false, anAttempt());
    if (first.type !== 'sent' || second.type !== 'sent') throw new Error('not sent');
    expect(second.graph.invitedUser?.id).toBe(first.graph.invitedUser?.id);
    expect(await simulator.mails()).toHaveLength(2);
  });

  it('mails nobody where no mail is wanted', async () => {
    expect(await guest().send(aRequest({ sendInvitationMessage: false }), true, anAttempt())).toMatchObject({
      type: 'sent',
    });
    expect(await simulator.mails()).toEqual([]);
  });

  it.each(['0.8', '1.2'])('hands on Graph’s warning that %s of its limit is used', async (percentage) => {
    raw.answerWith((response) =>
      response
        .writeHead(201, { 'Content-Type': 'application/json', 'x-ms-throttle-limit-percentage': percentage })
        .end('{"invitedUser":{"id":"user-1"}}'),
    );
    expect(await guestAt(raw.baseUrl()).send(aRequest(), true, anAttempt())).toEqual({
      type: 'sent',
      graph: { invitedUser: { id: 'user-1' } },
      throttlePercentage: Number(percentage),
    });
  });
});

describe('looking up by address', () => {
  it('finds nobody where nobody is', async () => {
    expect(await guest().findByAddress(ADA)).toMatchObject({ type: 'found', guest: undefined });
  });

  it('finds a guest with what tells redemption, and Graph’s own clock', async () => {
    const userId = userIdOf(await simulator.invite(ADA));
    const found = await guest().findByAddress('ADA@fabrikam.example');
    expect(found).toMatchObject({
      type: 'found',
      guest: { userId, userType: 'Guest', externalUserState: 'PendingAcceptance' },
    });
    if (found.type !== 'found') throw new Error(found.type);
    expect(found.graphNow).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/);
    expect(found.guest?.createdDateTime).toBeDefined();
  });

  it('finds the person with an apostrophe in the address, and nobody else', async () => {
    const userId = userIdOf(await simulator.invite("o'brien@fabrikam.example"));
    await simulator.invite('obrien@fabrikam.example');
    expect(await guest().findByAddress("o'brien@fabrikam.example")).toMatchObject({ guest: { userId } });
  });

  it('takes the guest where a member has the same address', async () => {
    answerJson({
      value: [
        { id: 'member-1', userType: 'Member', externalUserState: null },
        { id: 'guest-1', userType: 'Guest', externalUserState: 'Accepted' },
      ],
    });
    expect(await guestAt(raw.baseUrl()).findByAddress(ADA)).toMatchObject({ guest: { userId: 'guest-1' } });
  });

  it('leaves a state that Graph does not know unknown', async () => {
    answerJson({ value: [{ id: 'guest-1', userType: 'Guest', externalUserState: null }] });
    expect(await guestAt(raw.baseUrl()).findByAddress(ADA)).toMatchObject({ guest: { externalUserState: null } });
  });

  it('takes words of Graph’s bounded and on one line, for they are stored', async () => {
    const odd = { id: 'guest-1', externalUserState: `Odd\u2028\u0000${'x'.repeat(500)}` };
    answerJson({ value: [odd] });
    expect(await guestAt(raw.baseUrl()).findByAddress(ADA)).toMatchObject({
      guest: { userId: 'guest-1', externalUserState: `Odd  ${'x'.repeat(251)}` },
    });
    answerJson({ value: [{ id: 'x'.repeat(257) }] });
    expect(await guestAt(raw.baseUrl()).findByAddress(ADA)).toMatchObject({ type: 'unknown' });
  });

  it.each([[{}], [{ value: [{ noId: true }] }], [{ value: 'text' }]])('takes %j for no answer', async (body) => {
    answerJson(body);
    expect(await guestAt(raw.baseUrl()).findByAddress(ADA)).toMatchObject({ type: 'unknown' });
  });
});

describe('looking up by id', () => {
  it('sees that the person has redeemed', async () => {
    const userId = userIdOf(await simulator.invite(ADA));
    await simulator.control('POST', 'redemptions', { email: ADA });
    expect(await guest().findById(userId)).toMatchObject({
      type: 'found',
      guest: { userId, externalUserState: 'Accepted' },
    });
  });

  it('finds nobody where Graph says 404', async () => {
    expect(await guest().findById('00000000-0000-4000-8000-000000000000')).toMatchObject({
      type: 'found',
      guest: undefined,
    });
  });

  it('tells a fault as it is, and does not take it for nobody', async () => {
    await simulator.behave({ faults: [{ method: 'GET', path: '/users', answer: 503, retryAfter: 2 }] });
    expect(await guest().findById('user-1')).toMatchObject({ type: 'later', retryAfterMs: 2_000 });
  });
});

describe('removing', () => {
  it('removes the guest, and is done too where the guest was gone', async () => {
    const userId = userIdOf(await simulator.invite(ADA));
    expect(await guest().remove(userId, anAttempt())).toEqual({ type: 'removed' });
    expect((await simulator.getUser(userId)).status).toBe(404);
    expect(await guest().remove(userId, anAttempt())).toEqual({ type: 'removed' });
  });

  it('takes a missing permission for its own fault, not for the tenant’s', async () => {
    const userId = userIdOf(await simulator.invite(ADA));
    await simulator.behave({ permissions: ['User.Invite.All', 'User.Read.All'] });
    expect(await guest().remove(userId, anAttempt())).toMatchObject({ type: 'refused' });
  });
});
