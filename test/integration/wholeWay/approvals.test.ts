import {
  type Answer,
  type InvitationAnswer,
  type WholeApp,
  errorOf,
  invitationOf,
  startWholeApp,
} from '../../support/wholeApp';

let app: WholeApp;
beforeAll(async () => {
  app = await startWholeApp({ APPROVAL_REQUIRED_DOMAINS: 'adatum.com,*.adatum.com' });
});
afterAll(() => app.stop());

const DAY = 24 * 3600_000;
const REQUIRED = { approval: { required: true } };

const events = ({ history }: InvitationAnswer) => history.map(({ what, by, detail }) => [what, by, detail]);

/** Decides, with or without a comment. */
const decide = (id: string, action: 'approve' | 'reject', body?: object, headers: object = {}): Promise<Answer> =>
  app.call('POST', `/api/invitations/${id}/${action}`, {
    headers: { ...headers, ...(body ? { 'Content-Type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });

const held = async (email: string, more: object = REQUIRED): Promise<InvitationAnswer> => {
  const invitation = await app.invite(email, more);
  expect([invitation.status, await app.graph.mailCount(email)]).toEqual(['awaitingApproval', 0]);
  return invitation;
};

it('mails nobody before the approval, and everybody after it', async () => {
  const { id } = await held('ann@fabrikam.com');
  await app.jump(3 * DAY);
  expect(await app.graph.mailCount('ann@fabrikam.com')).toBe(0);

  expect((await decide(id, 'approve', { comment: 'She starts on Monday.' })).status).toBe(202);
  const sent = await app.until(id, 'pendingAcceptance');
  expect(await app.graph.mailCount('ann@fabrikam.com')).toBe(1);
  expect(events(sent)).toEqual([
    ['requested', 'functionKey', undefined],
    ['approved', 'functionKey', 'She starts on Monday.'],
    ['enqueued', 'workflow', undefined],
    ['sent', 'workflow', 'send 0'],
  ]);
});

it.each(['eve@adatum.com', 'eve@sub.adatum.com'])(
  'holds %s though the request says that it need not be, because the settings name the domain',
  async (email) => {
    await held(email, { approval: { required: false } });
  },
);

it('holds nobody else', async () => {
  const { id } = await app.invite('fay@notadatum.com');
  await app.until(id, 'pendingAcceptance');
});

it('waits for its date after the approval', async () => {
  const notBefore = new Date(Date.now() + 10 * DAY).toISOString();
  const { id } = await held('bob@fabrikam.com', { ...REQUIRED, notBefore });
  const approved = invitationOf(await decide(id, 'approve'));
  expect(approved.status).toBe('scheduled');
});

it('closes what is rejected, for good', async () => {
  const { id } = await held('cyd@fabrikam.com');
  const rejected = invitationOf(await decide(id, 'reject', { comment: 'Not one of ours.' }));
  expect(rejected.status).toBe('rejected');
  const { history } = await app.until(id, 'rejected');
  expect(history.at(-1)).toMatchObject({ what: 'rejected', by: 'functionKey', detail: 'Not one of ours.' });

  const late = await decide(id, 'approve');
  expect([late.status, errorOf(late).code]).toEqual([409, 'statusForbids']);
  const { id: again } = await held('cyd@fabrikam.com');
  expect(again).not.toBe(id);
});

it('takes the same decision twice for one, with or without a key', async () => {
  const { id } = await held('dan@fabrikam.com');
  const key = { 'Idempotency-Key': 'approve-dan' };
  expect((await decide(id, 'approve', { comment: 'Yes.' }, key)).status).toBe(202);
  expect((await decide(id, 'approve', { comment: 'Yes.' }, key)).status).toBe(202);
  expect((await decide(id, 'approve')).status).toBe(202);
  const other = await decide(id, 'approve', { comment: 'No.' }, key);
  expect([other.status, errorOf(other).code]).toEqual([422, 'idempotencyKeyReused']);
  const { history } = await app.until(id, 'pendingAcceptance');
  expect(history.filter(({ what }) => what === 'approved')).toHaveLength(1);
});

it('refuses a comment that is none, and decides nothing', async () => {
  const { id } = await held('gil@fabrikam.com');
  const answer = await decide(id, 'approve', { comment: 7, note: 'x' });
  expect([answer.status, errorOf(answer).details?.map(({ target }) => target)]).toEqual([400, ['comment', 'note']]);
  expect(invitationOf(await app.get(id)).status).toBe('awaitingApproval');
});

it('can be revoked and asked for again, and a duplicate is that one', async () => {
  const { id } = await held('hal@fabrikam.com');
  const duplicate = await app.post({ invitedUserEmailAddress: 'hal@fabrikam.com' });
  expect([duplicate.status, invitationOf(duplicate).id]).toEqual([200, id]);
  expect(invitationOf(await app.act(id, 'revoke')).status).toBe('revoked');
});

it.each([
  ['approve', 'revoked'],
  ['reject', 'pendingAcceptance'],
] as const)('that replaces another one leaves it alone until somebody decides: %s → %s', async (action, status) => {
  const { id: old } = await app.invite(`old-${action}@fabrikam.com`);
  await app.until(old, 'pendingAcceptance');
  const { id } = await held(`new-${action}@fabrikam.com`, { ...REQUIRED, replaces: old });
  await app.jump(DAY);
  expect(invitationOf(await app.get(old)).status).toBe('pendingAcceptance');
  expect((await decide(id, action)).status).toBe(202);
  await app.until(id, action === 'approve' ? 'pendingAcceptance' : 'rejected');
  await app.until(old, status);
  await app.jump(DAY);
  expect(invitationOf(await app.get(old)).status).toBe(status);
});

it('rejects itself when nobody approves in time', async () => {
  const { id } = await held('ida@fabrikam.com');
  await app.jump(13 * DAY);
  expect(invitationOf(await app.get(id)).status).toBe('awaitingApproval');
  await app.jump(DAY);
  const rejected = await app.until(id, 'rejected');
  expect(events(rejected).at(-1)).toEqual(['approvalExpired', 'workflow', undefined]);
  expect(await app.graph.mailCount('ida@fabrikam.com')).toBe(0);
});
