import { odata } from '@azure/data-tables';
import { invitationId, partitionNames, partitionOf, personHash } from '../../../shared/domain/ids';
import type { Invitation } from '../../../shared/domain/invitation';
import type { InvitationFilter } from '../../../shared/domain/invitationFilter';
import { newInvitation } from '../../../shared/domain/newInvitation';
import { makeInvitations } from '../../../shared/tables/invitations';
import { statusIndexKey } from '../../../shared/tables/keys';
import type { ListPosition } from '../../../shared/tables/lists';
import { type AskedList, makeListInvitations } from '../../../shared/workflow/listInvitations';
import { HASH_KEY, type Carry, useTables } from '../../support/azurite';
import { aPolicy, aRequest } from '../../support/invitations';
import { silently } from '../tables/people';

const azurite = useTables();
const START_MS = Date.parse('2026-03-02T09:00:00.000Z');
const PARTITIONS = 16;
const HOUR_MS = 3600_000;

const invitations = () => makeInvitations(azurite.tables(), aPolicy());
const list = (asked: Partial<AskedList> = {}) =>
  makeListInvitations({ tables: azurite.tables(), invitations: invitations(), partitions: PARTITIONS })({
    filter: {},
    pageSize: 10,
    ...asked,
  });

/** Every page of a list, one after the other as a caller reads them. */
async function pagesOf(asked: Partial<AskedList>): Promise<string[][]> {
  const pages: string[][] = [];
  let from: ListPosition | undefined;
  do {
    const { found, next } = await list({ ...asked, ...(from ? { from } : {}) });
    pages.push(found.map(({ invitation }) => invitation.id));
    from = next;
  } while (from);
  return pages;
}

const person = (name: string): string => personHash(HASH_KEY, `${name}@fabrikam.example`);

interface Made {
  name: string;
  nth: number;
  atMs?: number;
  status?: Invitation['status'];
  caller?: string;
  source?: string;
  externalId?: string;
}

/** Stores an invitation as a request does, `nth` telling apart those of one millisecond. */
async function invite({ name, nth, atMs = START_MS, status, caller = 'hr', ...options }: Made): Promise<string> {
  const hash = person(name);
  const random = Buffer.alloc(10);
  random.writeUInt32BE(nth, 4);
  const id = invitationId(atMs, random, partitionOf(hash, PARTITIONS));
  const request = aRequest({ invitedUserEmailAddress: `${name}@fabrikam.example`, ...options });
  const made = {
    id,
    person: hash,
    caller,
    request,
    warnings: [],
    takesClaim: false,
    sendAt: new Date(atMs).toISOString(),
  };
  const change = newInvitation(made, new Date(atMs).toISOString());
  await invitations().create({ ...change, invitation: { ...change.invitation, ...(status ? { status } : {}) } });
  return id;
}

async function inviteAll(count: number, made: (nth: number) => Partial<Made> = () => ({})): Promise<string[]> {
  const ids: string[] = [];
  for (let nth = 0; nth < count; nth += 1) {
    ids.push(await invite({ name: `person${nth}`, nth, atMs: START_MS + nth * 1000, ...made(nth) }));
  }
  return ids.reverse();
}

async function removeAll(): Promise<void> {
  const { invitations: table } = azurite.tables();
  for (const partition of partitionNames(PARTITIONS)) {
    const filter = odata`PartitionKey eq ${partition}`;
    for await (const { rowKey } of table.listEntities<{ rowKey: string }>({ queryOptions: { filter } })) {
      await table.deleteEntity(partition, rowKey);
    }
  }
}

afterEach(removeAll);

/** Counts, below the client, what the table server is asked and how many entities it gives. */
function counting() {
  const counted = { queries: 0, indexEntities: 0, invitations: 0, other: 0 };
  const carry: Carry = async (request, send) => {
    const response = await send();
    const body = JSON.parse(response.bodyAsText ?? '{}') as { value?: { RowKey: string }[]; RowKey?: string };
    if (body.value) counted.queries += 1;
    for (const { RowKey = '' } of body.value ?? [body]) {
      if (/^[as]-/.test(RowKey)) counted.indexEntities += 1;
      else if (RowKey.startsWith('i-')) counted.invitations += 1;
      else counted.other += 1;
    }
    return response;
  };
  azurite.network().carry = carry;
  return counted;
}

