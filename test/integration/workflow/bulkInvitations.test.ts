import { randomBytes } from 'node:crypto';
import type { BulkEntry } from '../../../shared/domain/bulkEntry';
import { addMs } from '../../../shared/domain/time';
import { makeCallerQuotas } from '../../../shared/tables/callerQuotas';
import { makeIdempotencyKeys } from '../../../shared/tables/idempotencyKeys';
import { makeInvitations } from '../../../shared/tables/invitations';
import { makeRecipientCounts } from '../../../shared/tables/recipientCounts';
import { TablesUnavailableError } from '../../../shared/tables/tablesError';
import {
  type BulkAsked,
  type BulkOutcome,
  type BulkParts,
  type BulkResult,
  makeBulkInvitations,
} from '../../../shared/workflow/bulkInvitations';
import { makeCallerQuota } from '../../../shared/workflow/callerQuota';
import { makeDeleteOldCounts } from '../../../shared/workflow/deleteOldCounts';
import { makeForeseeInvitations } from '../../../shared/workflow/foreseeInvitations';
import { makeRequestInvitation } from '../../../shared/workflow/requestInvitation';
import { everyGate } from '../../support/advanceParts';
import { HASH_KEY, bodyOf, connectionBroke, isTransaction, once, useTables } from '../../support/azurite';
import { aPolicy } from '../../support/invitations';
import { rules } from '../../support/requests';

const azurite = useTables();
const START = '2026-03-02T09:00:00.000Z';

/** The workflow over real tables, with a clock that a test moves and a queue that keeps what it gets. */
function world({ perCaller, perRecipient }: { perCaller?: number; perRecipient?: number } = {}) {
  const time = { now: START };
  const now = () => time.now;
  const sendings: string[][] = [];
  const invitations = { ...makeInvitations(azurite.tables(), aPolicy()), now };
  const callerQuotas = makeCallerQuotas(azurite.tables());
  const parts: BulkParts = {
    invitations,
    idempotencyKeys: makeIdempotencyKeys(azurite.tables()),
    gates: everyGate({
      estimate: () => Promise.resolve(now()),
      foresee: () => Promise.resolve(now),
      reserve: () => Promise.resolve(),
    }),
    hints: {
      send: (hints) => {
        sendings.push(hints.map(({ id }) => id));
        return Promise.resolve(true);
      },
    },
    rules: rules({ inviteRedirectUrl: 'https://myapp.contoso.example' }),
    hashKey: HASH_KEY,
    partitions: 16,
    tickMs: 60_000,
    randomBytes,
    ...(perCaller === undefined ? {} : { callerQuota: makeCallerQuota({ callerQuotas, most: perCaller, now }) }),
    ...(perRecipient === undefined ? {} : { quotaPerRecipient: perRecipient }),
  };
  return {
    parts,
    invitations,
    sendings,
    bulk: async (asked: BulkAsked, changes: Partial<BulkParts> = {}) =>
      outcomesOf(await makeBulkInvitations({ ...parts, ...changes })(asked)),
    foresee: makeForeseeInvitations(parts),
    request: (body: object, caller: string, key?: string) =>
      makeRequestInvitation(parts)({ body, caller, idempotencyKey: key }),
    at: (instant: string) => void (time.now = instant),
  };
}

const outcomesOf = (result: BulkResult): BulkOutcome[] => {
  if (result.type !== 'bulk') throw new Error(result.type);
  return result.outcomes;
};

let calls = 0;

/** A call of a caller of its own, for `count` people of their own. */
function asking(count: number, more: object = {}): BulkAsked {
  calls += 1;
  const entries = Array.from({ length: count }, (_, nth): BulkEntry => ({ body: guest(`call${calls}-${nth}`, more) }));
  return { entries, caller: `caller${calls}`, seesOnlyOwn: false, idempotencyKey: `key-${calls}` };
}

const guest = (name: string, more: object = {}) => ({ invitedUserEmailAddress: `${name}@fabrikam.example`, ...more });

const withoutKey = (asked: BulkAsked): BulkAsked => ({ ...asked, idempotencyKey: undefined });

