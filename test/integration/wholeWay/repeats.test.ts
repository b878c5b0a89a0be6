import { type WholeApp, errorOf, invitationOf, startWholeApp } from '../../support/wholeApp';
import { waitFor } from '../../support/waitFor';

let app: WholeApp;
beforeAll(async () => {
  app = await startWholeApp();
});
afterEach(() => app.tables.breakCalls(() => undefined));
afterAll(() => app.stop());

const key = (name: string) => ({ 'Idempotency-Key': name });

describe('a repeat with the same Idempotency-Key', () => {
  it('answers as the first did and mails once, however the JSON is written', async () => {
    const first = await app.post({ invitedUserEmailAddress: 'ann@fabrikam.com', source: 'hr' }, key('ann'));
    const { id } = invitationOf(first);
    const repeat = await app.post('{ "source":"hr", "invitedUserEmailAddress":"ann@fabrikam.com" }', key('"ann"'));
    expect([repeat.status, invitationOf(repeat).id, repeat.headers.get('location')]).toEqual([
      202,
      id,
      first.headers.get('location'),
    ]);
    await app.until(id, 'pendingAcceptance');
    expect((await app.post({ invitedUserEmailAddress: 'ann@fabrikam.com', source: 'hr' }, key('ann'))).status).toBe(
      202,
    );
    expect(await app.graph.mailCount('ann@fabrikam.com')).toBe(1);
  });

  it('answers 422 to another body', async () => {
    await app.post({ invitedUserEmailAddress: 'bob@fabrikam.com' }, key('bob'));
    const other = await app.post({ invitedUserEmailAddress: 'bob2@fabrikam.com' }, key('bob'));
    expect([other.status, errorOf(other)]).toMatchObject([
      422,
      { code: 'idempotencyKeyReused', target: 'Idempotency-Key' },
    ]);
    expect(app.graph.invitationsFor('bob2@fabrikam.com')).toEqual([]);
  });

  it('answers as the first did where that was a duplicate, even when the open one has closed since', async () => {
    const { id } = await app.invite('cyd@fabrikam.com');
    const body = { invitedUserEmailAddress: 'cyd@fabrikam.com', source: 'crm' };
    const first = await app.post(body, key('cyd'));
    expect([first.status, invitationOf(first).id]).toEqual([200, id]);
    await app.act(id, 'revoke');
    const repeat = await app.post(body, key('cyd'));
    expect([repeat.status, invitationOf(repeat).id]).toEqual([200, id]);
    expect(invitationOf(repeat).warnings).toEqual(invitationOf(first).warnings);
  });

  it('answers 409 while the first may still run, and carries on when that has died', async () => {
    // Its key is taken, by the first transaction; then every write fails, as if the process had died there.
    let transactions = 0;
    app.tables.breakCalls(({ method, path }) => {
      if (path.includes('$batch')) transactions += 1;
      return transactions > 1 || (method !== 'GET' && path.includes('IdempotencyKeys(')) ? 'before' : undefined;
    });
    const body = { invitedUserEmailAddress: 'dan@fabrikam.com' };
    expect((await app.post(body, key('dan'))).status).toBe(503);
    app.tables.breakCalls(() => undefined);
    const early = await app.post(body, key('dan'));
    expect([early.status, errorOf(early).code, early.headers.get('retry-after')]).toEqual([409, 'inProgress', '5']);

    await app.jump(61_000);
    const { id } = invitationOf(await app.post(body, key('dan')));
    await app.until(id, 'pendingAcceptance');
    expect(await app.graph.mailCount('dan@fabrikam.com')).toBe(1);
  });

  it('finishes at once after a 503 that said to send it again', async () => {
    app.tables.breakCalls(({ path }) => (path.includes('$batch') ? 'before' : undefined));
    const body = { invitedUserEmailAddress: 'eve@fabrikam.com' };
    const failed = await app.post(body, key('eve'));
    expect([failed.status, errorOf(failed).code, failed.headers.get('retry-after')]).toEqual([
      503,
      'tablesUnavailable',
      '5',
    ]);
    app.tables.breakCalls(() => undefined);
    const repeat = await app.post(body, key('eve'));
    expect(repeat.status).toBe(202);
    await app.until(invitationOf(repeat).id, 'pendingAcceptance');
    expect(await app.graph.mailCount('eve@fabrikam.com')).toBe(1);
  });

  it('mails once when many of the same arrive together', async () => {
    const post = () => app.post({ invitedUserEmailAddress: 'fay@fabrikam.com' }, key('fay'));
    const answers = await Promise.all(Array.from({ length: 10 }, post));
    const taken = answers.filter(({ status }) => status === 202);
    expect(taken.length).toBeGreaterThan(0);
    expect(answers.filter(({ status }) => status !== 202).map((answer) => errorOf(answer).code)).toEqual(
      Array.from({ length: 10 - taken.length }, () => 'inProgress'),
    );
    const ids = new Set(taken.map((answer) => invitationOf(answer).id));
    expect(ids.size).toBe(1);
    await app.until([...ids][0]!, 'pendingAcceptance');
    expect(await app.graph.mailCount('fay@fabrikam.com')).toBe(1);
  });

  it('takes it for one decision: after another has closed the invitation too', async () => {
    const { id } = await app.invite('gus@fabrikam.com');
    await app.until(id, 'pendingAcceptance');
    const first = await app.act(id, 'resend', key('gus'));
    expect(first.status).toBe(202);
    await app.act(id, 'revoke');
    expect((await app.act(id, 'resend', key('gus'))).status).toBe(202);
    expect((await app.act(id, 'resend', key('another'))).status).toBe(409);
    expect((await app.act(id, 'revoke', key('gus'))).status).toBe(202);
  });
});

