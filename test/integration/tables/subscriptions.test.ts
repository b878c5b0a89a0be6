import { randomUUID } from 'node:crypto';
import { EVENT_TYPES } from '../../../shared/domain/events';
import { MAX_SUBSCRIPTIONS, gone } from '../../../shared/domain/subscription';
import { makeSubscriptions } from '../../../shared/tables/subscriptions';
import { makeSubscribe } from '../../../shared/workflow/subscribe';
import { HASH_KEY, useTables } from '../../support/azurite';
import { aSubscription } from '../../support/subscriptions';

const azurite = useTables();
const subscriptions = () => makeSubscriptions(azurite.tables(), HASH_KEY);

const TARGET = {
  url: 'https://prod-12.westeurope.logic.azure.com/workflows/1/run?sig=the-signature-of-the-callback',
  secret: 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3',
};

beforeEach(async () => {
  for (const { subscription } of await subscriptions().list()) await subscriptions().remove(subscription.id);
});

it('reads what it wrote, secret and URL included', async () => {
  const whole = aSubscription({
    host: 'prod-12.westeurope.logic.azure.com',
    events: ['invitation.sent'],
    filters: { source: 'workday', kind: 'guest' },
    status: 'disabled',
    failures: 10,
    lastFailure: { at: '2026-03-02T09:00:00.000Z', reason: 'status 500' },
    endedAt: '2026-03-02T09:00:00.000Z',
  });
  await subscriptions().create(whole, TARGET);
  const stored = await subscriptions().read(whole.id);
  expect([stored?.subscription, stored && subscriptions().open(stored)]).toEqual([whole, TARGET]);
  expect(await subscriptions().list()).toEqual([stored]);
});

it('keeps neither the secret nor the callback URL in clear', async () => {
  const { id } = aSubscription();
  await subscriptions().create(aSubscription(), TARGET);
  const stored = JSON.stringify(await azurite.tables().subscriptions.getEntity('subscription', id));
  expect(stored).toContain('hooks.contoso.com');
  for (const piece of ['the-signature', 'workflows/1', TARGET.secret, TARGET.secret.slice('whsec_'.length)]) {
    expect(stored).not.toContain(piece);
    expect(stored).not.toContain(Buffer.from(piece).toString('base64').slice(0, -4));
  }
});

it('opens nothing that was moved to another subscription, and lists it all the same', async () => {
  const thief = { ...aSubscription(), id: randomUUID() };
  await subscriptions().create(aSubscription(), TARGET);
  await subscriptions().create(thief, { ...TARGET, url: 'https://thief.example.com/' });
  const table = azurite.tables().subscriptions;
  const { sealed } = await table.getEntity<{ sealed: string }>('subscription', aSubscription().id);
  await table.updateEntity({ partitionKey: 'subscription', rowKey: thief.id, sealed }, 'Merge');
  const all = await subscriptions().list();
  expect(all.map((stored) => subscriptions().open(stored)?.url)).toEqual(
    all.map(({ subscription }) => (subscription.id === thief.id ? undefined : TARGET.url)),
  );
  expect(all).toHaveLength(2);
});

it('lists the oldest first', async () => {
  const made = ['2026-01-03', '2026-01-01', '2026-01-02'].map((day) =>
    aSubscription({ id: randomUUID(), createdAt: `${day}T00:00:00.000Z` }),
  );
  for (const each of made) await subscriptions().create(each, TARGET);
  expect((await subscriptions().list()).map(({ subscription }) => subscription.createdAt.slice(0, 10))).toEqual([
    '2026-01-01',
    '2026-01-02',
    '2026-01-03',
  ]);
});

it('loses no change of several at the same time', async () => {
  const { id } = aSubscription();
  await subscriptions().create(aSubscription(), TARGET);
  const more = () => subscriptions().change(id, (each) => ({ ...each, failures: each.failures + 1 }));
  await Promise.all([more(), more(), more()]);
  const stored = await subscriptions().read(id);
  expect([stored?.subscription.failures, stored && subscriptions().open(stored)]).toEqual([3, TARGET]);
});

it('changes nothing of what is deleted, and tells that nothing is there to delete', async () => {
  const { id } = aSubscription();
  expect(await subscriptions().change(id, (each) => each)).toBeUndefined();
  expect(await subscriptions().remove(id)).toBe(false);
});

describe('the limit', () => {
  const subscribe = () =>
    makeSubscribe({
      subscriptions: subscriptions(),
      refreshSubscriptions: () => Promise.resolve(),
      now: () => '2026-03-02T09:00:00.000Z',
      newId: randomUUID,
    }).subscribe({ url: TARGET.url, events: [...EVENT_TYPES], filters: {} }, 'hr');

  it(`refuses one more than ${MAX_SUBSCRIPTIONS}; one that is gone makes room`, async () => {
    const made = [];
    for (let nth = 0; nth < 20; nth += 1) made.push(await subscribe());
    expect(made.map(({ type }) => type)).toEqual(Array(20).fill('created'));
    expect(await subscribe()).toEqual({ type: 'tooMany' });

    const first = (await subscriptions().list())[0]!.subscription;
    await subscriptions().change(first.id, (each) => gone(each, '2026-03-02T09:00:00.000Z'));
    expect((await subscribe()).type).toBe('created');
    expect(await subscriptions().read(first.id)).toBeUndefined();
    expect(await subscriptions().list()).toHaveLength(20);
    expect(await subscribe()).toEqual({ type: 'tooMany' });
  });

  it('gives each a secret of its own and a minute until it is active', async () => {
    const [one, other] = [await subscribe(), await subscribe()];
    if (one.type !== 'created' || other.type !== 'created') throw new Error('refused');
    expect(one.target.secret).not.toBe(other.target.secret);
    expect(one.subscription).toMatchObject({
      createdAt: '2026-03-02T09:00:00.000Z',
      activeFrom: '2026-03-02T09:01:00.000Z',
      createdBy: 'hr',
      status: 'active',
    });
  });
});
