import { randomUUID } from 'node:crypto';
import { decideRevoke } from '../../../shared/domain/decisions';
import { eraseDecision } from '../../../shared/domain/erase';
import type { Invitation } from '../../../shared/domain/invitation';
import type { SubscriptionAsked } from '../../../shared/domain/subscriptionRequest';
import { EVENT_TYPES } from '../../../shared/domain/events';
import { type Instant, addMs, toInstant, toMs } from '../../../shared/domain/time';
import { makePatience } from '../../../shared/events/patience';
import { type PostEvent, makePostEvent } from '../../../shared/events/postEvent';
import type { EventHint } from '../../../shared/queue/eventHints';
import { makeDueEvents } from '../../../shared/tables/dueEvents';
import { makeInvitations } from '../../../shared/tables/invitations';
import { makeSubscriptionCache } from '../../../shared/tables/subscriptionCache';
import { makeSubscriptions } from '../../../shared/tables/subscriptions';
import { makeAnnounceEvents } from '../../../shared/workflow/announceEvents';
import { makeDeliverEvent } from '../../../shared/workflow/deliverEvent';
import { makeSubscribe } from '../../../shared/workflow/subscribe';
import { makeWakeEvents } from '../../../shared/workflow/wakeEvents';
import { HASH_KEY, useTables } from '../../support/azurite';
import { aPolicy } from '../../support/invitations';
import { type Receiver, eventIn, startReceiver, verified } from '../../support/receiver';
import { waitFor } from '../../support/waitFor';
import { type Somebody, ofKind, rowKeysOf, somebody } from '../tables/people';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const TICK_MS = 10 * SECOND;
/** The people of these tests have a partition each. */
const PARTITIONS = 64;

const azurite = useTables();

let receiver: Receiver;
let now: Instant = toInstant(Date.now());
const wait = (ms: number): void => void (now = addMs(now, ms));

beforeAll(async () => {
  receiver = await startReceiver();
});
beforeEach(async () => {
  const instance = anInstance();
  for (const { subscription } of await instance.subscriptions.list()) {
    await instance.subscriptions.remove(subscription.id);
  }
  // What an earlier test left on its way is dropped, for nobody wants it any more.
  now = toInstant(Date.now() + 48 * HOUR);
  await instance.tick();
  await work(instance);
  now = toInstant(Date.now());
  receiver.received.length = 0;
  receiver.answer(204);
});
afterAll(() => receiver.close());

const posting = makePostEvent({ allowedHosts: [], allowsLoopback: true, timeoutMs: 300 });

/** One instance of the app, on the clock of the test; `hints` are those that it sent and nobody took yet. */
function anInstance({ post = posting, isDeaf = false }: { post?: PostEvent; isDeaf?: boolean } = {}) {
  const clock = { ...azurite.tables().clock, now: () => now };
  const tables = { ...azurite.tables(), clock };
  const hints: EventHint[] = [];
  const eventHints = {
    send: (sent: EventHint[]) => {
      if (!isDeaf) hints.push(...sent);
      return Promise.resolve(!isDeaf);
    },
    check: () => Promise.resolve(),
  };
  const subscriptions = makeSubscriptions(tables, HASH_KEY);
  const read = async () => (await subscriptions.list()).map(({ subscription }) => subscription);
  const cache = makeSubscriptionCache(read, () => toMs(now));
  const announce = makeAnnounceEvents({ eventHints, tickMs: TICK_MS, now: clock.now });
  const invitations = makeInvitations(tables, aPolicy(), { subscribers: cache.current, announce });
  const dueEvents = makeDueEvents(tables);
  const shared = { subscriptions, dueEvents, refreshSubscriptions: cache.refresh, now: clock.now };
  return {
    ...makeSubscribe({ ...shared, newId: randomUUID }),
    subscriptions,
    invitations,
    hints,
    deliver: makeDeliverEvent({
      ...shared,
      invitations,
      patience: makePatience(() => toMs(now)),
      post,
      announce,
      random: () => 0.5,
    }),
    tick: makeWakeEvents({
      dueEvents,
      eventHints,
      partitions: PARTITIONS,
      tickMs: TICK_MS,
      now: clock.now,
      monotonicMs: () => toMs(now),
      sleep: () => Promise.reject(new Error('So few hints wait for nothing.')),
    }),
  };
}
type Instance = ReturnType<typeof anInstance>;

/** Takes the hints that are due by now, and what follows from them. */
async function work({ deliver, hints }: Instance): Promise<string[]> {
  const done: string[] = [];
  for (;;) {
    const next = hints.findIndex(({ at }) => at <= now);
    if (next < 0) return done;
    const [hint] = hints.splice(next, 1);
    done.push((await deliver(hint!.key)).type);
  }
}

