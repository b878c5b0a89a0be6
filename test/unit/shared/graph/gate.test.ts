import { type GateState, freshGate } from '../../../../shared/domain/gate';
import type { GatePace } from '../../../../shared/domain/graphBucket';
import type { Lane } from '../../../../shared/domain/nextStep';
import { toInstant } from '../../../../shared/domain/time';
import { makeGate } from '../../../../shared/graph/gate';
import { type Drain, drain, gateTable } from '../../../support/graphBucketServer';
import { seededRandom } from '../../../storm/seededRandom';
import { makeVirtualClock } from '../../../storm/virtualClock';

// A machine that does other things besides takes a multiple of its time.
jest.setTimeout(60_000);

const START_MS = Date.parse('2026-03-02T09:00:00.000Z');
/** Its bucket holds 100 tokens: four fifths of five seconds' worth. */
const PACE: GatePace = { perSecond: 25, burstMs: 5_000 };
const after = (ms: number) => toInstant(START_MS + ms);
const refusal = (beganMs: number, retryAfterMs: number | undefined) => ({
  beganAt: after(beganMs),
  retryAfterMs,
  why: 'TooManyRequests',
});

/** One gate's entity, and a world in which time passes when a test says so. */
function world({ pace = PACE, tableMs = 0, mostWaitMs = 5_000 } = {}) {
  const clock = makeVirtualClock(START_MS);
  const table = gateTable();
  const { read, write } = table.gates;
  table.gates.read = async (limit) => {
    if (tableMs > 0) await clock.sleep(tableMs);
    return read(limit);
  };
  table.gates.write = async (limit, state, etag) => {
    if (tableMs > 0) await clock.sleep(tableMs);
    return write(limit, state, etag);
  };
  /** An instance whose monotonic clock began at a time of its own. */
  const instance = (bootMs = 0) => {
    const clockStep = { ms: 0 };
    const gate = makeGate({
      gates: table.gates,
      limit: 'invitations',
      pace,
      now: () => toInstant(clock.nowMs() + clockStep.ms),
      monotonicMs: () => clock.nowMs() - START_MS + bootMs,
      sleep: clock.sleep,
      random: seededRandom(bootMs),
      mostWaitMs,
    });
    return { ...gate, clockStep };
  };
  return {
    ...clock,
    ...table,
    instance,
    put: (changes: Partial<GateState>) => table.put({ ...freshGate(after(0), pace), ...changes }),
    /** Lets time pass. */
    pass: (ms: number) => clock.run(clock.sleep(ms)),
    elapsedMs: () => clock.nowMs() - START_MS,
  };
}

const callers = (count: number, take: (lane: Lane) => Promise<{ ok: boolean }>) =>
  Promise.all(Array.from({ length: count }, () => take(0)));

const emptyBucket = { ...freshGate(after(0), PACE).bucket, level: 0 };

describe('all instances together', () => {
  it('never give more than the pace, and give it all', async () => {
    const here = world({ tableMs: 3, mostWaitMs: 30_000 });
    const instances = [here.instance(), here.instance(77_000), here.instance(-5)];
    const times: number[] = [];
    const caller = async (take: (lane: Lane) => Promise<{ ok: boolean }>) => {
      while (here.elapsedMs() < 30_000) if ((await take(0)).ok) times.push(here.elapsedMs());
    };
    await here.run(Promise.all(instances.flatMap(({ take }) => Array.from({ length: 8 }, () => caller(take)))));
    // A timer of whole milliseconds and a table call come between a token's time and its use.
    const tooEarly = times.filter((ms, index) => index + 1 > 112.5 + (25 * ms) / 1_000);
    expect(tooEarly).toEqual([]);
    expect(times.length).toBeGreaterThan(112.5 + 0.97 * 25 * 30);
  });

  it('share one lease among callers at the same time', async () => {
    const here = world({ tableMs: 3 });
    const { take } = here.instance();
    const taken = await here.run(callers(64, take));
    expect(taken.filter(({ ok }) => ok)).toHaveLength(64);
    // The first who came leased for himself.
    expect(here.counts.writes).toBe(2);
  });

  it('get all their tokens though another instance is faster each time', async () => {
    const here = world({ tableMs: 3 });
    const taken = await here.run(Promise.all([callers(30, here.instance().take), callers(30, here.instance(7).take)]));
    expect(taken.flat().filter(({ ok }) => ok)).toHaveLength(60);
    expect(here.state()?.bucket.granted).toBe(60);
  });

  it('wait a little where the entity changes under every try', async () => {
    const here = world();
    const { write } = here.gates;
    let lost = 0;
    here.gates.write = (limit, state, etag) => {
      lost += 1;
      return lost <= 10 ? Promise.resolve(false) : write(limit, state, etag);
    };
    expect(await here.run(here.instance().take(0))).toEqual({ ok: true });
    expect(here.elapsedMs()).toBeGreaterThanOrEqual(10);
    expect(here.elapsedMs()).toBeLessThanOrEqual(20);
  });
});