describe('a list of all', () => {
  it('shows the newest first over all partitions, page by page, each once', async () => {
    const newestFirst = await inviteAll(43);
    const partitions = new Set(newestFirst.map((id) => id.slice(-2)));
    const pages = await pagesOf({ pageSize: 10 });
    expect(pages.flat()).toEqual(newestFirst);
    expect([pages.slice(0, 4).map(({ length }) => length), partitions.size > 8]).toEqual([[10, 10, 10, 10], true]);
  });

  it('tells those of one millisecond apart', async () => {
    const ids = await inviteAll(20, () => ({ atMs: START_MS }));
    const listed = (await pagesOf({ pageSize: 3 })).flat();
    expect(listed).toEqual([...ids].sort().reverse());
  });

  it('is empty where there is nothing, and has no next page', async () => {
    expect(await list()).toEqual({ found: [] });
  });

  it('goes on as it was while new ones come in', async () => {
    const before = await inviteAll(12);
    const first = await list({ pageSize: 5 });
    for (let nth = 0; nth < 6; nth += 1) await invite({ name: `late${nth}`, nth, atMs: START_MS + HOUR_MS });
    const rest: string[] = [];
    for (let from = first.next; from;) {
      const page = await list({ pageSize: 5, from });
      rest.push(...page.found.map(({ invitation }) => invitation.id));
      from = page.next;
    }
    expect([...first.found.map(({ invitation }) => invitation.id), ...rest]).toEqual(before);
  });

  it('reads the invitations alone, and few of them ahead', async () => {
    await inviteAll(60);
    const counted = counting();
    const { found } = await list({ pageSize: 30 });
    expect([found.length, counted.indexEntities]).toEqual([30, 0]);
    expect(counted.queries).toBeLessThan(16 + 16);
    expect(counted.invitations).toBeLessThan(30 + 16 * 2);
  });
});

describe('a list by status', () => {
  const isQueued = (nth: number) => nth % 3 === 0;
  const made = (nth: number): Partial<Made> => ({ status: isQueued(nth) ? 'queued' : 'failed' });

  it('reads the entities that it gives and no others, from the first page to the last', async () => {
    const all = await inviteAll(90, made);
    const queued = all.filter((_, index) => isQueued(89 - index));
    const counted = counting();
    const pages = await pagesOf({ filter: { status: 'queued' }, pageSize: 7 });
    expect(pages.flat()).toEqual(queued);
    expect(counted).toMatchObject({ indexEntities: 30, invitations: 30, other: 0 });
  });

  it('reads what it gives of a large list too', async () => {
    await inviteAll(30, () => ({ status: 'accepted' }));
    const counted = counting();
    const pages = await pagesOf({ filter: { status: 'accepted' }, pageSize: 1000 });
    expect(pages.map(({ length }) => length)).toEqual([30]);
    expect(counted).toMatchObject({ indexEntities: 30, invitations: 30, other: 0 });
  });

  it('leaves out one that moved on while the list was read, and fills the page all the same', async () => {
    const ids = await inviteAll(6, () => ({ status: 'queued' }));
    const [newest] = ids;
    let isMoved = false;
    azurite.network().carry = async (request, send) => {
      if (!isMoved && request.method === 'GET' && !request.url.includes('filter')) {
        isMoved = true;
        await invitations().change(newest!, (invitation) => silently({ ...invitation, status: 'failed' }));
      }
      return send();
    };
    const { found } = await list({ filter: { status: 'queued' }, pageSize: 3 });
    expect([isMoved, found.map(({ invitation }) => invitation.id)]).toEqual([true, ids.slice(1, 4)]);
  });

  it('leaves out one whose index entry leads nowhere', async () => {
    const [only] = await inviteAll(1, () => ({ status: 'queued' }));
    const orphan = invitationId(START_MS, new Uint8Array(10).fill(1), '03');
    const rowKey = statusIndexKey('queued', orphan);
    await azurite.tables().invitations.createEntity({ partitionKey: '03', rowKey });
    expect((await pagesOf({ filter: { status: 'queued' } })).flat()).toEqual([only]);
  });
});

