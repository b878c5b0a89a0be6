import type { BenchRow } from '../result';
import { type Summary, summaryOf } from '../statistics';
import type { OurRun } from './ours';
import { PEERS, type PeerName, type PeerRun } from './peers';

/** The aims of issue 8, in %; of a send, against Graph's own p99. */
export const AIMS = { drain: 97, drainUnlearned: 90, wasted: 1, send: 1.1 };

/** How near to the limit, and what was wasted; `leastDrain` where there is an aim at this size. */
export function rowsOfRuns(what: string, runs: readonly OurRun[], { leastDrain }: { leastDrain?: number }): BenchRow[] {
  const drain = summaryOf(runs.map(({ drainPercent = 0 }) => drainPercent));
  const wasted = summaryOf(runs.map(({ wastedPercent }) => wastedPercent));
  const aim = leastDrain === undefined ? {} : { aim: `≥ ${leastDrain} %`, met: drain.median >= leastDrain };
  return [
    { what: `${what}: drain`, ...oursOf(drain), limit: 100, unit: '%', ratio: drain.median / 100, ...aim },
    {
      what: `${what}: refused calls for 100 invitations`,
      ...oursOf(wasted),
      unit: '',
      aim: `≤ ${AIMS.wasted}`,
      met: wasted.median <= AIMS.wasted,
    },
  ];
}

/** What one invitation costs on its way from the queue, and how much longer a call takes than Graph takes over it. */
export function rowsOfCosts(what: string, runs: readonly OurRun[]): BenchRow[] {
  const cost = (name: string, unit: string, valueOf: (run: OurRun) => number): BenchRow => ({
    what: `${what}: ${name}`,
    ...oursOf(summaryOf(runs.map(valueOf))),
    unit,
  });
  const ours = summaryOf(runs.map(({ sendP99Ms }) => sendP99Ms));
  const graphs = summaryOf(runs.map(({ graphP99Ms }) => graphP99Ms));
  const ratio = ours.median / graphs.median;
  return [
    {
      what: `${what}: p99 of a send, against Graph's own`,
      ...oursOf(ours),
      limit: graphs.median,
      unit: 'ms',
      ratio,
      better: 'lower',
      aim: `≤ ${AIMS.send} × Graph's`,
      met: ratio <= AIMS.send,
    },
    cost('CPU for an invitation', 'ms', ({ cpuMs }) => cpuMs),
    cost('table requests for an invitation', '', ({ tableRequests }) => tableRequests),
    cost('messages for an invitation', '', ({ messages }) => messages),
    cost('look-ups at Graph for an invitation', '', ({ otherRequests }) => otherRequests),
  ];
}

/** None may be lost or doubled, whatever the run. */
export function rowOfHarm(runs: readonly OurRun[]): BenchRow {
  const harmed = runs.map(({ lost, doubled }) => lost + doubled);
  const all = harmed.reduce((total, one) => total + one, 0);
  return {
    what: 'lost or invited twice, all runs',
    ours: all,
    unit: '',
    min: Math.min(...harmed),
    max: Math.max(...harmed),
    runs: runs.length,
    aim: 'none',
    met: all === 0,
  };
}

/** What had got through with a peer by the time ours was done, and how often it called in vain. */
export function rowsOfPeer(name: PeerName, peer: PeerRun, ours: readonly OurRun[]): BenchRow[] {
  const wasted = summaryOf(ours.map(({ wastedPercent }) => wastedPercent));
  return [
    {
      what: `through by the time ours is done; peer: ${PEERS[name]}`,
      ours: 100,
      peer: peer.reachedPercent,
      unit: '%',
      ...(peer.reachedPercent > 0 ? { ratio: 100 / peer.reachedPercent } : {}),
      runs: 1,
    },
    {
      what: `refused calls for 100 invitations; peer: ${PEERS[name]}`,
      ...oursOf(wasted),
      peer: peer.wastedPercent,
      unit: '',
    },
  ];
}

const oursOf = ({ median, min, max, runs }: Summary) => ({ ours: median, min, max, runs });
