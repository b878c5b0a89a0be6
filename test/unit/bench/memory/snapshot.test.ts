import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { classesGrown, collectionsGrown, readSnapshot } from '../../../../bench/memory/snapshot';

/** Keeps a Map that grows, one that does not, and objects of a class, of which 3,000 come between the two snapshots. */
const PROGRAM = `
  const { writeHeapSnapshot } = require('node:v8');
  class Kept {}
  class GrowingMap extends Map {}
  class SteadySet extends Set {}
  const growing = new GrowingMap(), objects = [new Kept()];
  const weak = new WeakMap();
  globalThis.all = [growing, objects, weak, new SteadySet(Array.from({ length: 5000 }, (_, nth) => 'steady ' + nth))];
  for (let nth = 0; nth < 100; nth += 1) growing.set('key ' + nth, 'a text');
  writeHeapSnapshot(process.argv[1] + '/before.heapsnapshot');
  for (let nth = 100; nth < 3100; nth += 1) growing.set('key ' + nth, 'a text');
  for (let nth = 0; nth < 3000; nth += 1) objects.push(new Kept());
  for (const each of objects) weak.set(each, 1);
  writeHeapSnapshot(process.argv[1] + '/after.heapsnapshot');
`;

describe('two heap snapshots', () => {
  let folder: string;
  let snapshots: ReturnType<typeof readSnapshot>[];
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'snapshot-'));
    execFileSync(process.execPath, ['-e', PROGRAM, folder]);
    snapshots = ['before', 'after'].map((name) => readSnapshot(join(folder, `${name}.heapsnapshot`)));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('tell of which class objects came, and how many', () => {
    const [before, after] = snapshots;
    expect(classesGrown(before!, after!, 1)).toEqual([{ what: 'object Kept', before: 1, after: 3001 }]);
  });

  it('tell which map grew, though it holds nothing but texts, and leave out one that did not, and one that keeps nothing alive', () => {
    const [before, after] = snapshots;
    const grown = collectionsGrown(before!, after!).filter((each) => each.after - each.before >= 1000);
    expect(grown.map(({ what }) => what).sort()).toEqual(['Array', 'GrowingMap']);
    expect(grown.find(({ what }) => what === 'GrowingMap')?.after).toBeGreaterThan(3100);
    expect([...after!.collections.values()].map(({ name }) => name)).toContain('SteadySet');
  });
});
