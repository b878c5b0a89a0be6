import { type GateState, freshGate } from '../../../../shared/domain/gate';
import type { GatePace } from '../../../../shared/domain/graphBucket';
import { toInstant } from '../../../../shared/domain/time';
import { bothGates } from '../../../../shared/graph/bothGates';
import { makeGate } from '../../../../shared/graph/gate';
import { gateTable } from '../../../support/graphBucketServer';
import { makeVirtualClock } from '../../../storm/virtualClock';

const START_MS = Date.parse('2026-03-02T09:00:00.000Z');
const WIDE: GatePace = { perSecond: 20, burstMs: 5_000 };
const NARROW: GatePace = { perSecond: 0.0625, burstMs: 40_000 };
const UNTIL = '2026-03-02T09:01:30.000Z';
const after = (ms: number) => toInstant(START_MS + ms);

/** Sharing mails: a wide limit and a narrow one, whose bucket holds two tokens. */
function world() {
  const clock = makeVirtualClock(START_MS);
  const limited = (pace: GatePace) => {
    const table = gateTable();
    const gate = makeGate({
      gates: table.gates,
      limit: 'any',
      pace,
      now: () => toInstant(clock.nowMs()),
      monotonicMs: clock.nowMs,
      sleep: clock.sleep,
      random: () => 1,
      mostWaitMs: 5_000,
    });
    const put = (changes: Partial<GateState>) => table.put({ ...freshGate(after(0), pace), ...changes });
    return { ...table, gate, put };
  };
  const [wide, narrow] = [limited(WIDE), limited(NARROW)];
  const granted = () => [wide, narrow].map(({ state }) => state()?.bucket.granted ?? 0);
  return { ...clock, wide, narrow, granted, gate: bothGates(wide.gate, narrow.gate) };
}

it('gives a token where both have one, and takes it of both', async () => {
  const { run, gate, granted } = world();
  expect(await run(gate.take(0))).toEqual({ ok: true });
  expect(granted()).toEqual([1, 1]);
});

it('gives none where the narrow one has none: the token of the wide one is lost', async () => {
  const { run, gate, granted } = world();
  for (let call = 0; call < 2; call += 1) await run(gate.take(0));
  expect(await run(gate.take(0))).toMatchObject({ ok: false });
  expect(granted()).toEqual([3, 2]);
});

it('asks the narrow one nothing while the wide one has no token', async () => {
  const { run, gate, wide, granted } = world();
  wide.put({ closedUntil: UNTIL });
  expect(await run(gate.take(0))).toEqual({ ok: false, until: UNTIL });
  expect(granted()).toEqual([0, 0]);
});

it('waits no longer than it is told, at either', async () => {
  const { run, gate, narrow, nowMs } = world();
  narrow.put({ closedUntil: after(4_000) });
  expect(await run(gate.take(0, 3_999))).toEqual({ ok: false, until: after(4_000) });
  expect(nowMs()).toBe(START_MS);
  expect(await run(gate.take(0))).toEqual({ ok: true });
  expect(nowMs()).toBe(START_MS + 4_000);
});

it.each(['wide', 'narrow'] as const)('goes away until the one that is closed opens: the %s one', async (closed) => {
  const made = world();
  const { run, gate } = made;
  made[closed].put({ closedUntil: UNTIL, closedWhy: 'TooManyRequests' });
  expect(await run(gate.take(0))).toEqual({ ok: false, until: UNTIL });
  expect(await run(gate.estimate())).toBe(UNTIL);
  expect((await run(gate.foresee()))()).toBe(UNTIL);
  expect((await run(gate.shutUntil())) ?? '').toMatch(/^2026-03-02T09:01:[345]/);
  expect((await run(gate.retryPlace(after(0)))) >= UNTIL).toBe(true);
  expect(await run(gate.read())).toMatchObject({ closedUntil: UNTIL, closedWhy: 'TooManyRequests' });
  expect(await run(gate.demand())).toMatchObject({ isBusy: true, closedUntil: UNTIL });
});

it('is shut until both are open', async () => {
  const { run, gate, wide, narrow } = world();
  wide.put({ closedUntil: after(30_000) });
  narrow.put({ closedUntil: UNTIL });
  expect(await run(gate.shutUntil())).toBe(UNTIL);
  expect(await run(gate.demand())).toMatchObject({ closedUntil: UNTIL });
});

it('is open while both are', async () => {
  const { run, gate } = world();
  expect(await run(gate.shutUntil())).toBeUndefined();
  expect(await run(gate.demand())).toEqual({ perSecond: 0.062375, isBusy: false, closedUntil: undefined });
});

it('foresees and reserves places in both lines', async () => {
  const { run, gate, wide, narrow } = world();
  const next = await run(gate.foresee());
  // Three lie in the 40 s before, then one every 14.5 s.
  expect([next(), next(), next(), next(), next(), next()].slice(3)).toEqual([
    after(3_636),
    after(18_181),
    after(32_727),
  ]);
  await run(gate.reserve(6));
  expect(narrow.state()?.lineEndsAt).toBe(after(47_273));
  expect(wide.state()?.lineEndsAt).toBe(after(-4_727));
});

it.each(['close', 'pause'] as const)('%ss both: Graph does not say which limit it was', async (how) => {
  const { run, gate, wide, narrow } = world();
  await run(gate[how](UNTIL, 'Forbidden'));
  expect([wide.state(), narrow.state()]).toMatchObject([
    { closedUntil: UNTIL, closedWhy: 'Forbidden' },
    { closedUntil: UNTIL, closedWhy: 'Forbidden' },
  ]);
});

it('slows both down after a 429', async () => {
  const { run, gate, wide, narrow } = world();
  await run(gate.refused({ beganAt: after(0), retryAfterMs: 30_000, why: 'TooManyRequests' }));
  expect([wide.state(), narrow.state()]).toMatchObject([
    { closedUntil: after(30_000), bucket: { rate: 16 } },
    { closedUntil: after(30_000), bucket: { rate: 0.05 } },
  ]);
});

it('tells both how much of its limit Graph sees used', async () => {
  const { run, gate, wide, narrow } = world();
  await run(gate.answered(after(1_000), 1.25));
  expect([wide.state()?.bucket.rate, narrow.state()?.bucket.rate]).toEqual([16, 0.05]);
});

it('gives a token back to both', async () => {
  const { run, sleep, gate, wide, narrow, nowMs } = world();
  for (const limited of [wide, narrow]) limited.put({ closedUntil: after(4_000) });
  const back = sleep(50).then(gate.giveBack);
  const taken = await run(Promise.all([wide.gate.take(0), narrow.gate.take(0), back]));
  expect(taken).toMatchObject([{ ok: true }, { ok: true }, undefined]);
  expect(nowMs()).toBe(START_MS + 50);
});