describe('take', () => {
  it('waits for a token that comes soon', async () => {
    const here = world();
    here.put({ bucket: { ...emptyBucket, level: -2.4875 } });
    expect(await here.run(here.instance().take(0))).toEqual({ ok: true });
    // Leased when it was no more than 100 ms away: 3.4875 tokens at 24.875 a second.
    expect(here.elapsedMs()).toBeGreaterThanOrEqual(140);
    expect(here.elapsedMs()).toBeLessThan(165);
  });

  it('sends away at once who would wait for longer than he can, with a time to come again', async () => {
    const here = world();
    here.put({ closedUntil: after(6_000) });
    const { take } = here.instance();
    expect(await here.run(take(0))).toEqual({ ok: false, until: after(6_000) });
    expect(await here.run(take(0))).toEqual({ ok: false, until: after(6_041) });
    expect(here.elapsedMs()).toBe(0);
  });

  it('lets who can wait longer wait, and who can wait less go', async () => {
    const here = world();
    here.put({ closedUntil: after(6_000) });
    const { take } = here.instance();
    const patient = take(0, 6_000);
    const hasty = here.sleep(1_000).then(() => take(0, 4_999));
    expect(await here.run(hasty)).toEqual({ ok: false, until: after(6_000) });
    expect(here.elapsedMs()).toBe(1_000);
    expect(await here.run(patient)).toEqual({ ok: true });
    expect(here.elapsedMs()).toBe(6_000);
  });

  it('throws the error of the tables at everybody who waits, and serves again once they are back', async () => {
    const here = world();
    const { take } = here.instance();
    const { read } = here.gates;
    here.gates.read = () => Promise.reject(new Error('Tables are away.'));
    const told = await here.run(Promise.allSettled([take(0), take(1), take(0)]));
    expect(told.map((one) => one.status === 'rejected' && String(one.reason))).toEqual([
      'Error: Tables are away.',
      'Error: Tables are away.',
      'Error: Tables are away.',
    ]);
    here.gates.read = read;
    expect(await here.run(take(0))).toEqual({ ok: true });
  });

  it('gives the token that one gave back to the next', async () => {
    const here = world();
    here.put({ bucket: { ...emptyBucket, level: -20 } });
    const { take, giveBack } = here.instance();
    const back = here.sleep(50).then(giveBack);
    expect(await here.run(Promise.all([take(0), back]))).toEqual([{ ok: true }, undefined]);
    expect(here.elapsedMs()).toBe(50);
  });
});

describe('a closed gate', () => {
  it('gives nothing to any instance, and goes on after', async () => {
    const here = world();
    const [closing, other] = [here.instance(), here.instance(9)];
    await here.run(closing.take(0));
    await here.run(closing.close(after(60_000), 'Forbidden'));
    expect(await here.run(closing.take(0))).toEqual({ ok: false, until: after(60_000) });
    await here.pass(54_999);
    expect(await here.run(other.take(0))).toMatchObject({ ok: false });
    await here.pass(1);
    expect(await here.run(other.take(0))).toEqual({ ok: true });
    expect(here.elapsedMs()).toBe(60_000);
  });

  it('never opens earlier because it was closed again for a shorter time', async () => {
    const here = world();
    const { close } = here.instance();
    await here.run(close(after(60_000), 'Forbidden'));
    await here.run(close(after(10_000), 'TooManyRequests'));
    expect(here.state()?.closedUntil).toBe(after(60_000));
  });

  it('gives nothing of what was in hand', async () => {
    const here = world();
    here.put({ bucket: emptyBucket });
    const { take, close } = here.instance();
    const closes = here.sleep(10).then(() => close(after(2_000), 'Forbidden'));
    // Leased are the tokens of the next 100 ms.
    expect(await here.run(Promise.all([take(0), closes]))).toEqual([{ ok: true }, undefined]);
    expect(here.elapsedMs()).toBe(2_000);
  });

  it('is closed before anything is done for a call, where it stays closed for longer than one waits', async () => {
    const here = world();
    const { shutUntil } = here.instance();
    expect(await here.run(shutUntil())).toBeUndefined();
    here.put({ closedUntil: after(11_000) });
    await here.pass(5_000);
    expect(await here.run(shutUntil())).toBe(after(11_000));
    expect(await here.run(shutUntil())).toBe(after(11_041));
    await here.pass(1_000);
    expect(await here.run(shutUntil())).toBeUndefined();
  });
});

