import type { QuotaState } from '../../../../shared/domain/quota';
import type { CallerQuotas } from '../../../../shared/tables/callerQuotas';
import { TablesUnavailableError } from '../../../../shared/tables/tablesError';
import { makeCallerQuota } from '../../../../shared/workflow/callerQuota';

/** One table for all instances, whose entities have an ETag, and a clock that a test moves. */
function world(most: number) {
  const held = new Map<string, { state: QuotaState; etag: string }>();
  const time = { now: '2026-03-02T09:00:00.000Z' };
  const calls = { reads: 0, writes: 0 };
  const table = { isAway: false };
  const callerQuotas: CallerQuotas = {
    read: (caller) => {
      calls.reads += 1;
      return table.isAway
        ? Promise.reject(new TablesUnavailableError('test', 'away'))
        : Promise.resolve(held.get(caller));
    },
    write: (caller, state, etag) => {
      if (held.get(caller)?.etag !== etag) return Promise.resolve(false);
      calls.writes += 1;
      held.set(caller, { state, etag: String(calls.writes) });
      return Promise.resolve(true);
    },
  };
  const instance = () => makeCallerQuota({ callerQuotas, most, now: () => time.now });
  return { instance, calls, time, table, leased: (caller: string) => held.get(caller)?.state.leased };
}

describe('the quota of a caller', () => {
  it('asks the table once in a hundred invitations', async () => {
    const { instance, calls } = world(5000);
    const { take } = instance();
    for (let nth = 0; nth < 200; nth += 1) expect((await take('hr', 1)).count).toBe(1);
    expect(calls).toEqual({ reads: 2, writes: 2 });
  });

  it('gives out as many as there are, one by one, and no more', async () => {
    const { instance } = world(7);
    const { take } = instance();
    const counts: number[] = [];
    for (let nth = 0; nth < 9; nth += 1) counts.push((await take('hr', 1)).count);
    expect(counts).toEqual([1, 1, 1, 1, 1, 1, 1, 0, 0]);
  });

  it('gives what is left to a call that wants more', async () => {
    const { instance } = world(1500);
    const { take } = instance();
    expect([(await take('hr', 1000)).count, (await take('hr', 1000)).count]).toEqual([1000, 500]);
  });

  it('is one for all instances and never more, however they meet', async () => {
    const { instance } = world(300);
    const instances = [instance(), instance(), instance()];
    let granted = 0;
    await Promise.all(
      Array.from({ length: 400 }, async (_, nth) => {
        const { count } = await instances[nth % 3]!.take('hr', 1);
        granted += count;
      }),
    );
    // A twentieth of what is left is leased ahead, so towards the end nothing lies idle.
    expect(granted).toBe(300);
  });

  it('serves many at once with one lease', async () => {
    const { instance, calls } = world(5000);
    const { take } = instance();
    const granted = await Promise.all(Array.from({ length: 64 }, () => take('hr', 1)));
    expect([granted.every(({ count }) => count === 1), calls.writes]).toEqual([true, 1]);
  });

  it('takes back what was not spent', async () => {
    const { instance } = world(10);
    const { take } = instance();
    const granted = await take('hr', 10);
    await granted.giveBack(4);
    expect([(await take('hr', 10)).count, (await take('hr', 1)).count]).toEqual([4, 0]);
  });

  it('hands more than a block back to the other instances', async () => {
    const { instance, leased } = world(1000);
    const [one, other] = [instance(), instance()];
    await (await one.take('hr', 1000)).giveBack(900);
    expect(leased('hr')).toBe(200);
    expect((await other.take('hr', 800)).count).toBe(800);
    expect((await one.take('hr', 200)).count).toBe(100);
  });

  it('loses what could not be handed back rather than count it twice', async () => {
    const { instance, table } = world(1000);
    const { take } = instance();
    const granted = await take('hr', 1000);
    table.isAway = true;
    await granted.giveBack(900);
    table.isAway = false;
    expect((await take('hr', 1000)).count).toBe(100);
  });

  it('begins anew at midnight UTC, and what was given back of yesterday does not count for today', async () => {
    const { instance, time } = world(10);
    const { take } = instance();
    const granted = await take('hr', 10);
    time.now = '2026-03-03T00:00:00.000Z';
    await granted.giveBack(5);
    expect([(await take('hr', 20)).count, (await take('hr', 1)).count]).toEqual([10, 0]);
  });

  it('does not begin the day again for an instance whose clock is still before midnight', async () => {
    const { instance, time } = world(10);
    const [ahead, behind] = [instance(), instance()];
    time.now = '2026-03-03T00:00:00.100Z';
    await ahead.take('hr', 10);
    time.now = '2026-03-02T23:59:59.900Z';
    expect((await behind.take('hr', 1)).count).toBe(0);
  });

  it('does not keep a caller waiting for a day that a wrong clock wrote', async () => {
    const { instance, time } = world(10);
    time.now = '2027-03-03T00:00:00.000Z';
    await instance().take('hr', 10);
    time.now = '2026-03-02T09:00:00.000Z';
    expect((await instance().take('hr', 1)).count).toBe(1);
  });

  it('counts each caller alone, and looks without taking', async () => {
    const { instance } = world(10);
    const quota = instance();
    await quota.take('hr', 4);
    expect([await quota.left('hr'), await quota.left('crm'), (await quota.take('crm', 10)).count]).toEqual([6, 10, 10]);
  });

  it('says so when the table is away', async () => {
    const { instance, table } = world(10);
    table.isAway = true;
    await expect(instance().take('hr', 1)).rejects.toThrow(TablesUnavailableError);
  });
});
