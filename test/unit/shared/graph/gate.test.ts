import { type GateState, freshGate } from '../../../../shared/domain/gate';
import { toInstant } from '../../../../shared/domain/time';
import { bothGates, makeGate } from '../../../../shared/graph/gate';

const START_MS = Date.parse('2026-03-02T09:00:00.000Z');
const PACE = { perSecond: 25, blockMs: 1_000 };
const after = (ms: number) => toInstant(START_MS + ms);

/** One gate's entity, and a world in which time passes when a test says so. */
function world({ writeMs = 0 } = {}) {
  const time = { ms: 0 };
  let entity: { state: GateState; etag: string } | undefined;
  let writes = 0;
  const gates = {
    read: () => Promise.resolve(entity),
    write: (_limit: string, state: GateState, etag: string | undefined) => {
      if (etag !== entity?.etag) return Promise.resolve(false);
      writes += 1;
      if (writes > 2_000) throw new Error('Nobody leases that often.');
      time.ms += writeMs;
      entity = { state, etag: String(writes) };
      return Promise.resolve(true);
    },
  };
  /** An instance whose monotonic clock began at a time of its own. */
  const instance = (bootMs = 0) => {
    const jump = { ms: 0 };
    const clockStep = { ms: 0 };
    const gate = makeGate({
      gates,
      limit: 'invitations',
      pace: PACE,
      now: () => after(time.ms + clockStep.ms),
      monotonicMs: () => time.ms + bootMs + jump.ms,
    });
    return { ...gate, jump, clockStep };
  };
  return {
    time,
    instance,
    put: (changes: Partial<GateState>) => {
      entity = { state: { ...freshGate(after(0), PACE), ...changes }, etag: 'put' };
    },
    state: () => entity?.state,
    writes: () => writes,
  };
}

it('never gives more than the pace to all instances together, and gives it all', async () => {
  const { time, instance } = world();
  const instances = [instance(), instance(77_000), instance(-5)];
  let taken = 0;
  for (time.ms = 0; time.ms < 60_000; time.ms += 50) {
    for (const gate of instances) {
      while ((await gate.take(0)).ok) taken += 1;
    }
    expect(taken).toBeLessThanOrEqual((PACE.perSecond * time.ms) / 1_000 + instances.length * 25);
  }
  expect(taken).toBeGreaterThan(0.9 * 25 * 60);
});

it('holds back for all of a Retry-After though the clock of the tables steps forward meanwhile', async () => {
  const { time, instance } = world();
  const gate = instance();
  await gate.refused({ beganAt: after(0), retryAfterMs: 2_000, why: 'TooManyRequests' });
  gate.clockStep.ms = 400;
  time.ms = 1_700;
  expect(await gate.take(0)).toEqual({ ok: false, until: after(2_400) });
  time.ms = 2_000;
  expect((await gate.take(0)).ok).toBe(true);
});

it('believes a table server whose clock was set', async () => {
  const gate = world().instance();
  await gate.refused({ beganAt: after(0), retryAfterMs: 600_000, why: 'TooManyRequests' });
  gate.clockStep.ms = 3_600_000;
  expect((await gate.take(0)).ok).toBe(true);
});

it('gives a token at once and tells the rest when to come back', async () => {
  const { take } = world().instance();
  const taken = [];
  for (let call = 0; call < 26; call += 1) taken.push(await take(0));
  expect(taken.filter(({ ok }) => ok)).toHaveLength(25);
  expect(taken.at(-1)).toEqual({ ok: false, until: after(1_000) });
});

it('shares one lease among callers at the same time', async () => {
  const here = world();
  const { take } = here.instance();
  const taken = await Promise.all(Array.from({ length: 25 }, () => take(0)));
  expect(taken.every(({ ok }) => ok)).toBe(true);
  expect(here.writes()).toBe(1);
});

it('spends no token of a block before it starts nor after it ended', async () => {
  const { time, instance } = world();
  const [first, second] = [instance(), instance()];
  await first.take(0);
  expect(await second.take(0)).toEqual({ ok: false, until: after(1_000) });
  time.ms = 999;
  expect((await second.take(0)).ok).toBe(false);
  time.ms = 1_000;
  expect(await second.take(0)).toEqual({ ok: true });
});

it('lets a block end by the monotonic clock, though other clocks stand still', async () => {
  const here = world();
  const gate = here.instance();
  await gate.take(0);
  expect(here.writes()).toBe(1);
  gate.jump.ms = 1_000;
  await gate.take(0);
  expect(here.writes()).toBe(2);
});

