import { type InvitationAnswer, type WholeApp, errorOf, startWholeApp } from '../../support/wholeApp';
import { waitFor } from '../../support/waitFor';

let app: WholeApp;
beforeAll(async () => {
  app = await startWholeApp({ MAX_SEND_ATTEMPTS: '2' });
});
afterAll(() => app.stop());
afterEach(() => app.graph.behave({ faults: [], permissions: EVERY_PERMISSION, guestsAllowed: true, latency: 0 }));

const EVERY_PERMISSION = ['User.Invite.All', 'User.Read.All', 'User.ReadWrite.All'];
const DAY = 24 * 3600_000;

const events = ({ history }: InvitationAnswer) => history.map(({ what }) => what);
const told = (what: string) => (invitation: InvitationAnswer) => events(invitation).includes(what);

/** What the next call that invites the address meets. */
const meets = (email: string, ...faults: object[]) =>
  app.graph.behave({
    faults: faults.map((fault) => ({ method: 'POST', path: '/invitations', email, ...fault })),
  });

/** When Graph was asked to invite the address, by its own clock. */
const askedAt = async (email: string): Promise<number[]> =>
  (await app.graph.requests()).filter((request) => request.email === email).map(({ at }) => Date.parse(at));

const health = async () => (await app.call('GET', '/api/health')) as { status: number; body: Health };
interface Health {
  status: string;
  checks: Record<string, { status: string; detail?: string }>;
}

describe('an answer that says that nothing was sent', () => {
  it('429 holds everybody back for as long as Graph asks, loses nobody and mails nobody twice', async () => {
    await meets('ann@fabrikam.com', { answer: 429, retryAfter: 2 });
    const { id } = await app.invite('ann@fabrikam.com');
    const waiting = await app.until(id, told('postponed'));
    expect([waiting.status, waiting.fault, waiting.sends]).toEqual(['queued', undefined, []]);
    const busy = await health();
    expect([busy.status, busy.body.checks['gate']?.status]).toEqual([200, 'ok']);
    expect(busy.body.checks['gate']?.detail).toContain('throttled');
    const other = await app.invite('bob@fabrikam.com');

    await Promise.all([app.until(id, 'pendingAcceptance'), app.until(other.id, 'pendingAcceptance')]);
    const [refusedAt, sentAt] = await askedAt('ann@fabrikam.com');
    const [othersAt] = await askedAt('bob@fabrikam.com');
    expect(sentAt! - refusedAt!).toBeGreaterThanOrEqual(2000);
    expect(othersAt! - refusedAt!).toBeGreaterThanOrEqual(2000);
    expect(await app.graph.mailCount('ann@fabrikam.com')).toBe(1);
    expect(await app.graph.mailCount('bob@fabrikam.com')).toBe(1);
  });

  it('503 with Retry-After holds back this invitation alone', async () => {
    await meets('cyd@fabrikam.com', { answer: 503, retryAfter: 30 });
    const { id } = await app.invite('cyd@fabrikam.com');
    await app.until(id, told('postponed'));
    const other = await app.invite('dan@fabrikam.com');
    await app.until(other.id, 'pendingAcceptance');
    expect(app.graph.invitationsFor('cyd@fabrikam.com')).toHaveLength(1);
    await app.jump(31_000);
    expect(events(await app.until(id, 'pendingAcceptance'))).toEqual(['requested', 'postponed', 'sent']);
    expect(await app.graph.mailCount('cyd@fabrikam.com')).toBe(1);
  });

  it('429 to a reminder only delays it', async () => {
    const { id } = await app.invite('eve@fabrikam.com');
    await app.until(id, 'pendingAcceptance');
    await meets('eve@fabrikam.com', { answer: 429, retryAfter: 1 });
    await app.jump(3 * DAY);
    const reminded = await app.until(id, told('reminded'));
    expect(events(reminded)).toEqual(['requested', 'sent', 'postponed', 'reminded']);
    expect(await app.graph.mailCount('eve@fabrikam.com')).toBe(2);
  });
});