/** A day and some hours go by. */
async function overADay(instance: Instance): Promise<string[]> {
  const done: string[] = [];
  for (let hours = 0; hours < 28; hours += 1) {
    await instance.tick();
    done.push(...(await work(instance)));
    wait(HOUR);
  }
  return done;
}

const everything: SubscriptionAsked = { url: '', events: [...EVENT_TYPES], filters: {} };

async function subscribed(instance: Instance, changes: Partial<SubscriptionAsked> = {}) {
  const result = await instance.subscribe({ ...everything, url: receiver.url(), ...changes }, 'hr');
  if (result.type !== 'created') throw new Error(result.type);
  wait(MINUTE);
  return { id: result.subscription.id, secret: result.target.secret };
}

/** Requests an invitation; tells its event. */
async function invite({ invitations }: Instance, changes: Partial<Invitation> = {}): Promise<Somebody> {
  const who = somebody();
  const { invitation, history } = who.invite();
  await invitations.create({ invitation: { ...invitation, createdAt: now, ...changes }, history });
  return who;
}

const eventsOf = async ({ partition }: Somebody): Promise<string[]> =>
  ofKind(await rowKeysOf(azurite.tables(), partition), 'e');

describe('an event', () => {
  it('is posted at once, signed with the secret of its subscription, and is then gone', async () => {
    const instance = anInstance();
    const { secret } = await subscribed(instance);
    const who = await invite(instance);
    expect(await eventsOf(who)).toHaveLength(1);
    expect(await work(instance)).toEqual(['delivered']);
    const [post] = receiver.received;
    expect(post?.headers['webhook-id']).toBe(`evt_${who.id()}_1`);
    expect(verified(post!, secret)).toMatchObject({
      type: 'invitation.requested',
      timestamp: now,
      sequence: 1,
      status: 'queued',
      data: { id: who.id(), status: 'queued', invitedUserEmailAddress: 'ada@fabrikam.example' },
    });
    expect(eventIn(post!).data).not.toHaveProperty('history');
    expect(await eventsOf(who)).toEqual([]);
  });

  it('is not posted before its subscription is active, by any instance', async () => {
    const [one, other] = [anInstance(), anInstance()];
    await invite(other);
    await one.subscribe({ ...everything, url: receiver.url() }, 'hr');
    wait(MINUTE - 1);
    const early = await invite(one);
    wait(1);
    // The other has not looked for a minute: it has to look now.
    const right = await invite(other);
    expect([(await eventsOf(early)).length, (await eventsOf(right)).length]).toEqual([0, 1]);
  });

  it('leaves nothing in the table where nobody subscribed', async () => {
    const instance = anInstance();
    const who = await invite(instance);
    expect([await eventsOf(who), instance.hints]).toEqual([[], []]);
  });

  it('is tried again five seconds after a 500, under the same id and with a new time', async () => {
    const instance = anInstance();
    const { id, secret } = await subscribed(instance);
    await invite(instance);
    receiver.answer(500);
    expect(await work(instance)).toEqual(['putOff']);
    receiver.answer(200);
    wait(4 * SECOND);
    expect(await work(instance)).toEqual([]);
    wait(SECOND);
    expect(await work(instance)).toEqual(['delivered']);
    const [first, second] = receiver.received;
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(Number(second?.headers['webhook-timestamp'])).toBe(Number(first?.headers['webhook-timestamp']) + 5);
    expect(verified(second!, secret).sequence).toBe(1);
    const { subscription } = (await instance.subscriptions.read(id))!;
    expect([subscription.status, subscription.failures, subscription.lastFailure?.reason]).toEqual([
      'active',
      0,
      'status 500',
    ]);
  });

  it('is tried again when its receiver hangs, breaks off, or redirects', async () => {
    const instance = anInstance();
    await subscribed(instance);
    await invite(instance);
    receiver.answer(() => undefined);
    expect(await work(instance)).toEqual(['putOff']);
    receiver.answer((response) => response.destroy());
    wait(5 * SECOND);
    expect(await work(instance)).toEqual(['putOff']);
    receiver.answer((response) => response.writeHead(307, { location: receiver.url('/other') }).end());
    wait(MINUTE);
    await instance.tick();
    expect(await work(instance)).toEqual(['putOff']);
    receiver.answer(204);
    wait(5 * MINUTE);
    await instance.tick();
    expect(await work(instance)).toEqual(['delivered']);
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hook', '/hook', '/hook', '/hook']);
  });

  it('waits for as long as its receiver asks for', async () => {
    const instance = anInstance();
    await subscribed(instance);
    await invite(instance);
    receiver.answer((response) => response.writeHead(429, { 'retry-after': '600' }).end());
    await work(instance);
    receiver.answer(204);
    wait(599 * SECOND);
    await instance.tick();
    expect(await work(instance)).toEqual([]);
    wait(SECOND);
    expect(await work(instance)).toEqual(['delivered']);
  });

  it('goes to each of two subscriptions, signed for each, and one that fails holds up no other', async () => {
    const instance = anInstance();
    const good = await subscribed(instance, { url: receiver.url('/good') });
    const bad = await subscribed(instance, { url: receiver.url('/bad') });
    const who = await invite(instance);
    receiver.answer((response, { path }) => response.writeHead(path === '/bad' ? 500 : 200).end());
    expect((await work(instance)).sort()).toEqual(['delivered', 'putOff']);
    const [toGood, toBad] = ['/good', '/bad'].map((path) => receiver.received.find((post) => post.path === path)!);
    expect(toGood!.headers['webhook-id']).toBe(toBad!.headers['webhook-id']);
    expect(verified(toGood!, good.secret).data.id).toBe(who.id());
    expect(() => verified(toGood!, bad.secret)).toThrow('No matching signature');
    expect(await eventsOf(who)).toHaveLength(1);
  });

  it('goes to those alone who want its type, its source and its kind', async () => {
    const instance = anInstance();
    await subscribed(instance, { url: receiver.url('/revoked'), events: ['invitation.revoked'] });
    await subscribed(instance, { url: receiver.url('/workday'), filters: { source: 'workday' } });
    await subscribed(instance, { url: receiver.url('/guests'), filters: { kind: 'guest' } });
    const who = await invite(instance);
    await instance.invitations.change(who.id(), (invitation, at) => {
      const decision = decideRevoke(invitation, 'hr', at, aPolicy());
      return decision.type === 'change' ? decision.change : undefined;
    });
    await work(instance);
    expect(receiver.received.map((post) => `${post.path} ${eventIn(post).type}`).sort()).toEqual([
      '/guests invitation.requested',
      '/guests invitation.revoked',
      '/revoked invitation.revoked',
    ]);
  });

  it('carries no address of somebody who was erased meanwhile', async () => {
    const instance = anInstance({ isDeaf: true });
    await subscribed(instance);
    const who = await invite(instance, { status: 'failed', holdsClaim: false });
    await instance.invitations.change(who.id(), (invitation, at) => {
      const decision = eraseDecision(invitation, 'hr', at);
      return decision.type === 'change' ? decision.change : undefined;
    });
    const other = anInstance();
    await other.tick();
    expect(await work(other)).toEqual(['delivered', 'delivered']);
    for (const { body } of receiver.received) {
      expect(body).toContain('(erased)');
      expect(body).not.toContain('ada@');
    }
  });
});