it('leases no block that starts more than five seconds ahead', async () => {
  const here = world();
  here.put({ nextBlockAt: after(5_001) });
  expect(await here.instance().take(0)).toMatchObject({ ok: false, until: after(5_001) });
  expect(here.writes()).toBe(0);
  here.put({ nextBlockAt: after(5_000) });
  expect(await here.instance().take(0)).toMatchObject({ ok: false, until: after(5_000) });
  expect(here.writes()).toBe(1);
});

it('gives nothing while it is closed, and goes on after', async () => {
  const { time, instance } = world();
  const [closing, other] = [instance(), instance()];
  await closing.take(0);
  await closing.close(after(60_000), 'Forbidden');
  expect(await closing.take(0)).toEqual({ ok: false, until: after(60_000) });
  time.ms = 5_999;
  expect((await other.take(0)).ok).toBe(false);
  time.ms = 60_000;
  expect(await other.take(0)).toEqual({ ok: true });
});

it('never opens earlier because it was closed again for a shorter time', async () => {
  const here = world();
  const { close } = here.instance();
  await close(after(60_000), 'Forbidden');
  await close(after(10_000), 'TooManyRequests');
  expect(here.state()?.closedUntil).toBe(after(60_000));
});

it('is closed by a 429 for as long as Graph says', async () => {
  const here = world();
  const gate = here.instance();
  await gate.refused({ beganAt: after(0), retryAfterMs: 7_000, why: 'TooManyRequests' });
  expect(await gate.take(0)).toMatchObject({ ok: false, until: after(7_000) });
});

it('spreads estimates at its pace and reserves nothing', async () => {
  const here = world();
  const { estimate } = here.instance();
  expect([await estimate(), await estimate(), await estimate()]).toEqual([after(0), after(40), after(80)]);
  expect(here.writes()).toBe(0);
});

it('estimates nothing before a closed gate opens', async () => {
  const here = world();
  here.put({ closedUntil: after(30_000) });
  const { estimate } = here.instance();
  expect([await estimate(), await estimate()]).toEqual([after(30_000), after(30_040)]);
});

it('sends callers away when tables are so slow that a block is over once it is leased', async () => {
  const here = world({ writeMs: 1_500 });
  expect(await here.instance().take(0)).toMatchObject({ ok: false });
  expect(here.writes()).toBeLessThanOrEqual(10);
});

describe('two limits at once', () => {
  const both = () => {
    const [wide, narrow] = [world(), world()];
    const [first, second] = [wide.instance(), narrow.instance()];
    return { wide, narrow, first, second, gate: bothGates(first, second) };
  };
  const passTime = ({ wide, narrow }: ReturnType<typeof both>, ms: number) => {
    wide.time.ms += ms;
    narrow.time.ms += ms;
  };

  it('gives a token where both have one, and takes it of both', async () => {
    const made = both();
    await made.gate.take(0);
    passTime(made, 2_000);
    expect(await made.gate.take(0)).toEqual({ ok: true });
    expect([made.wide.writes(), made.narrow.writes()].every((writes) => writes > 0)).toBe(true);
  });

  it('goes away until the one that is closed opens, whichever that is', async () => {
    const until = after(90_000);
    for (const closed of ['wide', 'narrow'] as const) {
      const made = both();
      made[closed].put({ closedUntil: until, closedWhy: 'TooManyRequests' });
      passTime(made, 2_000);
      const taken = await made.gate.take(0);
      expect(taken).toMatchObject({ ok: false });
      expect(!taken.ok && taken.until >= until).toBe(true);
      expect((await made.gate.estimate()) >= until).toBe(true);
      expect(await made.gate.read()).toMatchObject({ closedUntil: until, closedWhy: 'TooManyRequests' });
    }
  });

  it('asks the narrow one nothing while the wide one has no token', async () => {
    const made = both();
    made.wide.put({ closedUntil: after(90_000) });
    await made.gate.take(0);
    expect(made.narrow.writes()).toBe(0);
  });

  it('closes both, and throttles both: Graph does not say which limit it was', async () => {
    const made = both();
    await made.gate.close(after(60_000), 'Forbidden');
    expect([made.wide.state(), made.narrow.state()]).toMatchObject([
      { closedUntil: after(60_000), closedWhy: 'Forbidden' },
      { closedUntil: after(60_000), closedWhy: 'Forbidden' },
    ]);
    const other = both();
    await other.gate.refused({ beganAt: after(0), retryAfterMs: 30_000, why: 'TooManyRequests' });
    for (const state of [other.wide.state(), other.narrow.state()]) {
      expect(state?.closedUntil).toBe(after(30_000));
      expect(state?.pace).toBeLessThan(PACE.perSecond);
    }
  });

  it('tells both how much of its limit Graph sees used', async () => {
    const made = both();
    await made.gate.answered(after(1_000), 1.4);
    for (const state of [made.wide.state(), made.narrow.state()]) expect(state?.pace).toBeLessThan(PACE.perSecond);
  });
});
