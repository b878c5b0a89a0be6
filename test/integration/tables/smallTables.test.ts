import { type GateState, freshGate } from '../../../shared/domain/gate';
import { makeGates } from '../../../shared/tables/gates';
import { makeIdempotencyKeys } from '../../../shared/tables/idempotencyKeys';
import { makeInvitedUsers } from '../../../shared/tables/invitedUsers';
import { dueWakeUps } from '../../../shared/tables/wakeUps';
import { connectionBroke, once, useTables } from '../../support/azurite';

const azurite = useTables();

const FIRST = '019cadc6-9a80-7abc-8def-01234567890b';
const SECOND = '019cadc6-9a80-7abc-8def-0123456789ff';
const OPEN = '019cadc6-9a80-7abc-8def-0123456789aa';

describe('wake-ups', () => {
  const put = (partition: string, rowKey: string) =>
    azurite.tables().invitations.createEntity({ partitionKey: partition, rowKey });
  const due = (partition: string, lane: 0 | 1, most = 10) =>
    dueWakeUps(azurite.tables(), partition, lane, { until: '2026-03-02T09:30:00.000Z' }, most);

  beforeAll(async () => {
    await put('f0', `w-0-2026-03-02T09:10:00.000Z-${SECOND}`);
    await put('f0', `w-0-2026-03-02T09:20:00.000Z-${FIRST}`);
    await put('f0', `w-0-2026-03-02T09:30:00.000Z-${FIRST}`);
    await put('f0', `w-1-2026-03-02T09:00:00.000Z-${FIRST}`);
    await put('f0', `s-queued-${FIRST}`);
    await put('f1', `w-0-2026-03-02T09:05:00.000Z-${FIRST}`);
    for (let second = 10; second < 25; second += 1) {
      await put('f2', `w-0-2026-03-02T09:00:${second}.000Z-${FIRST}`);
    }
  });

  it('are those of one lane and partition before a time, earliest first', async () => {
    expect(await due('f0', 0)).toEqual([
      { key: `w-0-2026-03-02T09:10:00.000Z-${SECOND}`, id: SECOND, at: '2026-03-02T09:10:00.000Z', lane: 0 },
      { key: `w-0-2026-03-02T09:20:00.000Z-${FIRST}`, id: FIRST, at: '2026-03-02T09:20:00.000Z', lane: 0 },
    ]);
    expect(await due('f0', 1)).toEqual([
      { key: `w-1-2026-03-02T09:00:00.000Z-${FIRST}`, id: FIRST, at: '2026-03-02T09:00:00.000Z', lane: 1 },
    ]);
    expect(await due('f3', 0)).toEqual([]);
  });

  it('go on behind one, with another that is due at the same time', async () => {
    const at = '2026-03-02T09:10:00.000Z';
    for (const id of [FIRST, OPEN, SECOND]) await put('f4', `w-0-${at}-${id}`);
    const range = { from: at, until: '2026-03-02T09:30:00.000Z' };
    const [first, ...none] = await dueWakeUps(azurite.tables(), 'f4', 0, range, 1);
    expect([first?.id, none]).toEqual([FIRST, []]);
    const others = await dueWakeUps(azurite.tables(), 'f4', 0, { ...range, after: first }, 10);
    expect(others.map(({ id }) => id)).toEqual([OPEN, SECOND]);
  });

  it('are read no further than asked for', async () => {
    let pages = 0;
    azurite.network().carry = (_request, send) => {
      pages += 1;
      return send();
    };
    const found = await due('f2', 0, 4);
    expect(found.map(({ at }) => at.slice(17, 19))).toEqual(['10', '11', '12', '13']);
    expect(pages).toBe(1);
  });
});