describe('an answer that leaves open whether it was sent', () => {
  it.each([
    ['500 without the work', 'a', { answer: 500 }, 'resolvedNotSent'],
    ['500 after the work', 'b', { answer: 500, after: true }, 'resolvedSent'],
    ['503 without Retry-After', 'c', { answer: 503 }, 'resolvedNotSent'],
    ['504 after the work', 'd', { answer: 504, after: true }, 'resolvedSent'],
    ['408 without the work', 'e', { answer: 408 }, 'resolvedNotSent'],
    ['a reset before the work', 'f', { answer: 'resetBefore' }, 'resolvedNotSent'],
    ['a reset after the work', 'g', { answer: 'resetAfter' }, 'resolvedSent'],
    ['no answer at all', 'h', { answer: 'hang' }, 'resolvedNotSent'],
  ])('%s is found out from the directory, and exactly one mail goes', async (_, name, fault, resolution) => {
    const email = `${name}@woodgrove.com`;
    await meets(email, fault);
    const { id } = await app.invite(email);
    await app.until(id, told('answerUnknown'));
    expect(await app.act(id, 'resend')).toMatchObject({ status: 202 });
    await app.jump(5_000);
    const sent = await app.until(id, 'pendingAcceptance');
    expect(events(sent)).toEqual(['requested', 'answerUnknown', resolution, 'sent']);
    expect(sent.graph?.invitedUser?.id).toBeDefined();
    expect(await app.graph.mailCount(email)).toBe(1);
  });

  it('waits for a person where the directory can’t tell, and keeps duplicates out meanwhile', async () => {
    await app.graph.seed('ida@fabrikam.com', 'PendingAcceptance');
    await meets('ida@fabrikam.com', { answer: 500, after: true });
    const { id } = await app.invite('ida@fabrikam.com');
    await app.until(id, told('answerUnknown'));
    await app.jump(5_000);
    const unclear = await app.until(id, 'needsReview');
    expect(unclear.fault?.code).toBe('sendUnclear');
    const again = await app.post({ invitedUserEmailAddress: 'ida@fabrikam.com' });
    expect([again.status, (again.body as { id: string }).id]).toEqual([200, id]);
    expect(await app.graph.mailCount('ida@fabrikam.com')).toBe(1);
  });

  it('counts a reminder as sent, so that nobody is reminded twice', async () => {
    const { id } = await app.invite('jon@fabrikam.com');
    await app.until(id, 'pendingAcceptance');
    await meets('jon@fabrikam.com', { answer: 'resetAfter' });
    await app.jump(3 * DAY);
    const reminded = await app.until(id, told('reminded'));
    expect(reminded.sends.map(({ status }) => status)).toEqual(['sent', 'unknown']);
    await app.jump(60_000);
    expect(await app.graph.mailCount('jon@fabrikam.com')).toBe(2);
  });

  it('gives up after MAX_SEND_ATTEMPTS answers that turned out to have sent nothing', async () => {
    const { id } = await app.invite('fault-kim@fabrikam.com');
    await app.until(id, told('answerUnknown'));
    await app.jump(5_000);
    await waitFor(() => app.graph.invitationsFor('fault-kim@fabrikam.com').length === 2);
    await app.until(id, ({ history }) => history.filter(({ what }) => what === 'answerUnknown').length === 2);
    await app.jump(5_000);
    const failed = await app.until(id, 'failed');
    expect(failed.fault?.code).toBe('noAnswer');
    expect(app.graph.invitationsFor('fault-kim@fabrikam.com')).toHaveLength(2);
  });
});

describe('a refusal', () => {
  it.each([
    ['own@contoso.com', 'BadRequest', 'Invitee is in inviter tenant'],
    ['group-all@fabrikam.com', 'BadRequest', 'Group email address is not supported'],
    ['internal-lea@fabrikam.com', 'BadRequest', /^The invited user already exists in the directory as objectID: /],
    ['blocked-lea@fabrikam.com', 'PreconditionFailed', /but the account is blocked from signing in/],
    ['crosstenant-lea@fabrikam.com', 'BadRequest', /^This invitation is blocked by cross-tenant access settings/],
  ])(
    'of %s fails it with Graph’s own code and message, and lets it be asked for again',
    async (email, code, message) => {
      const { id } = await app.invite(email);
      const failed = await app.until(id, 'failed');
      expect(failed.fault?.code).toBe(code);
      expect(failed.fault?.message).toMatch(message);
      expect(events(failed)).toEqual(['requested', 'refused']);
      expect(await app.graph.mailCount(email)).toBe(0);
      expect(errorOf(await app.act(id, 'resend')).code).toBe('statusForbids');
      expect((await app.invite(email)).id).not.toBe(id);
    },
  );

  it('of a member, for want of a permission that guests don’t need, fails that one only', async () => {
    await app.graph.behave({ permissions: ['User.Invite.All', 'User.Read.All'] });
    const member = await app.invite('member@fabrikam.com', { invitedUserType: 'Member' });
    const failed = await app.until(member.id, 'failed');
    expect(failed.fault?.code).toBe('Authorization_RequestDenied');
    const guest = await app.invite('guest@fabrikam.com');
    await app.until(guest.id, 'pendingAcceptance');
    expect((await health()).status).toBe(200);
  });
});

describe('a fault of the tenant', () => {
  it.each([
    ['a missing permission', 'a', { permissions: ['User.Read.All'] }, 'Authorization_RequestDenied'],
    ['guests that are not allowed', 'b', { guestsAllowed: false }, 'Forbidden'],
    [
      'a token that Graph does not take',
      'c',
      { faults: [{ method: 'POST', path: '/invitations', answer: 401, times: 100 }] },
      'InvalidAuthenticationToken',
    ],
    ['a missing permission to read users', 'd', { permissions: ['User.Invite.All'] }, 'Authorization_RequestDenied'],
  ])('%s leaves everything queued, shows in health, and goes on when repaired', async (_, name, fault, code) => {
    await app.graph.behave(fault);
    const emails = [1, 2, 3].map((number) => `${name}${number}@northwind.com`);
    const ids = await Promise.all(emails.map(async (email) => (await app.invite(email)).id));
    const ill = await waitFor(
      async () => {
        const seen = await health();
        return seen.status === 503 ? seen : undefined;
      },
      { describe: 'health to turn red' },
    );
    expect(ill.body).toMatchObject({ status: 'unhealthy', checks: { gate: { status: 'failing' } } });
    expect(ill.body.checks['gate']?.detail).toContain(code);
    for (const id of ids) expect(await app.until(id, 'queued')).toMatchObject({ sends: [] });

    await app.graph.behave({ faults: [], permissions: EVERY_PERMISSION, guestsAllowed: true });
    await app.jump(61_000);
    for (const id of ids) await app.until(id, 'pendingAcceptance');
    expect(await Promise.all(emails.map((email) => app.graph.mailCount(email)))).toEqual([1, 1, 1]);
    expect((await health()).status).toBe(200);
  });
});