describe('a 429', () => {
  it('closes for as long as Graph says', async () => {
    const here = world();
    const gate = here.instance();
    await here.run(gate.refused(refusal(0, 7_000)));
    expect(await here.run(gate.take(0))).toEqual({ ok: false, until: after(7_000) });
  });

  it('without Retry-After closes for a second, and twice as long with each in a row until a good answer', async () => {
    const here = world();
    const gate = here.instance();
    await here.run(gate.refused(refusal(0, undefined)));
    expect(here.state()?.closedUntil).toBe(after(1_000));
    await here.pass(1_001);
    await here.run(gate.refused(refusal(1_000, undefined)));
    expect(here.state()?.closedUntil).toBe(after(3_001));
    await here.pass(3_000);
    await here.run(gate.answered(after(3_500), undefined));
    await here.run(gate.refused(refusal(4_000, undefined)));
    expect(here.state()?.closedUntil).toBe(after(5_001));
  });

  it('of one storm counts once, whichever instances it meets', async () => {
    const here = world({ tableMs: 2 });
    here.put({});
    const instances = [here.instance(), here.instance(3), here.instance(5)];
    await here.run(Promise.all(instances.map((gate) => gate.refused(refusal(0, undefined)))));
    expect(here.state()).toMatchObject({ silentRefusals: 1, bucket: { rate: 20, storm: { refusals: 3 } } });
  });

  it('closes the instance that met it though a read from before it is answered after it', async () => {
    const here = world({ tableMs: 2 });
    here.put({});
    const { read } = here.gates;
    const gate = here.instance();
    let hold = true;
    here.gates.read = async (limit) => {
      const found = await read(limit);
      if (!hold) return found;
      hold = false;
      await here.sleep(50);
      return found;
    };
    const reading = gate.read();
    await here.run(gate.refused(refusal(0, 7_000)));
    await here.run(reading);
    expect(await here.run(gate.retryPlace(after(52)))).toBe(after(7_000));
  });

  it('holds back for all of Retry-After though the clock of the tables steps forward meanwhile', async () => {
    const here = world();
    const gate = here.instance();
    await here.run(gate.refused(refusal(0, 2_000)));
    gate.clockStep.ms = 400;
    await here.pass(1_700);
    expect(await here.run(gate.take(0, 299))).toMatchObject({ ok: false });
    expect(await here.run(gate.take(0))).toEqual({ ok: true });
    expect(here.elapsedMs()).toBe(2_000);
  });

  it('ends early where the clock of the tables was set', async () => {
    const here = world();
    const gate = here.instance();
    await here.run(gate.refused(refusal(0, 600_000)));
    gate.clockStep.ms = 3_600_000;
    expect(await here.run(gate.take(0))).toEqual({ ok: true });
    expect(here.elapsedMs()).toBe(0);
  });

  it('makes the tokens in hand void', async () => {
    const here = world();
    here.put({ bucket: emptyBucket });
    const gate = here.instance();
    const takes = callers(2, gate.take);
    const refusedThen = here.sleep(50).then(() => gate.refused(refusal(0, 3_000)));
    await here.run(Promise.all([takes, refusedThen]));
    // One went out after 41 ms; the next was due after 81.
    expect(here.elapsedMs()).toBeGreaterThanOrEqual(3_000);
  });
});

