import { randomBytes } from 'node:crypto';
import { sha256 } from '../../../shared/domain/ids';
import { addMs } from '../../../shared/domain/time';
import { makeIdempotencyKeys } from '../../../shared/tables/idempotencyKeys';
import { makeInvitations } from '../../../shared/tables/invitations';
import { TablesUnavailableError } from '../../../shared/tables/tablesError';
import { type Asked, type RequestParts, makeRequestInvitation } from '../../../shared/workflow/requestInvitation';
import { everyGate } from '../../support/advanceParts';
import { HASH_KEY, useTables } from '../../support/azurite';
import { aPolicy } from '../../support/invitations';
import { rules } from '../../support/requests';

const azurite = useTables();
const START = '2026-03-02T09:00:00.000Z';

/** The workflow over real tables, with a clock that a test moves and a queue that keeps what it gets. */
function world() {
  const time = { now: START };
  const hinted: string[] = [];
  const invitations = { ...makeInvitations(azurite.tables(), aPolicy()), now: () => time.now };
  const parts: RequestParts = {
    invitations,
    idempotencyKeys: makeIdempotencyKeys(azurite.tables()),
    gates: everyGate({ estimate: () => Promise.resolve(time.now) }),
    hints: {
      send: (hints) => {
        hinted.push(...hints.map(({ id }) => id));
        return Promise.resolve(true);
      },
    },
    rules: rules({ inviteRedirectUrl: 'https://myapp.contoso.example' }),
    hashKey: HASH_KEY,
    partitions: 16,
    tickMs: 60_000,
    randomBytes,
  };
  return {
    parts,
    hinted,
    invitations,
    request: (asked: Asked, changes: Partial<RequestParts> = {}) =>
      makeRequestInvitation({ ...parts, ...changes })(asked),
    passed: (ms: number) => {
      time.now = addMs(START, ms);
    },
  };
}

let requests = 0;

/** A request with a key, for a person of its own. */
function asking(more: object = {}): Asked {
  requests += 1;
  const body = { invitedUserEmailAddress: `person${requests}@fabrikam.example`, ...more };
  return { body, caller: 'hr', idempotencyKey: `key-${requests}` };
}

interface Held {
  fingerprint: string;
  invitationId: string;
}

async function keysHeld(): Promise<Held[]> {
  const held: Held[] = [];
  for await (const entity of azurite.tables().idempotencyKeys.listEntities<Held & { rowKey: string }>()) {
    if (!entity.rowKey.startsWith('e-')) held.push(entity);
  }
  return held;
}

const newOf = (held: Held[], before: Held[]): Held | undefined =>
  held.find(({ invitationId }) => !before.some((key) => key.invitationId === invitationId));

const failed = new TablesUnavailableError('test', 'away');
const fail = () => Promise.reject(failed);

type Ending = (end: () => Promise<never>, parts: RequestParts) => Partial<RequestParts>;

const beforeEstimate: Ending = (end) => ({ gates: everyGate({ estimate: end }) });
const beforeTransaction: Ending = (end, { invitations }) => ({ invitations: { ...invitations, create: end } });
const afterTransaction: Ending = (end, { invitations }) => ({
  invitations: {
    ...invitations,
    create: async (made) => {
      await invitations.create(made);
      return end();
    },
  },
});
const beforeHint: Ending = (end, { hints }) => ({ hints: { ...hints, send: end } });
const beforeNote: Ending = (end, { idempotencyKeys }) => ({ idempotencyKeys: { ...idempotencyKeys, answerWith: end } });

/** A request whose process gets that far and no further. */
async function dies(asked: Asked, { request, parts }: ReturnType<typeof world>, where: Ending): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const end = () => {
      resolve();
      return new Promise<never>(() => undefined);
    };
    request(asked, where(end, parts)).catch(reject);
  });
}

