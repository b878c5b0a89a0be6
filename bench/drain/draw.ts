import { barPlot, linePlot } from '../plot';
import type { Second } from './drained';
import type { Limit } from './limit';
import { PEERS, type PeerName } from './peers';

/** Invitations made so far, second by second: ours, the peers, and what nobody can beat. */
export function drawTimeline(
  invitations: number,
  limit: Limit,
  ours: readonly Second[],
  peers: Partial<Record<PeerName, readonly Second[]>>,
): string {
  const least = Math.max(0, (invitations - limit.burst) / limit.perSecond);
  return linePlot({
    title: `${invitations.toLocaleString('en-US')} invitations through a limit of ${limit.perSecond} a second`,
    description:
      'Invitations made over time. Four workers with the limit known follow the line of what the limit allows; what people use today stays far below.',
    x: { label: 'seconds since the start' },
    y: { label: 'invitations made', most: invitations },
    series: [
      {
        name: 'the limit',
        points: [
          [0, Math.min(limit.burst, invitations)],
          [least, invitations],
        ],
      },
      { name: 'ours, 4 workers', points: soFar(ours) },
      ...Object.entries(peers).map(([name, seconds]) => ({ name: PEERS[name as PeerName], points: soFar(seconds) })),
    ],
  });
}

function soFar(seconds: readonly Second[]): [number, number][] {
  let made = 0;
  return [[0, 0], ...seconds.map(({ second, accepted }): [number, number] => [second + 1, (made += accepted)])];
}

/** Drain of every arm, with the spread of its runs. */
export const drawDrain = (bars: { name: string; value: number; min: number; max: number }[]): string =>
  barPlot({
    title: 'How much of the limit is used',
    description:
      'Drain of ours by number of workers, limit known or unknown: ideal time over the time of the last acceptance.',
    most: 100,
    label: 'ideal time ÷ time of the last acceptance, %',
    bars,
  });
