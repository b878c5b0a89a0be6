import Table from 'cli-table3';
import type { Figures } from './runStorm';

const HEAD = 'storm,people,faults,mails,doubled,lost,failed,Graph calls,wasted,hints,held,virtual,real'.split(',');

/** The figures of several storms as one table, for docs/guarantees.md. */
export function figuresTable(all: Figures[]): string {
  const table = new Table({
    head: HEAD,
    style: { head: [], border: [], compact: true },
    colAligns: HEAD.map((_, index) => (index === 0 ? 'left' : 'right')),
  });
  table.push(
    ...all.map((figures) => [
      figures.name,
      ...[figures.invitations, figures.faults, figures.mails, figures.doubled, figures.lost, figures.failed],
      ...[figures.graphCalls, figures.wasted, figures.deliveries],
      duration(figures.heldMs),
      duration(figures.virtualMs),
      duration(figures.realMs),
    ]),
  );
  return table.toString();
}

function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${(ms / 1_000).toFixed(1)} s`;
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${(ms / 3_600_000).toFixed(1)} h`;
}
