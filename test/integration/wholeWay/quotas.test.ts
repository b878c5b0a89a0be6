import { type Answer, type WholeApp, errorOf, invitationOf, startWholeApp } from '../../support/wholeApp';

let app: WholeApp;
beforeAll(async () => {
  app = await startWholeApp({ QUOTA_PER_CALLER: '6', QUOTA_PER_RECIPIENT: '2' });
}, 60_000);
afterAll(() => app.stop());

const FAR = { notBefore: '2999-01-01T00:00:00Z' };
const key = (name: string) => ({ 'Idempotency-Key': name });

/** Seconds until midnight UTC, give or take those of a test. */
function isUntilMidnight({ headers }: Answer): boolean {
  const now = Date.parse(headers.get('date') ?? '');
  const midnight = Math.ceil(now / 86_400_000) * 86_400_000;
  return Math.abs(Number(headers.get('retry-after')) - (midnight - now) / 1000) < 30;
}

const again = (email: string, headers: Record<string, string> = {}) =>
  app.post({ invitedUserEmailAddress: email, onDuplicate: 'allow', ...FAR }, headers);

it('answers 429 until midnight for a person who was invited as often as may be, and counts no repeat', async () => {
  for (const name of ['one', 'one', 'two']) expect((await again('ann@fabrikam.com', key(name))).status).toBe(202);
  const third = await again('ann@fabrikam.com');
  expect([third.status, errorOf(third).code, third.headers.get('x-ms-error-code')]).toEqual([
    429,
    'recipientQuotaReached',
    'recipientQuotaReached',
  ]);
  expect(errorOf(third).message).toMatch(
    /^2 invitations were made for this person today\. Nothing was made; send the same again from \d{4}-\d\d-\d\dT00:00:00\.000Z on\.$/,
  );
  expect(isUntilMidnight(third)).toBe(true);
});

it('answers 429 to a caller who made as many as may be, each entry of bulk by itself, and takes a repeat the next day', async () => {
  const entries = Array.from({ length: 6 }, (_, nth) => ({ invitedUserEmailAddress: `b${nth}@fabrikam.com`, ...FAR }));
  const bulk = async () => {
    const headers = { 'Content-Type': 'application/json', ...key('bulk') };
    const body = JSON.stringify({ invitations: entries });
    const answer = await app.call('POST', '/api/invitations/bulk', { headers, body });
    return (answer.body as { value: { status: number; id?: string; retryAfter?: number; error?: object }[] }).value;
  };
  const first = await bulk();
  expect(first.map(({ status }) => status)).toEqual([202, 202, 202, 202, 429, 429]);
  expect(first[5]).toMatchObject({ error: { code: 'callerQuotaReached' }, retryAfter: expect.any(Number) as number });

  const body = { invitedUserEmailAddress: 'cyd@fabrikam.com', ...FAR };
  const over = await app.post(body, key('cyd'));
  expect([over.status, errorOf(over).code, isUntilMidnight(over)]).toEqual([429, 'callerQuotaReached', true]);
  // What needs nothing new is still answered.
  const open = await app.post({ ...entries[0], source: 'crm' });
  expect([open.status, invitationOf(open).id]).toEqual([200, first[0]!.id]);

  await app.jump(24 * 3600_000);
  expect((await app.post(body, key('cyd'))).status).toBe(202);
  const second = await bulk();
  expect(second.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202, 202]);
  expect(second.slice(0, 4)).toEqual(first.slice(0, 4));
});