describe('a 429 while the other instances are being told', () => {
  it('leaves nothing to lease to the instance that met it', async () => {
    const here = world({ tableMs: 50 });
    here.put({});
    const { write } = here.gates;
    let isFirst = true;
    here.gates.write = async (limit, state, etag) => {
      const isOvertaken = isFirst && state.closedUntil > after(0);
      if (!isOvertaken) return write(limit, state, etag);
      isFirst = false;
      return false;
    };
    const gate = here.instance();
    const met = gate.refused(refusal(0, 3_000));
    expect(await here.run(gate.take(0, 100))).toMatchObject({ ok: false });
    await here.run(met);
    expect([isFirst, here.state()?.bucket.granted]).toEqual([false, 0]);
  });
});

describe('a good answer', () => {
  it('costs no table call', async () => {
    const here = world();
    const { take, answered } = here.instance();
    await here.run(take(0));
    const { reads, writes } = here.counts;
    for (let call = 0; call < 10; call += 1) await here.run(answered(after(call), 0.9));
    expect(here.counts).toEqual({ reads, writes });
  });

  it('tells all instances where Graph warns of its limit', async () => {
    const here = world();
    await here.run(here.instance().answered(after(0), 1.25));
    expect(here.state()?.bucket.rate).toBe(20);
  });
});

it('tells what is let through: how much, whether callers wait, and until when it is closed', async () => {
  const here = world();
  const gate = here.instance();
  expect(await here.run(gate.demand())).toEqual({ perSecond: 24.95, isBusy: false, closedUntil: undefined });
  await here.run(gate.refused(refusal(0, 7_000)));
  // A fifth less, and 3 % of that, for nothing was measured.
  expect(await here.run(gate.demand())).toEqual({ perSecond: 19.4, isBusy: true, closedUntil: after(7_000) });
  expect(await here.run(gate.read())).toMatchObject({ closedUntil: after(7_000), closedWhy: 'TooManyRequests' });
});

/*
 * Whole drains: 5,000 invitations, 40 a second, 200 at once. `share` is what a sender would need who knows Graph's bucket
 * at every moment, in percent of the time it took.
 */
describe('against a strict bucket of tokens', () => {
  const known: GatePace = { perSecond: 40, burstMs: 5_000 };
  const unknown: GatePace = { perSecond: 1_000, startPerSecond: 25, burstMs: 5_000 };
  const halfTaken = [
    { atMs: 40_000, perSecond: 20 },
    { atMs: 80_000, perSecond: 40 },
  ];
  const drained = ({ drains = true, ...wanted }: Partial<Drain> & { drains?: boolean }) =>
    drain({
      pace: known,
      graph: { perSecond: 40, burst: 200, drains },
      invitations: 5_000,
      instances: 4,
      seed: 1,
      ...wanted,
    });

  it.each([1, 4, 16])('a limit that is known is used, and never passed, by %i instances', async (instances) => {
    const { share, refused } = await drained({ instances });
    expect(refused).toBe(0);
    expect(share).toBeGreaterThanOrEqual(97);
  });

  it('a limit that is known is never passed by instances whose clocks differ', async () => {
    const { share, refused } = await drained({ clocksDifferMs: 300, invitations: 2_000 });
    expect(refused).toBe(0);
    // The tenth of the bucket that is never spent takes half a second of 45.
    expect(share).toBeGreaterThanOrEqual(95);
  });

  it.each([
    [1, 'drain it', true],
    [1, 'are free', false],
    [4, 'drain it', true],
    [4, 'are free', false],
    [16, 'drain it', true],
    [16, 'are free', false],
  ])('a limit that is not known is found by %i instances, where refused calls %s', async (instances, _what, drains) => {
    const { share, refused } = await drained({ pace: unknown, instances, drains });
    expect(refused).toBeLessThanOrEqual(1);
    expect(share).toBeGreaterThanOrEqual(96);
  });

  it.each([
    ['known', known, true, 95],
    ['known', known, false, 95],
    ['not known', unknown, true, 92],
    ['not known', unknown, false, 92],
  ])('what another app leaves is used, with a limit that is %s', async (_what, pace, drains, least) => {
    const { share, refused } = await drained({ pace, drains, left: halfTaken });
    expect(refused).toBeLessThanOrEqual(2);
    expect(share).toBeGreaterThanOrEqual(least);
  });
});
