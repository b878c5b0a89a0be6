import { createRequire } from 'node:module';
import type * as oursModule from '../../../bench/drain/ours';
import type * as peersModule from '../../../bench/drain/peers';
import type { Setup } from '../../../bench/drain/ours';

/** Compiled, because they fork compiled files beside them. */
const load = createRequire(__filename);
const { runOurs, startScene } = load('../../../dist/bench/drain/ours.js') as typeof oursModule;
const { runPeer } = load('../../../dist/bench/drain/peers.js') as typeof peersModule;

const setup: Setup = {
  seed: 1,
  workers: 2,
  invitations: 30,
  limit: { perSecond: 25, burst: 10 },
  bucket: 'drain',
  saysRetryAfter: true,
  hasOtherApp: false,
  perSecond: '20',
  settings: {},
};

jest.setTimeout(120_000);

describe('a run of ours', () => {
  it('invites everybody once through the functions of two workers, and tells what that took', async () => {
    const scene = await startScene(setup);
    try {
      const run = await runOurs(scene, setup, 'first');
      expect(run).toMatchObject({
        invitations: 30,
        reached: 30,
        lost: 0,
        doubled: 0,
        idealMs: 800,
        statuses: { pendingAcceptance: 30 },
        errors: [],
      });
      expect(run.lastMs).toBeGreaterThan(800);
      expect(run.seconds.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(30);
      expect(run.messages).toBeGreaterThanOrEqual(1);
      // A read, the intent and the outcome at the least.
      expect(run.tableRequests).toBeGreaterThan(3);
      expect(run.sendP99Ms).toBeGreaterThanOrEqual(run.graphP99Ms);
      expect(run.looks[0]).toMatchObject({ queue: { deadLetter: 0 } });
    } finally {
      await scene.close();
    }
  });
});

describe('a run of a peer', () => {
  const options = { ...setup, processes: 2, mostMs: 2_500, limit: { perSecond: 5, burst: 5 } };

  it.each(['pool64', 'queueFunction'] as const)('shows what the limit refuses to %s', async (name) => {
    const run = await runPeer(name, options);
    expect(run.refused).toBeGreaterThan(0);
    expect(run.reached).toBeGreaterThanOrEqual(5);
    expect(run.wastedPercent).toBeCloseTo((100 * run.refused) / 30);
  });

  it('shows none to a loop, which is too slow to be refused', async () => {
    const run = await runPeer('sequential', { ...options, limit: { perSecond: 25, burst: 10 } });
    expect(run).toMatchObject({ refused: 0, drainPercent: undefined });
    expect(run.reachedPercent).toBeLessThan(100);
  });
});
