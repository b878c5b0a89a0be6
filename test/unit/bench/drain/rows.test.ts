import type { OurRun } from '../../../../bench/drain/ours';
import { rowOfHarm, rowsOfCosts, rowsOfPeer, rowsOfRuns } from '../../../../bench/drain/rows';

const run = (more: Partial<OurRun> = {}): OurRun => ({
  invitations: 5000,
  reached: 5000,
  lost: 0,
  doubled: 0,
  refused: 5,
  forced: 25,
  idealMs: 120_000,
  lastMs: 123_000,
  drainPercent: 97.5,
  wastedPercent: 0.1,
  sendP99Ms: 2100,
  graphP99Ms: 2000,
  tableRequests: 7,
  messages: 1,
  cpuMs: 10,
  cpuPercentOfWorkers: [10],
  otherRequests: 1,
  statuses: { pendingAcceptance: 5000 },
  errors: [],
  seconds: [],
  looks: [],
  ...more,
});

describe('rowsOfRuns', () => {
  it('holds the median of the runs to its aim', () => {
    const runs = [run({ drainPercent: 96 }), run({ drainPercent: 98 }), run({ drainPercent: 97.2, wastedPercent: 2 })];
    expect(rowsOfRuns('4 workers', runs, { leastDrain: 97 })).toMatchObject([
      { what: '4 workers: drain', ours: 97.2, min: 96, max: 98, runs: 3, limit: 100, ratio: 0.972, met: true },
      { ours: 0.1, min: 0.1, max: 2, met: true },
    ]);
  });

  it('takes a run in which not all got through for nothing drained', () => {
    const [drain] = rowsOfRuns('4 workers', [run({ drainPercent: undefined, lost: 1 })], { leastDrain: 97 });
    expect(drain).toMatchObject({ ours: 0, met: false });
  });

  it('has no aim for the drain at small size', () => {
    expect(rowsOfRuns('4 workers', [run()], {})[0]).not.toHaveProperty('met');
  });
});

describe('rowsOfCosts', () => {
  it('holds the slowest sends to those of Graph', () => {
    expect(rowsOfCosts('4 workers', [run()])[0]).toMatchObject({ ratio: 1.05, better: 'lower', met: true });
    expect(rowsOfCosts('4 workers', [run({ sendP99Ms: 2300 })])[0]).toMatchObject({ ratio: 1.15, met: false });
  });
});

describe('rowOfHarm', () => {
  it('counts whoever was lost or invited twice in any run', () => {
    expect(rowOfHarm([run(), run({ lost: 2, doubled: 1 })])).toMatchObject({ ours: 3, max: 3, met: false });
    expect(rowOfHarm([run(), run()])).toMatchObject({ ours: 0, met: true });
  });
});

describe('rowsOfPeer', () => {
  it('compares what had got through by then, and what was refused', () => {
    const peer = { ...run({ reached: 250, wastedPercent: 300 }), reachedPercent: 5, deadLettered: 0 };
    expect(rowsOfPeer('sequential', peer, [run()])).toMatchObject([
      { ours: 100, peer: 5, ratio: 20 },
      { ours: 0.1, peer: 300 },
    ]);
  });
});
