import { type GateState, freshGate } from '../../../../shared/domain/gate';
import type { GatePace } from '../../../../shared/domain/graphBucket';
import { toInstant, toMs } from '../../../../shared/domain/time';
import { makePlaceLine } from '../../../../shared/graph/placeLine';
import { makeSharedGate } from '../../../../shared/graph/sharedGate';
import { gateTable } from '../../../support/graphBucketServer';

const START_MS = Date.parse('2026-03-02T09:00:00.000Z');
/** The line moves 5 % faster: 21 places a second, five seconds' worth at once. */
const PACE: GatePace = { perSecond: 20, burstMs: 5_000 };
const UNKNOWN: GatePace = { perSecond: 1_000, startPerSecond: 25, burstMs: 5_000 };
const after = (ms: number) => toInstant(START_MS + ms);

/** Instances that share one table; time passes when a test says so. */
function world(pace = PACE) {
  const time = { ms: 0 };
  const table = gateTable();
  const now = () => after(time.ms);
  const instance = () => {
    const { gates } = table;
    const shared = makeSharedGate({ gates, limit: 'invitations', pace, now, monotonicMs: () => time.ms });
    return makePlaceLine({ shared, pace, now });
  };
  const put = (changes: Partial<GateState>) => table.put({ ...freshGate(after(0), pace), ...changes });
  return { ...table, time, instance, put };
}

const places = async (count: number, next: () => Promise<string> | string): Promise<number[]> => {
  const taken: number[] = [];
  for (let place = 0; place < count; place += 1) taken.push(toMs(await next()) - START_MS);
  return taken;
};

describe('while nobody waits', () => {
  it('everybody may send at once, and that costs no table call', async () => {
    const { time, instance, counts } = world();
    const { estimate } = instance();
    await estimate();
    expect(counts).toEqual({ reads: 1, writes: 0 });
    for (time.ms = 60; time.ms < 4_980; time.ms += 60) expect(await estimate()).toBe(after(time.ms));
    expect(counts).toEqual({ reads: 1, writes: 0 });
  });

  it('as many as Graph takes after a pause may send at once', async () => {
    const { instance, counts } = world();
    // 5 s × 19.9: below the limit by a two-hundredth.
    expect(await places(100, instance().estimate)).toEqual(Array.from({ length: 100 }, () => 0));
    expect(counts.writes).toBe(0);
  });

  it('who comes when the gate is closed may send when it opens', async () => {
    const { instance, put } = world();
    put({ closedUntil: after(30_000) });
    const { estimate } = instance();
    expect([await estimate(), await estimate()]).toEqual([after(30_000), after(30_000)]);
  });
});