it('stores the invitation, hints at it and accepts it', async () => {
  const { request, hinted, invitations } = world();
  const result = await request(asking());
  if (result.type !== 'accepted') throw new Error(result.type);
  const { id, status } = result.stored.invitation;
  expect([result.status, status]).toEqual([202, 'queued']);
  expect(hinted).toEqual([id]);
  expect((await invitations.read(id))?.invitation).toEqual(result.stored.invitation);
});

it('answers a repeat with the invitation of the first', async () => {
  const { request } = world();
  const asked = asking();
  const first = await request(asked);
  expect(await request(asked)).toEqual(first);
});

it('refuses a key that was used for another request', async () => {
  const { request } = world();
  const asked = asking();
  await request(asked);
  expect(await request({ ...asked, body: { invitedUserEmailAddress: 'other@fabrikam.example' } })).toEqual({
    type: 'keyReused',
  });
});

it('takes the same request in another order of its properties for the same', async () => {
  const { request } = world();
  const asked = asking({ source: 'hr', externalId: 'E-1' });
  const first = await request(asked);
  const reversed = Object.fromEntries(Object.entries(asked.body as object).reverse());
  expect(await request({ ...asked, body: reversed })).toEqual(first);
});

it('writes nothing for a request that is not valid', async () => {
  const { request } = world();
  const before = await keysHeld();
  expect(await request(asking({ nonsense: true }))).toMatchObject({ type: 'invalid' });
  expect(await keysHeld()).toEqual(before);
});

it('gives a duplicate the open invitation, and its repeat the same answer', async () => {
  const { request, hinted } = world();
  const asked = asking();
  const first = await request(asked);
  const again = { ...asked, idempotencyKey: `${String(asked.idempotencyKey)}-again` };
  const duplicate = await request(again);
  if (first.type !== 'accepted' || duplicate.type !== 'accepted') throw new Error('not accepted');
  expect(duplicate.status).toBe(200);
  expect(duplicate.stored.invitation.id).toBe(first.stored.invitation.id);
  expect(duplicate.warnings.map(({ code }) => code)).toEqual(['alreadyInvited']);
  expect(await request(again)).toEqual(duplicate);
  expect(hinted).toHaveLength(1);
});

it('refuses a duplicate that does not want to be one, and its repeat too', async () => {
  const { request } = world();
  const asked = asking();
  const first = await request(asked);
  if (first.type !== 'accepted') throw new Error(first.type);
  const refused = { type: 'duplicate', id: first.stored.invitation.id };
  const again = {
    ...asked,
    body: { ...(asked.body as object), onDuplicate: 'reject' },
    idempotencyKey: `${String(asked.idempotencyKey)}-again`,
  };
  expect(await request(again)).toEqual(refused);
  expect(await request(again)).toEqual(refused);
});

it('makes another one where that is wanted', async () => {
  const { request } = world();
  const asked = asking({ onDuplicate: 'allow' });
  const first = await request(asked);
  const second = await request({ ...asked, idempotencyKey: undefined });
  if (first.type !== 'accepted' || second.type !== 'accepted') throw new Error('not accepted');
  expect(second.status).toBe(202);
  expect(second.stored.invitation.id).not.toBe(first.stored.invitation.id);
});

it('leaves nothing under a key that Tables did not take', async () => {
  const { request, parts } = world();
  const asked = asking();
  await expect(request(asked, { idempotencyKeys: { ...parts.idempotencyKeys, take: fail } })).rejects.toThrow(failed);
  expect(await request(asked)).toMatchObject({ type: 'accepted', status: 202 });
});

