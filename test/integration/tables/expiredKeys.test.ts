import { addMs } from '../../../shared/domain/time';
import { sha256 } from '../../../shared/domain/ids';
import { makeIdempotencyKeys } from '../../../shared/tables/idempotencyKeys';
import { TablesUnavailableError } from '../../../shared/tables/tablesError';
import { makeDeleteExpiredKeys } from '../../../shared/workflow/deleteExpiredKeys';
import { connectionBroke, once, useTables } from '../../support/azurite';

const azurite = useTables();

const START = '2026-03-02T09:00:00.000Z';
const HOUR_MS = 3600_000;
const DAY_MS = 24 * HOUR_MS;
const keys = () => makeIdempotencyKeys(azurite.tables());

let made = 0;
const record = (createdAt = START) => {
  made += 1;
  return { fingerprint: 'f', invitationId: `019cadc6-9a80-7abc-8def-${String(made).padStart(12, '0')}`, createdAt };
};

/** A run of the timer when this much time has passed. */
const deleteAfter = (ms: number) => makeDeleteExpiredKeys({ idempotencyKeys: keys(), now: () => addMs(START, ms) })();

async function rowKeys(): Promise<string[]> {
  const found: string[] = [];
  for await (const { rowKey } of azurite.tables().idempotencyKeys.listEntities<{ rowKey: string }>())
    found.push(rowKey);
  return found;
}

/** Names whose keys share a partition, so that one transaction deletes them. */
function namesInOnePartition(count: number): string[] {
  const names: string[] = [];
  for (let nth = 0; names.length < count; nth += 1) {
    if (sha256(`hr\nname-${nth}`).startsWith('7c')) names.push(`name-${nth}`);
  }
  return names;
}

afterEach(async () => {
  azurite.network().carry = (_request, send) => send();
  await deleteAfter(1000 * DAY_MS);
  expect(await rowKeys()).toEqual([]);
});

it('keeps a key and its answer for seven days, and deletes it with all that belongs to it after that', async () => {
  const first = record();
  await keys().take('hr', 'a', first);
  await keys().answerWith('hr', 'a', { ...first, answer: { entries: [{ index: 0, status: 409, id: 'x' }] } });
  expect([await deleteAfter(0), await deleteAfter(7 * DAY_MS), (await rowKeys()).length]).toEqual([0, 0, 2]);
  const repeat = record(addMs(START, 7 * DAY_MS - 1));
  expect(await keys().take('hr', 'a', repeat)).toMatchObject({ invitationId: first.invitationId });
  expect([await deleteAfter(7 * DAY_MS + HOUR_MS + 1), await rowKeys()]).toEqual([1, []]);
});

it('leaves a key as it was first taken, whatever became of the request', async () => {
  const first = record();
  await keys().take('hr', 'a', first);
  await keys().answerWith('hr', 'a', { ...first, isOver: true });
  expect(await keys().take('hr', 'a', record(addMs(START, DAY_MS)))).toEqual({ ...first, isOver: true });
  expect(await deleteAfter(7 * DAY_MS + HOUR_MS + 1)).toBe(1);
});

it('keeps a key that was taken anew after its seven days, for seven days more', async () => {
  await keys().take('hr', 'a', record());
  const anew = record(addMs(START, 8 * DAY_MS));
  expect(await keys().take('hr', 'a', anew)).toBeUndefined();
  expect([await deleteAfter(9 * DAY_MS), (await rowKeys()).length]).toEqual([0, 2]);
  expect(await keys().take('hr', 'a', record(addMs(START, 14 * DAY_MS)))).toEqual(anew);
  expect([await deleteAfter(15 * DAY_MS + HOUR_MS + 1), await rowKeys()]).toEqual([1, []]);
});

it('does not delete a key that is taken anew right before the deletion, nor those beside it wrongly', async () => {
  const [raced = '', ...others] = namesInOnePartition(3);
  for (const name of [raced, ...others]) await keys().take('hr', name, record());
  const anew = record(addMs(START, 8 * DAY_MS));
  azurite.network().carry = once(
    ({ method, url }) => method === 'POST' && url.endsWith('$batch'),
    async (_request, send) => {
      expect(await keys().take('hr', raced, anew)).toBeUndefined();
      return send();
    },
  );
  expect(await deleteAfter(8 * DAY_MS)).toBe(2);
  expect(await keys().take('hr', raced, record(addMs(START, 9 * DAY_MS)))).toEqual(anew);
});

it('lets a key be taken that is deleted right before', async () => {
  await keys().take('hr', 'a', record());
  const anew = record(addMs(START, 8 * DAY_MS));
  azurite.network().carry = once(
    ({ method }) => method === 'GET',
    async (_request, send) => {
      expect(await deleteAfter(8 * DAY_MS)).toBe(1);
      return send();
    },
  );
  expect(await keys().take('hr', 'a', anew)).toBeUndefined();
  expect(await keys().take('hr', 'a', record(addMs(START, 9 * DAY_MS)))).toEqual(anew);
});

it('reads what is due, and deletes it fifty at a time', async () => {
  const names = namesInOnePartition(60);
  for (const name of names) await keys().take('hr', name, record());
  for (let nth = 0; nth < 40; nth += 1) await keys().take('hr', `young-${nth}`, record(addMs(START, DAY_MS)));
  const counted = { queries: 0, entities: 0, transactions: 0 };
  azurite.network().carry = async (request, send) => {
    const response = await send();
    if (request.method === 'POST') counted.transactions += 1;
    else {
      counted.queries += 1;
      counted.entities += (JSON.parse(response.bodyAsText ?? '{}') as { value: object[] }).value.length;
    }
    return response;
  };
  expect(await deleteAfter(7 * DAY_MS + HOUR_MS + 1)).toBe(60);
  expect(counted).toEqual({ queries: 256 + 1, entities: 60, transactions: 2 });
});

it('goes on in the next run where one broke off', async () => {
  for (const name of ['a', 'b', 'c']) await keys().take('hr', name, record());
  azurite.network().carry = once(
    ({ method }) => method === 'POST',
    () => Promise.reject(connectionBroke('EPIPE')),
  );
  await expect(deleteAfter(8 * DAY_MS)).rejects.toThrow(TablesUnavailableError);
  await deleteAfter(8 * DAY_MS);
  expect(await rowKeys()).toEqual([]);
});

it('ends well where the answer to a deletion was lost', async () => {
  await keys().take('hr', 'a', record());
  azurite.network().carry = once(
    ({ method }) => method === 'POST',
    async (_request, send) => {
      await send();
      throw connectionBroke('ECONNRESET');
    },
  );
  await deleteAfter(8 * DAY_MS);
  expect(await rowKeys()).toEqual([]);
});