describe('when more come than Graph takes', () => {
  it('they get places one after the other, a chunk of a second at a time', async () => {
    const { instance, counts } = world();
    const all = await places(500, instance().estimate);
    expect(counts.writes).toBe(19);
    expect(all.filter((ms, index) => ms < (all[index - 1] ?? 0))).toEqual([]);
    // 100 come free, and 111 places of the line are due: 289 are left at 22 a second.
    expect(all.filter((ms) => ms === 0)).toHaveLength(211);
    expect(all.at(-1)).toBeGreaterThan(13_000);
    expect(all.at(-1)).toBeLessThan(13_300);
  });

  it('all instances stand in one line', async () => {
    const { instance, put } = world();
    put({ lineEndsAt: after(2_000) });
    const [one, other] = [instance(), instance()];
    expect(await one.estimate()).toBe(after(2_000));
    // The first has taken a second.
    expect(await other.estimate()).toBe(after(3_000));
    expect(await one.estimate()).toBe(after(2_045));
    const rest = [...(await places(58, one.estimate)), ...(await places(20, other.estimate))];
    expect(rest).toHaveLength(new Set(rest).size);
  });

  it('callers at the same time take one chunk together', async () => {
    const { instance, put, counts } = world();
    put({ lineEndsAt: after(2_000) });
    const { estimate } = instance();
    const taken = await Promise.all(Array.from({ length: 25 }, () => estimate()));
    expect(new Set(taken).size).toBe(25);
    expect(counts.writes).toBe(2);
  });

  it('nobody is told a time before the gate opens', async () => {
    const { instance, put } = world();
    put({ lineEndsAt: after(2_000), closedUntil: after(2_060) });
    expect(await places(3, instance().estimate)).toEqual([2_060, 2_060, 2_090]);
  });

  it('a chunk is a second of the line too where the limit is not known', async () => {
    const { instance, put } = world(UNKNOWN);
    put({ lineEndsAt: after(2_000) });
    const [one, other] = [instance(), instance()];
    expect(await one.estimate()).toBe(after(2_000));
    // At twice the 25 a second that are believed.
    expect(await other.estimate()).toBe(after(3_000));
  });

  it('a chunk is one place where the limit is a few an hour', async () => {
    const { instance, put } = world({ perSecond: 0.05, burstMs: 60_000 });
    put({ lineEndsAt: after(2_000) });
    expect(await places(3, instance().estimate)).toEqual([2_000, 20_182, 38_364]);
  });

  it('an error of the tables reaches everybody who wanted a place, and a later one gets his', async () => {
    const { gates, put, instance } = world();
    put({ lineEndsAt: after(2_000) });
    const { estimate } = instance();
    const { write } = gates;
    gates.write = () => Promise.reject(new Error('Tables are away.'));
    const told = await Promise.allSettled([estimate(), estimate()]);
    expect(told.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    gates.write = write;
    expect(await instance().estimate()).toBe(after(2_000));
    // What could not be written was nobody's.
    expect(await estimate()).toBe(after(3_000));
  });
});

describe('who only looks', () => {
  it('foresees the places that reserve then takes, and takes none himself', async () => {
    const { instance, put, counts } = world();
    put({ lineEndsAt: after(2_000) });
    const line = instance();
    const foreseen = await places(41, await line.foresee());
    expect(counts.writes).toBe(0);
    expect(foreseen.slice(0, 3)).toEqual([2_000, 2_045, 2_090]);
    await line.reserve(40);
    expect(counts.writes).toBe(1);
    const [next] = await places(1, await line.foresee());
    expect(Math.abs((next ?? 0) - (foreseen[40] ?? 0))).toBeLessThanOrEqual(1);
    expect(await instance().estimate()).toBe(after(next ?? 0));
  });

  it('foresees that what Graph takes after a pause is sent at once', async () => {
    const foreseen = await places(112, await world().instance().foresee());
    expect(foreseen.slice(0, 111)).toEqual(Array.from({ length: 111 }, () => 0));
    expect(foreseen[111]).toBe(45);
  });

  it('foresees nothing before the gate opens', async () => {
    const { instance, put } = world();
    put({ closedUntil: after(9_000) });
    expect(await places(2, await instance().foresee())).toEqual([9_000, 9_000]);
  });

  it('reserves nothing for nobody, without a table call', async () => {
    const { instance, counts } = world();
    await instance().reserve(0);
    expect(counts).toEqual({ reads: 0, writes: 0 });
  });
});

describe('who has to come again', () => {
  it('comes soon, one after the other', async () => {
    const { time, instance } = world();
    const { retryPlace } = instance();
    // 19.9 a second.
    expect(await places(4, () => retryPlace(after(0)))).toEqual([0, 51, 101, 151]);
    time.ms = 10_000;
    expect(await places(2, () => retryPlace(after(10_000)))).toEqual([10_000, 10_051]);
  });

  it('comes no earlier than he was told, nor than the gate opens', async () => {
    const { instance, put } = world();
    put({ closedUntil: after(9_000) });
    const { retryPlace } = instance();
    expect(await places(2, () => retryPlace(after(0)))).toEqual([9_000, 9_051]);
    expect(await places(2, () => retryPlace(after(20_000)))).toEqual([20_000, 20_051]);
  });

  it('takes no place in the line', async () => {
    const { instance, counts } = world();
    await places(50, () => instance().retryPlace(after(0)));
    expect(counts.writes).toBe(0);
  });
});