describe('an event whose worker dies', () => {
  it('right after the transaction is found by the next tick of anybody', async () => {
    const dead = anInstance({ isDeaf: true });
    await subscribed(dead);
    const who = await invite(dead);
    expect([dead.hints, (await eventsOf(who)).length]).toEqual([[], 1]);
    const other = anInstance();
    expect(await other.tick()).toEqual({ found: 1, sent: true });
    expect(await work(other)).toEqual(['delivered']);
  });

  it('in the middle of an attempt is tried again half a minute later, and by nobody before', async () => {
    let isCalled = false;
    const hanging = anInstance({
      post: () => {
        isCalled = true;
        return new Promise(() => undefined);
      },
    });
    await subscribed(hanging);
    const who = await invite(hanging);
    const [hint] = hanging.hints;
    void hanging.deliver(hint!.key);
    const other = anInstance();
    await other.deliver(hint!.key);
    await waitFor(() => isCalled, { describe: 'the attempt' });
    await other.tick();
    wait(29 * SECOND);
    expect(await work(other)).toEqual([]);
    wait(SECOND);
    await other.tick();
    expect(await work(other)).toContain('delivered');
    expect(await eventsOf(who)).toEqual([]);
    expect(receiver.received).toHaveLength(1);
  });

  it('after the answer and before it is noted comes once more, under the same id', async () => {
    const instance = anInstance({
      post: async (event) => {
        const posted = await posting(event);
        azurite.network().carry = () => Promise.reject(new Error('the process is dead'));
        return posted;
      },
    });
    await subscribed(instance);
    await invite(instance);
    await expect(instance.deliver(instance.hints[0]!.key)).rejects.toThrow('Table Storage did not answer');
    azurite.network().carry = (_request, send) => send();
    const other = anInstance();
    wait(30 * SECOND);
    await other.tick();
    expect(await work(other)).toEqual(['delivered']);
    const [first, second] = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect([receiver.received.length, second]).toEqual([2, first]);
  });
});