const statusesOf = (outcomes: BulkOutcome[]) =>
  outcomes.map(({ outcome }) => (outcome.type === 'accepted' ? outcome.status : outcome.type));

const idsOf = (outcomes: BulkOutcome[]) => outcomes.map(({ outcome }) => ('id' in outcome ? outcome.id : 'no id'));

/** Requests to the tables while something is done. */
async function requestsOf(work: () => Promise<unknown>): Promise<{ transactions: number; others: number }> {
  const seen = { transactions: 0, others: 0 };
  azurite.network().carry = (request, send) => {
    if (isTransaction(request)) seen.transactions += 1;
    else seen.others += 1;
    return send();
  };
  await work();
  return seen;
}

async function everyEntity(): Promise<string[]> {
  const { invitations, idempotencyKeys, gates } = azurite.tables();
  const dump: string[] = [];
  for (const table of [invitations, idempotencyKeys, gates]) {
    for await (const entity of table.listEntities()) dump.push(JSON.stringify(entity));
  }
  return dump.sort();
}

describe('storing many', () => {
  it('takes few transactions and reads nothing, with quotas or without', async () => {
    const counted = world({ perCaller: 5000, perRecipient: 5 });
    const asked = withoutKey(asking(400));
    const seen = await requestsOf(async () => {
      expect(statusesOf(await counted.bulk(asked))).toEqual(Array.from({ length: 400 }, () => 202));
    });
    // 400 × 7 entities, a hundred at most in each of 16 partitions: two or three transactions each.
    expect(seen.transactions).toBeLessThanOrEqual(48);
    // One lease of the caller's quota: read and written.
    expect(seen.others).toBe(2);
    const free = await requestsOf(() => world().bulk(withoutKey(asking(40))));
    expect([free.transactions <= 16, free.others]).toEqual([true, 0]);
  });

  it('hints at all of them, by the hundred', async () => {
    const { bulk, sendings } = world();
    const ids = idsOf(await bulk(asking(250)));
    expect(sendings.flat().sort()).toEqual([...ids].sort());
    expect(sendings.length).toBeLessThanOrEqual(4);
  });

  it('makes what an invitation consists of for its transaction, not for all of the call at once', async () => {
    const { bulk, invitations } = world();
    const sizes: number[] = [];
    const createTogether: typeof invitations.createTogether = (made, isCounted) => {
      sizes.push(made.length);
      return invitations.createTogether(made, isCounted);
    };
    const outcomes = await bulk(withoutKey(asking(500)), { invitations: { ...invitations, createTogether } });
    expect(new Set(statusesOf(outcomes))).toEqual(new Set([202]));
    // Some thirty people of each partition.
    expect([Math.max(...sizes) <= 20, sizes.length >= 32]).toEqual([true, true]);
  });

  it('stores what POST /invitations stores', async () => {
    const { bulk, request, invitations } = world();
    const more = { source: 'hr', externalId: '1', reminders: { after: ['P1D'] } };
    const [one] = idsOf(await bulk(withoutKey(asking(1, more))));
    const single = await request(guest('alone', more), 'hr');
    if (single.type !== 'accepted') throw new Error(single.type);
    const [bulked, alone] = [await invitations.read(one!), single.stored];
    const same = ({ invitation }: typeof alone) => ({
      ...invitation,
      id: '',
      person: '',
      caller: '',
      batchId: '',
      lastHistory: undefined,
      request: { ...invitation.request, invitedUserEmailAddress: '' },
    });
    expect(same(bulked!)).toEqual(same(alone));
    expect((await invitations.history(one!)).map(({ what }) => what)).toEqual(['requested']);
  });

  it('gives the same person twice the same invitation, in the order of the call and without asking the tables', async () => {
    const { bulk } = world();
    const people = [guest('twice'), guest('Twice'), guest('twice', { onDuplicate: 'reject' }), guest('twice')];
    const asked = { ...asking(0), entries: people.map((body) => ({ body })) };
    const outcomes = await bulk(asked);
    expect(statusesOf(outcomes)).toEqual([202, 200, 'duplicate', 200]);
    expect(new Set(idsOf(outcomes)).size).toBe(1);
    const crowd = { ...asking(0), entries: Array.from({ length: 500 }, () => ({ body: guest('crowd') })) };
    const seen = await requestsOf(() => bulk(withoutKey(crowd)));
    expect(seen).toEqual({ transactions: 1, others: 0 });
  });

  it('makes as many as are wanted of one person where duplicates are allowed', async () => {
    const { bulk } = world({ perRecipient: 100 });
    const asked = {
      ...asking(0),
      entries: Array.from({ length: 40 }, () => ({ body: guest('many', { onDuplicate: 'allow' }) })),
    };
    expect(new Set(idsOf(await bulk(asked))).size).toBe(40);
  });

  it('stores those beside one that is open already', async () => {
    const { bulk, request } = world();
    const asked = asking(60);
    const open = await request(asked.entries[20]!.body as object, 'somebody');
    if (open.type !== 'accepted') throw new Error(open.type);
    const outcomes = await bulk(asked);
    expect(statusesOf(outcomes)).toEqual(Array.from({ length: 60 }, (_, nth) => (nth === 20 ? 200 : 202)));
    expect(idsOf(outcomes)[20]).toBe(open.stored.invitation.id);
    expect(outcomes[20]!.outcome).toMatchObject({ warnings: [{ code: 'alreadyInvited' }] });
  });

  it('tells a caller who sees only its own nothing of another’s open invitation', async () => {
    const { bulk } = world();
    const asked = asking(3);
    await bulk(withoutKey(asked));
    const another = { ...asked, caller: 'another', seesOnlyOwn: true, idempotencyKey: 'of another' };
    const told = Array.from({ length: 3 }, () => 'duplicateOfAnothers');
    expect(statusesOf(await bulk(another))).toEqual(told);
    expect(statusesOf(await bulk(another))).toEqual(told);
  });

  it('replaces, for another address and for the same', async () => {
    const { bulk, invitations } = world();
    const asked = asking(2);
    const [wrong, again] = idsOf(await bulk(asked));
    const entries = [
      { body: guest(`corrected${calls}`, { replaces: wrong }) },
      { body: { ...(asked.entries[1]!.body as object), replaces: again } },
      { body: guest('nobody', { replaces: '01900000-0000-7000-8000-000000000000' }) },
    ];
    const outcomes = await bulk({ ...asked, entries, idempotencyKey: undefined });
    expect(statusesOf(outcomes)).toEqual([202, 202, 'invalid']);
    const [, second] = idsOf(outcomes);
    expect((await invitations.read(again!))?.invitation).toMatchObject({ holdsClaim: false, replacedBy: second });
  });

  it('counts recipients one by one and places them', async () => {
    const { bulk } = world();
    const share = { kind: 'driveItem', target: '/drives/b!1/items/01ABC', roles: ['read'] };
    const recipients = [{ email: 'a@fabrikam.example' }, { email: 'b@fabrikam.example' }];
    const entries = [{ body: { ...share, recipients } }, { body: { ...share } }, { body: guest('behind') }];
    const outcomes = await bulk({ ...asking(0), entries });
    expect(outcomes.map(({ place }) => place)).toEqual([
      { index: 0, recipient: 0 },
      { index: 0, recipient: 1 },
      { index: 1 },
      { index: 2 },
    ]);
    expect(statusesOf(outcomes)).toEqual([202, 202, 'invalid', 202]);
  });
});