describe('a person who has an open invitation', () => {
  it('answers 200 with that one, naming what differs', async () => {
    const { id } = await app.invite('ida@fabrikam.com', { source: 'hr', expireAfter: 'P10D' });
    const answer = await app.post({
      invitedUserEmailAddress: 'IDA@Fabrikam.com',
      source: 'crm',
      invitedUserDisplayName: 'Ida',
    });
    expect([answer.status, answer.headers.get('location')]).toEqual([200, app.host.url(`/api/invitations/${id}`)]);
    const { warnings, ...open } = invitationOf(answer);
    expect(open).toMatchObject({ id, source: 'hr', expireAfter: 'P10D', invitedUserEmailAddress: 'ida@fabrikam.com' });
    expect(warnings.map(({ code, target }) => [code, target])).toEqual([
      ['alreadyInvited', undefined],
      ['differs', 'expireAfter'],
      ['differs', 'invitedUserDisplayName'],
      ['differs', 'source'],
    ]);
    await app.until(id, 'pendingAcceptance');
    expect(await app.graph.mailCount('ida@fabrikam.com')).toBe(1);
  });

  it('answers 409 with onDuplicate reject', async () => {
    const { id } = await app.invite('jon@fabrikam.com');
    const answer = await app.post({ invitedUserEmailAddress: 'jon@fabrikam.com', onDuplicate: 'reject' });
    expect([answer.status, answer.headers.get('x-ms-error-code')]).toEqual([409, 'duplicate']);
    expect(errorOf(answer).message).toContain(id);
  });

  it('makes another with onDuplicate allow, and mails again', async () => {
    const first = await app.invite('kim@fabrikam.com');
    await app.until(first.id, 'pendingAcceptance');
    const second = await app.invite('kim@fabrikam.com', { onDuplicate: 'allow' });
    expect(second.id).not.toBe(first.id);
    await app.until(second.id, 'pendingAcceptance');
    expect(await app.graph.mailCount('kim@fabrikam.com')).toBe(2);
  });

  it('may be invited anew once that one is closed', async () => {
    const first = await app.invite('lea@fabrikam.com');
    await app.act(first.id, 'revoke');
    const second = await app.invite('lea@fabrikam.com');
    await app.until(second.id, 'pendingAcceptance');
  });

  it('is mailed once when ten requests without a key arrive together', async () => {
    const post = () => app.post({ invitedUserEmailAddress: 'max@fabrikam.com' });
    const answers = await Promise.all(Array.from({ length: 10 }, post));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 9 }, () => 200), 202]);
    const ids = new Set(answers.map((answer) => invitationOf(answer).id));
    expect(ids.size).toBe(1);
    await waitFor(async () => (await app.graph.mailCount('max@fabrikam.com')) > 0);
    await app.until([...ids][0]!, 'pendingAcceptance');
    expect(await app.graph.mailCount('max@fabrikam.com')).toBe(1);
  });
});