it('of several workers with the same hint one makes the attempt', async () => {
  const instance = anInstance();
  await subscribed(instance);
  await invite(instance);
  const [hint] = instance.hints;
  const done = await Promise.all(Array.from({ length: 5 }, () => anInstance().deliver(hint!.key)));
  expect(done.filter(({ type }) => type === 'delivered')).toHaveLength(1);
  expect(done.filter(({ type }) => type === 'claimedByAnother' || type === 'notThere')).toHaveLength(4);
  expect(receiver.received).toHaveLength(1);
});

it('a hint that comes early, twice, or for nothing does nothing', async () => {
  const instance = anInstance();
  await subscribed(instance);
  await invite(instance);
  const { key } = instance.hints[0]!;
  wait(-MINUTE);
  expect((await instance.deliver(key)).type).toBe('early');
  wait(MINUTE);
  expect((await instance.deliver(key)).type).toBe('delivered');
  expect((await instance.deliver(key)).type).toBe('notThere');
  expect((await instance.deliver('ada@fabrikam.example')).type).toBe('unreadable');
  expect(receiver.received).toHaveLength(1);
});

describe('a subscription', () => {
  it('ends with a 410, and what waits for it is dropped', async () => {
    const instance = anInstance();
    const { id } = await subscribed(instance);
    const waiting = [await invite(instance), await invite(instance)];
    receiver.answer(410);
    expect((await work(instance)).sort()).toEqual(['dropped', 'subscriptionGone']);
    const { subscription } = (await instance.subscriptions.read(id))!;
    expect([subscription.status, subscription.endedAt]).toEqual(['gone', now]);
    for (const who of [...waiting, await invite(instance)]) expect(await eventsOf(who)).toEqual([]);
    expect(receiver.received).toHaveLength(1);
  });

  it('that is deleted gets nothing more, what waits for it included', async () => {
    const instance = anInstance();
    const { id } = await subscribed(instance);
    const who = await invite(instance);
    expect([await instance.unsubscribe(id), await instance.unsubscribe(id)]).toEqual([true, false]);
    expect(await work(instance)).toEqual(['dropped']);
    expect([await eventsOf(who), receiver.received]).toEqual([[], []]);
  });

  it('whose receiver takes nothing for a day loses those events, and is disabled by the tenth', async () => {
    const instance = anInstance();
    const { id } = await subscribed(instance);
    const people: Somebody[] = [];
    for (let nth = 0; nth < 10; nth += 1) people.push(await invite(instance));
    receiver.answer(500);
    const done = await overADay(instance);
    expect(done.filter((type) => type === 'gaveUp')).toHaveLength(10);
    for (const who of people) expect(await eventsOf(who)).toEqual([]);
    const { subscription } = (await instance.subscriptions.read(id))!;
    expect([subscription.status, subscription.failures]).toEqual(['disabled', 10]);
    expect(subscription.endedAt).toBeDefined();
    expect(await eventsOf(await invite(instance))).toEqual([]);
  });

  it('whose receiver fails again and again is asked by one event at a time, and gets all once it is well', async () => {
    const instance = anInstance();
    await subscribed(instance);
    receiver.answer(500);
    const people: Somebody[] = [];
    for (let nth = 0; nth < 6; nth += 1) people.push(await invite(instance));
    for (const round of [5 * SECOND, MINUTE]) {
      await work(instance);
      wait(round * 1.5);
      await instance.tick();
    }
    await work(instance);
    receiver.received.length = 0;
    wait(5 * MINUTE);
    await instance.tick();
    expect((await work(instance)).sort()).toEqual([...Array<string>(5).fill('leftAlone'), 'putOff']);
    expect(receiver.received).toHaveLength(1);
    receiver.answer(204);
    wait(10 * MINUTE);
    await instance.tick();
    await work(instance);
    wait(10 * MINUTE);
    await instance.tick();
    await work(instance);
    for (const who of people) expect(await eventsOf(who)).toEqual([]);
  });

  it('whose receiver takes one event counts from the beginning again', async () => {
    const instance = anInstance();
    const { id } = await subscribed(instance);
    await instance.subscriptions.change(id, (subscription) => ({ ...subscription, failures: 9 }));
    await invite(instance);
    expect(await work(instance)).toEqual(['delivered']);
    expect((await instance.subscriptions.read(id))?.subscription.failures).toBe(0);
  });
});

it('a tick asks each partition once, whatever lies in it that is not due', async () => {
  const instance = anInstance();
  await subscribed(instance);
  await invite(instance);
  receiver.answer(500);
  await work(instance);
  wait(-HOUR);
  let asked = 0;
  azurite.network().carry = (_request, send) => {
    asked += 1;
    return send();
  };
  expect(await instance.tick()).toEqual({ found: 0, sent: true });
  expect(asked).toBe(PARTITIONS);
});