describe('idempotency keys', () => {
  const keys = () => makeIdempotencyKeys(azurite.tables());
  const record = { fingerprint: 'f1', invitationId: FIRST, createdAt: '2026-03-02T09:00:00.000Z' };
  const repeat = { fingerprint: 'f1', invitationId: SECOND, createdAt: '2026-03-02T09:00:30.000Z' };

  it('are taken once, and give what was left under them ever after', async () => {
    expect(await keys().take('hr', 'once', record)).toBeUndefined();
    expect(await keys().take('hr', 'once', repeat)).toEqual(record);
  });

  it('are each caller’s own', async () => {
    expect(await keys().take('hr', 'own', record)).toBeUndefined();
    expect(await keys().take('payroll', 'own', repeat)).toBeUndefined();
  });

  it('are recognised as one’s own when the answer was lost', async () => {
    azurite.network().carry = once(
      ({ method }) => method === 'POST',
      async (_request, send) => {
        await send();
        throw connectionBroke('ECONNRESET');
      },
    );
    expect(await keys().take('hr', 'lost', record)).toBeUndefined();
  });

  it('hold the answer of a duplicate', async () => {
    await keys().take('hr', 'answered', record);
    const answered = {
      ...record,
      invitationId: OPEN,
      answer: {
        entries: [
          { index: 0, status: 200 as const, id: OPEN, warnings: [{ code: 'alreadyInvited', message: 'Open.' }] },
        ],
      },
    };
    await keys().answerWith('hr', 'answered', answered);
    expect(await keys().take('hr', 'answered', repeat)).toEqual(answered);
  });

  it('are free again after seven days', async () => {
    await keys().take('hr', 'old', record);
    const after = { ...repeat, createdAt: '2026-03-09T09:00:00.000Z' };
    expect(await keys().take('hr', 'old', { ...repeat, createdAt: '2026-03-09T08:59:59.999Z' })).toEqual(record);
    expect(await keys().take('hr', 'old', after)).toBeUndefined();
    expect(await keys().take('hr', 'old', { ...after, invitationId: FIRST })).toEqual(after);
  });

  it('that ran out go to one of two requests at the same time', async () => {
    await keys().take('hr', 'race', record);
    const [one, other] = [FIRST.replace('019c', '019d'), SECOND.replace('019c', '019d')].map((invitationId) => ({
      ...record,
      invitationId,
      createdAt: '2026-04-01T09:00:00.000Z',
    }));
    const taken = await Promise.all([one!, other!].map((mine) => keys().take('hr', 'race', mine)));
    expect(taken.filter((earlier) => earlier === undefined)).toHaveLength(1);
    expect(taken).toContainEqual(taken[0] === undefined ? one : other);
  });

  it('are not stored in clear', async () => {
    await keys().take('hr', 'ada@fabrikam.example', record);
    for await (const entity of azurite.tables().idempotencyKeys.listEntities()) {
      expect(JSON.stringify(entity)).not.toContain('ada@');
    }
  });
});

describe('invited users', () => {
  const users = () => makeInvitedUsers(azurite.tables());

  it('lead to every invitation that names them, however often it was said', async () => {
    await users().link('user-1', FIRST);
    await users().link('user-1', FIRST);
    await users().link('user-1', SECOND);
    await users().link('user-2', FIRST);
    expect(await users().invitationsOf('user-1')).toEqual([FIRST, SECOND]);
    expect(await users().invitationsOf('user-3')).toEqual([]);
  });
});

describe('gates', () => {
  const gates = () => makeGates(azurite.tables());
  const state: GateState = freshGate('2026-03-02T09:00:00.000Z', { perSecond: 25, burstMs: 5000 });

  it('are not there before they are written, and then as they were written', async () => {
    expect(await gates().read('fresh')).toBeUndefined();
    expect(await gates().write('fresh', state, undefined)).toBe(true);
    const found = await gates().read('fresh');
    expect(found?.state).toEqual(state);
    const closed = { ...state, closedUntil: '2026-03-02T10:00:00.000Z', closedWhy: 'TooManyRequests' };
    expect(await gates().write('fresh', closed, found?.etag)).toBe(true);
    expect((await gates().read('fresh'))?.state).toEqual(closed);
  });

  it('begin anew where an earlier version of the app left a state of its own, and replace that', async () => {
    const earlier = {
      partitionKey: 'gate',
      rowKey: 'earlier',
      state: '{"pace":25,"nextBlockAt":"2026-03-02T09:00:00.000Z"}',
    };
    await azurite.tables().gates.createEntity(earlier);
    const found = await gates().read('earlier');
    expect(found).toEqual({ state: undefined, etag: expect.any(String) as string });
    expect(await gates().write('earlier', state, found?.etag)).toBe(true);
    expect((await gates().read('earlier'))?.state).toEqual(state);
  });

  it('take the write of one of several instances at the same time', async () => {
    const writers = [1, 2, 3];
    const first = await Promise.all(writers.map(() => gates().write('race', state, undefined)));
    expect(first.sort()).toEqual([false, false, true]);
    const etag = (await gates().read('race'))?.etag;
    const second = await Promise.all(writers.map(() => gates().write('race', state, etag)));
    expect(second.sort()).toEqual([false, false, true]);
  });
});