describe.each([
  ['before the estimate', beforeEstimate],
  ['before the transaction', beforeTransaction],
])('a process that dies %s', (_where, where) => {
  it('is taken for running for a minute, and then a repeat goes on under the same id', async () => {
    const here = world();
    const asked = asking();
    const before = await keysHeld();
    await dies(asked, here, where);
    const left = newOf(await keysHeld(), before);
    here.passed(59_999);
    expect(await here.request(asked)).toEqual({ type: 'inProgress' });
    here.passed(60_000);
    const resumed = await here.request(asked);
    if (resumed.type !== 'accepted') throw new Error(resumed.type);
    expect(resumed.status).toBe(202);
    expect(resumed.stored.invitation.id).toBe(left?.invitationId);
    expect(await here.request(asked)).toEqual(resumed);
  });
});

describe.each([
  ['after the transaction', afterTransaction],
  ['before the hint', beforeHint],
])('a process that dies %s', (_where, where) => {
  it('has stored the invitation, and a repeat finds it at once', async () => {
    const here = world();
    const asked = asking();
    await dies(asked, here, where);
    here.passed(1_000);
    const repeated = await here.request(asked);
    if (repeated.type !== 'accepted') throw new Error(repeated.type);
    const { id } = repeated.stored.invitation;
    expect(repeated.stored.wakeUp).toBe(`w-0-${START}-${id}`);
    expect(await here.invitations.history(id)).toHaveLength(1);
  });
});

describe.each([
  ['before the estimate', beforeEstimate],
  ['before the transaction', beforeTransaction],
  ['after the transaction', afterTransaction],
])('Tables that are away %s', (_where, where) => {
  it('let a repeat finish at once, under the same id', async () => {
    const { request, parts, passed, invitations } = world();
    const asked = asking();
    const before = await keysHeld();
    await expect(request(asked, where(fail, parts))).rejects.toThrow(failed);
    const left = newOf(await keysHeld(), before);
    passed(1_000);
    const repeated = await request(asked);
    if (repeated.type !== 'accepted') throw new Error(repeated.type);
    expect([repeated.status, repeated.stored.invitation.id]).toEqual([202, left?.invitationId]);
    expect(await invitations.history(repeated.stored.invitation.id)).toHaveLength(1);
  });
});

it('finds a duplicate’s answer again when the process died before it was noted', async () => {
  const here = world();
  const asked = asking();
  const first = await here.request(asked);
  if (first.type !== 'accepted') throw new Error(first.type);
  const again = { ...asked, idempotencyKey: `${String(asked.idempotencyKey)}-again` };
  await dies(again, here, beforeNote);
  here.passed(60_000);
  expect(await here.request(again)).toMatchObject({
    type: 'accepted',
    status: 200,
    stored: { invitation: { id: first.stored.invitation.id } },
  });
});

it('makes one invitation of several requests with one key at the same time', async () => {
  const { request, hinted } = world();
  const asked = asking();
  const results = await Promise.all([1, 2, 3].map(() => request(asked)));
  const ids = results.flatMap((result) => (result.type === 'accepted' ? [result.stored.invitation.id] : []));
  expect(new Set(ids).size).toBe(1);
  expect(hinted).toHaveLength(1);
  expect(results.every(({ type }) => type === 'accepted' || type === 'inProgress')).toBe(true);
});

it('keeps a fingerprint from which nobody without the hash key can tell the address', async () => {
  const { request } = world();
  const before = await keysHeld();
  await request({
    body: { invitedUserEmailAddress: 'guessed@fabrikam.example' },
    caller: 'hr',
    idempotencyKey: 'guess',
  });
  const made = newOf(await keysHeld(), before);
  expect(made?.fingerprint).toMatch(/^[0-9a-f]{64}$/);
  expect(made?.fingerprint).not.toBe(sha256('{"invitedUserEmailAddress":"guessed@fabrikam.example"}'));
});

it('hints even at nothing that is a tick and more away', async () => {
  const { request, hinted } = world();
  await request(asking({ notBefore: '2026-03-02T09:01:10.000Z' }));
  expect(hinted).toHaveLength(1);
  await request(asking({ notBefore: '2026-03-02T09:01:10.001Z' }));
  expect(hinted).toHaveLength(1);
});
