import { HOLDING_SETTINGS } from '../../support/holdCalls';
import { ITEM, SHARING_SETTINGS, aShare, batchOf, sharesOf } from '../../support/shares';
import { type WholeApp, errorOf, startWholeApp } from '../../support/wholeApp';

let app: WholeApp;
beforeAll(async () => {
  app = await startWholeApp({ ...SHARING_SETTINGS, ...HOLDING_SETTINGS });
});
afterAll(() => app.stop());
afterEach(async () => {
  app.tables.breakCalls(() => undefined);
  expect(await app.fsck()).toMatch(/everything agrees\.\n$/);
});

const { invitesOf } = sharesOf(() => app);
const MINUTE = 60_000;

const forAll = (names: string[], more: object = {}) =>
  aShare('', { recipients: names.map((name) => ({ email: `${name}@fabrikam.com` })), ...more });

const seedAll = (...names: string[]) =>
  Promise.all(names.map((name) => app.graph.seed(`${name}@fabrikam.com`, 'PendingAcceptance')));

const mailCounts = (...names: string[]) =>
  Promise.all(names.map((name) => app.graph.mailCount(`${name}@fabrikam.com`)));

it('makes an invitation for each recipient, tied by a batch id, and each goes its own way', async () => {
  await app.graph.seed('ann@fabrikam.com', null);
  await seedAll('bob');
  const unknown = '01900000-0000-4000-8000-000000000000';
  const names = [
    { email: 'ann@fabrikam.com' },
    { email: 'bob@fabrikam.com' },
    { email: 'cyd@fabrikam.com' },
    { objectId: unknown },
  ];
  const answer = await app.post(aShare('', { recipients: names }));
  const { batchId, entries, invitations } = batchOf(answer);
  expect([answer.status, entries.map(({ status }) => status)]).toEqual([202, [202, 202, 202, 202]]);
  expect(invitations.map(({ recipients }) => recipients)).toEqual(names.map((name) => [name]));
  expect(new Set(invitations.map((each) => each['batchId']))).toEqual(new Set([batchId]));
  expect(entries.map(({ location }) => location?.split('/').at(-1))).toEqual(invitations.map(({ id }) => id));
  const [ann, bob, cyd, nobody] = invitations.map(({ id }) => id);
  await app.until(ann!, 'accepted');
  await app.until(bob!, 'pendingAcceptance');
  await app.until(cyd!, 'scheduled');
  expect((await app.until(nobody!, 'failed')).fault?.code).toBe('noResolvedUsers');
  expect(app.graph.invitationsFor('cyd@fabrikam.com').length).toBeLessThan(2);
  expect(invitesOf('bob@fabrikam.com')).toMatchObject([{ recipients: [{ email: 'bob@fabrikam.com' }] }]);
});

it('takes the same person twice in one request for one, though a member’s share is accepted at once', async () => {
  await app.graph.seed('dan@fabrikam.com', null);
  const answer = await app.post(forAll(['dan', 'DAN', 'dan']));
  const { entries, invitations } = batchOf(answer);
  expect(entries.map(({ status }) => status)).toEqual([202, 200, 200]);
  expect(new Set(invitations.map(({ id }) => id)).size).toBe(1);
  await app.until(invitations[0]!.id, 'accepted');
  await app.jump(MINUTE);
  expect(await mailCounts('dan')).toEqual([1]);

  await seedAll('eve');
  const rejected = batchOf(await app.post(forAll(['eve', 'eve'], { onDuplicate: 'reject' })));
  expect(rejected.entries.map(({ status, error }) => [status, error?.code])).toEqual([
    [202, undefined],
    [409, 'duplicate'],
  ]);
});

it('answers a repeat with the same Idempotency-Key as the first time, whatever became of it', async () => {
  await seedAll('fay', 'gus');
  const open = batchOf(await app.post(forAll(['gus', 'fay'])));
  const key = { 'Idempotency-Key': 'batch-1' };
  await seedAll('hal');
  const body = forAll(['hal', 'gus', 'hal']);
  const first = await app.post(body, key);
  expect(batchOf(first).entries.map(({ status }) => status)).toEqual([202, 200, 200]);
  const ids = batchOf(first).invitations.map(({ id }) => id);
  expect(ids[1]).toBe(open.invitations[0]?.id);
  for (const id of new Set(ids)) {
    await app.until(id, 'pendingAcceptance');
    await app.act(id, 'revoke');
  }
  const again = batchOf(await app.post(body, key));
  expect(again.batchId).toBe(batchOf(first).batchId);
  expect(again.entries.map(({ status }) => status)).toEqual([202, 200, 200]);
  expect(again.invitations.map(({ id }) => id)).toEqual(ids);
  const other = await app.post(forAll(['hal']), key);
  expect([other.status, errorOf(other).code]).toEqual([422, 'idempotencyKeyReused']);
  expect(await mailCounts('hal', 'gus')).toEqual([1, 1]);
});

it('carries on where a first try broke off, and mails nobody twice', async () => {
  await app.graph.seed('ida@fabrikam.com', null);
  await seedAll('jon', 'kim');
  const key = { 'Idempotency-Key': 'batch-2' };
  const body = forAll(['ida', 'jon', 'ida', 'kim']);
  // The second invitation can't be written; whoever asked gets a 503 and tries again.
  let written = 0;
  app.tables.breakCalls(({ method, path, body: text }) => {
    const isNew = method === 'POST' && path.includes('$batch') && text.includes('requested');
    if (isNew) written += 1;
    return isNew && written > 1 ? 'before' : undefined;
  });
  const broken = await app.post(body, key);
  expect([broken.status, errorOf(broken).code]).toEqual([503, 'tablesUnavailable']);
  app.tables.breakCalls(() => undefined);
  const answer = await app.post(body, key);
  expect(answer.status).toBe(202);
  const { entries, invitations } = batchOf(answer);
  expect(entries.map(({ status }) => status)).toEqual([202, 202, 200, 202]);
  const [ida, jon, twice, kim] = invitations.map(({ id }) => id);
  expect(twice).toBe(ida);
  await Promise.all([
    app.until(ida!, 'accepted'),
    app.until(jon!, 'pendingAcceptance'),
    app.until(kim!, 'pendingAcceptance'),
  ]);
  expect(await mailCounts('ida', 'jon', 'kim')).toEqual([1, 1, 1]);
});

it('refuses each where what they replace is not there', async () => {
  await seedAll('lea', 'max');
  const refused = await app.post(forAll(['lea', 'max'], { replaces: '01900000-0000-7000-8000-000000000000' }));
  expect(batchOf(refused).entries.map(({ status, error }) => [status, error?.code])).toEqual([
    [400, 'invalidRequest'],
    [400, 'invalidRequest'],
  ]);
});

it('lists every fault of every recipient', async () => {
  const refused = await app.post(
    aShare('', {
      recipients: [{ email: 'no address' }, {}, { email: 'a@b.com', x: 1 }],
      target: `${ITEM}/../../users`,
    }),
  );
  expect([refused.status, errorOf(refused).details?.map(({ target }) => target)]).toEqual([
    400,
    expect.arrayContaining(['target', 'recipients.0.email', 'recipients.1', 'recipients.2.x']),
  ]);
});