it('takes a place in the line for each that is made, and none for a duplicate', async () => {
  const { bulk } = world();
  const line = { place: 0 };
  const at = (place: number) => addMs(START, place * 1000);
  const gate = {
    estimate: () => Promise.resolve(at((line.place += 1))),
    reserve: (count: number) => {
      line.place += count;
      return Promise.resolve();
    },
    foresee: () => {
      let { place } = line;
      return Promise.resolve(() => at((place += 1)));
    },
  };
  const asked = withoutKey(asking(30));
  await bulk(asked, { gates: everyGate(gate) });
  expect(line.place).toBe(30);
  await bulk(asked, { gates: everyGate(gate) });
  expect(line.place).toBe(30);
  await bulk(withoutKey(asking(5, { notBefore: '2999-01-01T00:00:00Z' })), { gates: everyGate(gate) });
  expect(line.place).toBe(30);
});

describe('a transaction of several whose answer is lost', () => {
  it.each([
    ['and is tried again by the client', 'ECONNRESET'],
    ['for good', 'EPIPE'],
  ] as const)('counts as done, %s', async (_how, code) => {
    const { bulk, invitations } = world({ perRecipient: 5 });
    azurite.network().carry = once(isTransaction, async (_request, send) => {
      await send();
      throw connectionBroke(code);
    });
    const outcomes = await bulk(withoutKey(asking(50)));
    expect(statusesOf(outcomes)).toEqual(Array.from({ length: 50 }, () => 202));
    for (const id of idsOf(outcomes)) expect(await invitations.history(id)).toHaveLength(1);
  });
});