describe('a list by person', () => {
  it('reads one partition, and of it what it gives', async () => {
    await inviteAll(20);
    const own: string[] = [];
    for (let nth = 0; nth < 5; nth += 1)
      own.unshift(await invite({ name: 'ada', nth, atMs: START_MS + nth * HOUR_MS }));
    const counted = counting();
    const pages = await pagesOf({ filter: { person: person('ada') }, pageSize: 3 });
    expect(pages).toEqual([own.slice(0, 3), own.slice(3)]);
    expect(counted).toEqual({ queries: 2, indexEntities: 5, invitations: 5, other: 0 });
  });

  it('is narrowed by status among the person’s own', async () => {
    const [queued, failed] = [
      await invite({ name: 'ada', nth: 1 }),
      await invite({ name: 'ada', nth: 2, status: 'failed' }),
    ];
    const of = async (filter: InvitationFilter) =>
      (await pagesOf({ filter: { person: person('ada'), ...filter } })).flat();
    expect(await of({ status: 'failed' })).toEqual([failed]);
    expect(await of({ status: 'queued' })).toEqual([queued]);
    expect(await of({ status: 'revoked' })).toEqual([]);
  });
});

describe('a list by time', () => {
  const at = (seconds: number, ms = 0) => new Date(START_MS + seconds * 1000 + ms).toISOString();

  it.each([
    ['all', {}],
    ['by status', { status: 'queued' as const }],
  ])('%s begins at createdAfter and ends before createdBefore', async (_what, filter) => {
    const ids = await inviteAll(10);
    const between = async (from: string, until: string) =>
      (await pagesOf({ filter: { ...filter, createdAfter: from, createdBefore: until }, pageSize: 2 })).flat();
    expect(await between(at(3), at(6))).toEqual(ids.slice(4, 7));
    expect(await between(at(3, 1), at(6, 1))).toEqual(ids.slice(3, 6));
    expect(await between(at(-100), at(100))).toEqual(ids);
    expect(await between('0001-01-01T00:00:00.000Z', at(0))).toEqual([]);
    expect(await between(at(9, 1), '9999-12-31T23:59:59.999Z')).toEqual([]);
  });

  it('reads nothing that was made before or after', async () => {
    await inviteAll(40);
    const counted = counting();
    const filter = { status: 'queued' as const, createdAfter: at(10), createdBefore: at(15) };
    expect((await pagesOf({ filter })).flat()).toHaveLength(5);
    expect(counted).toMatchObject({ indexEntities: 5, invitations: 5, other: 0 });
  });
});

describe('a list by what no index holds', () => {
  it('reads through, and gives what matches all filters', async () => {
    const ids = await inviteAll(40, (nth) => ({
      source: nth % 2 === 0 ? 'workday' : 'personio',
      externalId: `${nth % 10}`,
      caller: nth < 20 ? 'app:1' : 'app:2',
    }));
    const numbersOf = async (asked: Partial<AskedList>) =>
      (await pagesOf({ pageSize: 3, ...asked })).flat().map((id) => 39 - ids.indexOf(id));
    expect(await numbersOf({ filter: { source: 'workday', externalId: '4' } })).toEqual([34, 24, 14, 4]);
    expect(await numbersOf({ filter: { externalId: '7' }, onlyCaller: 'app:1' })).toEqual([17, 7]);
    expect(await numbersOf({ filter: { status: 'queued', externalId: '7' } })).toEqual([37, 27, 17, 7]);
    expect(await numbersOf({ filter: { kind: 'guest', status: 'queued', externalId: '1' } })).toEqual([31, 21, 11, 1]);
    expect(await numbersOf({ filter: { kind: 'driveItem' } })).toEqual([]);
    expect(await numbersOf({ filter: { status: 'failed' }, onlyCaller: 'app:1' })).toEqual([]);
  });

  it('gives a short page with a next one where a request has looked at enough', async () => {
    const ids = await inviteAll(40, (nth) => ({ externalId: nth === 0 ? 'rare' : 'frequent' }));
    const asked = { filter: { externalId: 'rare' }, pageSize: 2, mostLookedAt: 15 };
    const pages = await pagesOf(asked);
    expect(pages.flat()).toEqual([ids.at(-1)]);
    expect(pages.map(({ length }) => length)).toEqual([0, 0, 1]);
  });
});
