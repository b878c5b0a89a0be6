import { listRows, syncRows, tickRows } from '../../../../bench/due/rows';

const tick = (changes: object = {}) => ({ found: 900, requests: 32, entitiesRead: 900, ms: 50, ...changes });

const metOf = (rows: { what: string; met?: boolean }[], part: string): (boolean | undefined)[] =>
  rows.filter(({ what }) => what.includes(part)).map(({ met }) => met);

const list = (entitiesRead: number) => ({ given: 1, requests: 2, entitiesRead, entitiesReturned: 2 });
const synced = (changes: number, tableRequests: number, graphRequests = 1) => ({
  changes,
  tableRequests,
  graphRequests,
  entitiesRead: 0,
});
const others = (more: object = {}) => ({
  size: 10_000,
  byStatus: list(2),
  byPerson: list(2),
  syncs: [synced(0, 2), synced(10, 32), synced(100, 302)],
  ...more,
});

describe('the rows of the benchmark "due"', () => {
  it('miss the aim where the largest population costs a request or an entity more', () => {
    const rows = tickRows(
      new Map([
        [10_000, [tick(), tick()]],
        [1_000_000, [tick({ requests: 33 }), tick({ requests: 33, entitiesRead: 901 })]],
      ]),
    );
    expect(metOf(rows, 'table requests')).toEqual([true, false]);
    expect(metOf(rows, 'entities read')).toEqual([true, false]);
  });

  it('take the median of the rounds’ own ratios of time', () => {
    const ticks = new Map([
      [10_000, [10, 100, 20].map((ms) => tick({ ms }))],
      [1_000_000, [13, 100, 26].map((ms) => tick({ ms }))],
    ]);
    const [row] = tickRows(ticks).filter(({ what }) => what.includes('time'));
    expect(row).toMatchObject({ ours: 26, limit: 20, ratio: 1.3, min: 13, max: 100, met: false });
  });

  it('miss the aim where a change costs more when there are many, or when many are open, or a page of Graph is read twice', () => {
    expect(syncRows([others()]).map(({ met }) => met)).toEqual([true, true]);
    const steeper = others({ syncs: [synced(0, 2), synced(10, 32), synced(100, 402, 2)] });
    expect(syncRows([steeper]).map(({ met }) => met)).toEqual([false, false]);
    const larger = others({ size: 1_000_000, syncs: [synced(0, 2), synced(10, 42), synced(100, 402)] });
    expect(syncRows([others(), larger]).map(({ met }) => met)).toEqual([true, true, false, true]);
  });

  it('miss the aim where a list looks at what it does not give', () => {
    expect(listRows(others({ byPerson: list(3) })).map(({ met }) => met)).toEqual([true, false]);
  });
});