describe('a repeat with the same key', () => {
  it('answers as the first did, without reading what that made', async () => {
    const { bulk } = world();
    const asked = asking(100);
    asked.entries[7] = { body: { nonsense: true } };
    const first = await bulk(asked);
    const seen = await requestsOf(async () => expect(await bulk(asked)).toEqual(first));
    // The key, taken and found.
    expect(seen).toEqual({ transactions: 1, others: 1 });
  });

  it('keeps the answers of a thousand who were all open already, or all refused', async () => {
    const { bulk } = world();
    const asked = asking(1000);
    await bulk(withoutKey(asked));
    const first = await bulk(asked);
    expect(new Set(statusesOf(first))).toEqual(new Set([200]));
    expect(await bulk(asked)).toEqual(first);
    const entries = asked.entries.map(({ body }) => ({ body: { ...(body as object), onDuplicate: 'reject' } }));
    const refused = { ...asked, entries, idempotencyKey: `${String(asked.idempotencyKey)}-reject` };
    const firstRefused = await bulk(refused);
    expect(new Set(statusesOf(firstRefused))).toEqual(new Set(['duplicate']));
    expect(await bulk(refused)).toEqual(firstRefused);
  }, 120_000);

  it('is refused for another call', async () => {
    const { bulk } = world();
    const asked = asking(2);
    await bulk(asked);
    await expect(bulk({ ...asked, entries: asked.entries.slice(1) })).rejects.toThrow('keyReused');
  });

  it('finishes under the same ids what a dead process began, and makes nobody twice', async () => {
    const here = world({ perCaller: 5000, perRecipient: 5 });
    const asked = asking(120);
    const stored = await diesAfter(5, asked, here);
    await expect(here.bulk(asked)).rejects.toThrow('inProgress');
    here.at(addMs(START, 60_000));
    const outcomes = await here.bulk(asked);
    expect(statusesOf(outcomes)).toEqual(Array.from({ length: 120 }, () => 202));
    const ids = idsOf(outcomes);
    expect(stored.every((id) => ids.includes(id))).toBe(true);
    expect([stored.length > 0, stored.length < 120, new Set(ids).size]).toEqual([true, true, 120]);
    expect(await here.bulk(asked)).toEqual(outcomes);
  });

  it('finishes at once what ended with an error that said to send it again', async () => {
    const here = world();
    const asked = asking(80);
    let transactions = 0;
    azurite.network().carry = (request, send) => {
      if (!isTransaction(request) || !request.url.includes('$batch') || bodyOf(request).includes('IdempotencyKeys')) {
        return send();
      }
      transactions += 1;
      return transactions > 4 ? Promise.reject(connectionBroke('EPIPE')) : send();
    };
    await expect(here.bulk(asked)).rejects.toThrow(TablesUnavailableError);
    azurite.network().carry = (_request, send) => send();
    expect(statusesOf(await here.bulk(asked))).toEqual(Array.from({ length: 80 }, () => 202));
  });
});

