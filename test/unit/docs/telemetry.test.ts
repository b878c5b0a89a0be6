import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMON_FIELDS, EVENTS } from '../../../shared/telemetry/events';
import { METRICS } from '../../../shared/telemetry/metrics';

const page = readFileSync(join(__dirname, '../../../docs/telemetry.md'), 'utf8');

/** Cells of the rows of the table with this first heading. */
function rowsUnder(heading: string): string[][] {
  const lines = page.split('\n');
  const at = lines.findIndex((line) => new RegExp(`^\\| ${heading} +\\|`).test(line));
  const rest = lines.slice(at + 2);
  return rest
    .slice(
      0,
      rest.findIndex((line) => !line.startsWith('|')),
    )
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
}

const namesIn = (cell = ''): string[] => [...cell.matchAll(/`([\w./{}]+)`/g)].map(([, name = '']) => name);

const LEVELS = { log: 'information', warn: 'warning', error: 'error' };

describe('docs/telemetry.md', () => {
  it('tells of every event that is logged, with its level and fields, and of no other', () => {
    const told = rowsUnder('event').map(([name, level, fields]) => [namesIn(name)[0], level, namesIn(fields)]);
    expect(told).toEqual(Object.entries(EVENTS).map(([name, { level, fields }]) => [name, LEVELS[level], [...fields]]));
  });

  it('says what every field is', () => {
    const fields = new Set([...COMMON_FIELDS, ...Object.values(EVENTS).flatMap((event) => [...event.fields])]);
    expect(
      rowsUnder('field')
        .flatMap(([name]) => namesIn(name))
        .sort(),
    ).toEqual([...fields].sort());
  });

  it('tells of every figure, with its type and unit', () => {
    const told = rowsUnder('metric').map(([name, type, unit, , says]) => [
      namesIn(name)[0],
      type?.replace('up-down counter', 'upDownCounter'),
      namesIn(unit)[0],
      says,
    ]);
    expect(told).toEqual(
      Object.entries(METRICS).map(([name, { type, unit, description }]) => [name, type, unit, description]),
    );
  });
});