/** A call whose process ends once so many transactions are through; gives the ids that are stored by then. */
async function diesAfter(
  count: number,
  asked: BulkAsked,
  { bulk, invitations }: ReturnType<typeof world>,
): Promise<string[]> {
  const stored: string[] = [];
  await new Promise<void>((resolve, reject) => {
    let left = count;
    const createTogether: typeof invitations.createTogether = async (made, isCounted) => {
      if (left <= 0) return new Promise<never>(() => undefined);
      left -= 1;
      const result = await invitations.createTogether(made, isCounted);
      stored.push(...(result.stored ?? []).map(({ invitation }) => invitation.id));
      if (left === 0) resolve();
      return left === 0 ? new Promise<never>(() => undefined) : result;
    };
    bulk(asked, { invitations: { ...invitations, createTogether } }).catch(reject);
  });
  return stored;
}

describe('the quota of a recipient', () => {
  it('is exact over single requests and bulk, and a repeat does not count', async () => {
    const { bulk, request } = world({ perRecipient: 3 });
    const again = guest('often', { onDuplicate: 'allow' });
    for (const key of ['often-1', 'often-1', 'often-2']) await request(again, 'hr', key);
    const asked = { ...asking(2), entries: [{ body: again }, { body: again }, { body: guest('seldom') }] };
    const outcomes = await bulk(asked);
    expect(statusesOf(outcomes).sort()).toEqual([202, 202, 'overQuota']);
    expect(outcomes.find(({ outcome }) => outcome.type === 'overQuota')?.outcome).toEqual({
      type: 'overQuota',
      of: 'recipient',
      most: 3,
      until: '2026-03-03T00:00:00.000Z',
    });
    expect(await request(again, 'hr')).toMatchObject({ type: 'overQuota', of: 'recipient' });
  });

  it('holds against many at the same moment', async () => {
    const { request } = world({ perRecipient: 3 });
    const body = guest('rush', { onDuplicate: 'allow' });
    const results = await Promise.all(Array.from({ length: 8 }, () => request(body, 'hr')));
    expect(results.map(({ type }) => type).sort()).toEqual([
      ...Array.from({ length: 3 }, () => 'accepted'),
      ...Array.from({ length: 5 }, () => 'overQuota'),
    ]);
  });

  it('counts no duplicate, and shows the open one to who is over it', async () => {
    const { request } = world({ perRecipient: 1 });
    const first = await request(guest('once'), 'hr');
    for (let nth = 0; nth < 3; nth += 1) {
      expect(await request(guest('once'), 'hr')).toMatchObject({ type: 'accepted', status: 200 });
    }
    expect(first).toMatchObject({ status: 202 });
    expect(await request(guest('once', { onDuplicate: 'allow' }), 'hr')).toMatchObject({ type: 'overQuota' });
  });

  it('begins anew at midnight UTC, when what was counted is deleted', async () => {
    const { request, at } = world({ perRecipient: 1 });
    const body = guest('daily', { onDuplicate: 'allow' });
    await request(body, 'hr', 'daily-1');
    expect(await request(body, 'hr', 'daily-2')).toMatchObject({ type: 'overQuota' });
    at('2026-03-03T00:00:00.000Z');
    expect(await request(body, 'hr', 'daily-2')).toMatchObject({ type: 'accepted', status: 202 });

    const recipientCounts = makeRecipientCounts(azurite.tables());
    const counted = async () => (await everyEntity()).filter((entity) => entity.includes('"rowKey":"q-')).length;
    const before = await counted();
    const clean = (now: string) => makeDeleteOldCounts({ recipientCounts, partitions: 16, now: () => now })();
    expect(await clean('2026-03-03T00:59:59.000Z')).toBe(0);
    expect(await clean('2026-03-03T01:00:00.000Z')).toBe(before - 1);
    expect(await counted()).toBe(1);
  });
});

describe('the quota of a caller', () => {
  it('lets the first of a call in, refuses the rest, and a repeat of the next day takes those alone', async () => {
    const { bulk, at, sendings } = world({ perCaller: 30 });
    const asked = asking(50);
    const first = await bulk(asked);
    expect(statusesOf(first)).toEqual(Array.from({ length: 50 }, (_, nth) => (nth < 30 ? 202 : 'overQuota')));
    expect(first[30]!.outcome).toEqual({
      type: 'overQuota',
      of: 'caller',
      most: 30,
      until: '2026-03-03T00:00:00.000Z',
    });
    expect(await bulk(asked)).toEqual(first);
    at('2026-03-03T00:00:00.000Z');
    const second = await bulk(asked);
    expect(statusesOf(second)).toEqual(Array.from({ length: 50 }, () => 202));
    expect(second.slice(0, 30)).toEqual(first.slice(0, 30));
    expect(new Set(sendings.flat()).size).toBe(50);
    expect(sendings.flat()).toHaveLength(50);
  });

  it('is not spent by duplicates, which make room for those behind them', async () => {
    const { bulk, request } = world({ perCaller: 20 });
    const asked = asking(30);
    for (const { body } of asked.entries.slice(0, 10)) await request(body as object, 'somebody');
    expect(statusesOf(await bulk(asked))).toEqual(Array.from({ length: 30 }, (_, nth) => (nth < 10 ? 200 : 202)));
  });

  it('once used up still answers repeats and duplicates', async () => {
    const { request } = world({ perCaller: 1 });
    const caller = asking(0).caller;
    const first = await request(guest(caller), caller, caller);
    expect(await request(guest(`${caller}-2`), caller)).toMatchObject({ type: 'overQuota', of: 'caller', most: 1 });
    expect(await request(guest(caller), caller, caller)).toEqual(first);
    expect(await request(guest(caller), caller)).toMatchObject({ type: 'accepted', status: 200 });
  });
});

describe('a dry run', () => {
  it('says what would be and when, and leaves no trace', async () => {
    const { foresee, request, at } = world({ perCaller: 5, perRecipient: 1 });
    const asked = asking(3);
    const another = `${asked.caller}'s neighbour`;
    const open = await request(asked.entries[1]!.body as object, another);
    if (open.type !== 'accepted') throw new Error(open.type);
    await request(guest('full', { onDuplicate: 'allow' }), another);
    at('2026-03-02T10:00:00.000Z');
    const entries = [
      ...asked.entries,
      { body: asked.entries[0]!.body },
      { body: guest('full', { onDuplicate: 'allow' }) },
      { body: guest('later', { notBefore: '2026-04-01T00:00:00Z', reminders: { after: [] } }) },
      { body: guest('held', { approval: { required: true } }) },
      { body: {} },
      { body: guest('fifth') },
      { body: guest('sixth') },
    ];
    const before = await everyEntity();
    const foreseen = await foresee({ ...asked, entries });
    expect(await everyEntity()).toEqual(before);
    expect(foreseen.map(({ foreseen: { type } }) => type)).toEqual([
      'new',
      'open',
      'new',
      'sameAs',
      'overQuota',
      'new',
      'new',
      'invalid',
      'new',
      'overQuota',
    ]);
    expect(foreseen[0]!.foreseen).toMatchObject({
      plan: {
        status: 'queued',
        sendAt: '2026-03-02T10:00:00.000Z',
        reminders: ['2026-03-05T10:00:00.000Z', '2026-03-09T10:00:00.000Z'],
        expiresAt: '2026-04-01T10:00:00.000Z',
      },
    });
    expect(foreseen[1]!.foreseen).toMatchObject({ id: open.stored.invitation.id });
    expect(foreseen[3]!.foreseen).toEqual({ type: 'sameAs', place: { index: 0 }, isRefused: false });
    expect(foreseen[5]!.foreseen).toMatchObject({
      plan: { status: 'scheduled', sendAt: '2026-04-01T00:00:00.000Z', reminders: [] },
    });
    expect(foreseen[6]!.foreseen).toMatchObject({
      plan: { status: 'awaitingApproval', approvalExpiresAt: '2026-03-16T10:00:00.000Z' },
    });
    expect([foreseen[4]!.foreseen, foreseen[9]!.foreseen]).toMatchObject([{ of: 'recipient' }, { of: 'caller' }]);
  });
});
