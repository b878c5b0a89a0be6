import { billOf } from '../../../../bench/simulate/bill';
import { costOf, plus, requestsOf } from '../../../../bench/simulate/cost';
import { entityBytes } from '../../../../bench/simulate/entitySize';
import { makeLine } from '../../../../bench/simulate/line';
import { readPrices, readProfile } from '../../../../bench/simulate/inputs';
import { makeLoad } from '../../../../bench/simulate/load';
import { readMeasured } from '../../../../bench/simulate/measured';
import { logNormal, makeRandom, weighted } from '../../../../bench/simulate/random';
import { makeWakeUpStore } from '../../../../bench/simulate/wakeUpStore';
import { idOf, numberOf, partitionOf, productWith } from '../../../../bench/simulate/product';
import { makeQueued } from '../../../../bench/simulate/queued';
import { dueWakeUps } from '../../../../shared/tables/wakeUps';
import type { BenchResult } from '../../../../bench/result';
import { percentile } from '../../../../bench/statistics';

const PRICES = {
  note: '',
  notedOn: '2026-11-21',
  currency: 'USD',
  functions: {
    gbSecond: 0.00002,
    millionExecutions: 0.5,
    freeGbSecondsAMonth: 100,
    freeExecutionsAMonth: 1000,
    instanceGb: 2,
    leastSeconds: 1,
  },
  serviceBus: { baseAMonth: 10, millionOperations: 1, includedOperationsAMonth: 1_000_000 },
  tables: { tenThousandTransactions: 0.001, gbMonth: 0.05 },
  logs: { gb: 2, freeGbAMonth: 5 },
};

describe('billOf', () => {
  it('takes off what is free, and adds the base charge', () => {
    const usage = {
      executions: 2_001_000,
      gbSeconds: 1_000_100,
      serviceBusOperations: 3_000_000,
      tableTransactions: 50_000,
      storedGb: 100,
      logGb: 6,
    };
    expect(billOf(usage, PRICES)).toEqual({ functions: 21, serviceBus: 12, tables: 5.005, logs: 2, total: 40.005 });
  });

  it('bills the base charge alone where nothing is used', () => {
    const usage = { executions: 0, gbSeconds: 0, serviceBusOperations: 0, tableTransactions: 0, storedGb: 0, logGb: 0 };
    expect(billOf(usage, PRICES).total).toBe(10);
  });
});

describe('costs', () => {
  const counted = (requests: number, entitiesRead: number, entitiesWritten: number) => ({
    requests,
    refused: 0,
    entitiesRead,
    entitiesWritten,
    entitiesReturned: entitiesRead,
  });

  it('are of all tables but those left out, entities of Invitations alone, by so many', () => {
    const counts = {
      Invitations: { get: counted(2, 2, 0), transaction: counted(4, 0, 12) },
      InvitedUsers: { upsert: counted(2, 0, 2) },
      Gates: { get: counted(9, 9, 0) },
    };
    const cost = costOf(counts, 6, { except: ['Gates'], by: 2 });
    expect(cost).toEqual({
      requests: { Invitations: { get: 1, transaction: 2 }, InvitedUsers: { upsert: 1 } },
      entities: 7,
      messages: 3,
    });
    expect(requestsOf(cost)).toBe(4);
    expect(requestsOf(cost, 'InvitedUsers')).toBe(1);
    expect(requestsOf(plus(cost, cost, 10))).toBe(44);
  });
});

describe('entityBytes', () => {
  it('counts as Microsoft’s example does, and neither ETag nor timestamp', () => {
    // 4 + 2 × (2 + 3) + (8 + 2 × 7 + 4 + 2 × 13) + (8 + 2 × 3 + 4).
    expect(
      entityBytes({ partitionKey: 'ab', rowKey: 'cde', etag: 'x', timestamp: 'y', Address: 'Mountain View', Age: 23 }),
    ).toBe(84);
  });
});

describe('makeLine', () => {
  it('gives things in the order in which they came, however many pass through', () => {
    const line = makeLine<number>();
    const given: (number | undefined)[] = [];
    for (let nth = 0; nth < 5000; nth += 1) {
      line.push(2 * nth);
      line.push(2 * nth + 1);
      given.push(line.shift());
    }
    expect(given).toEqual(Array.from({ length: 5000 }, (_, nth) => nth));
    expect(line.size).toBe(5000);
    for (let nth = 0; nth < 5000; nth += 1) line.shift();
    expect(line.shift()).toBeUndefined();
    line.push(7);
    expect([line.size, line.shift()]).toEqual([1, 7]);
  });
});

describe('draws', () => {
  it('have the median and the 99th percentile they were asked for', () => {
    const draw = logNormal(makeRandom(1), 350, 2000);
    const values = Array.from({ length: 20_000 }, draw);
    expect(percentile(values, 50)).toBeGreaterThan(340);
    expect(percentile(values, 50)).toBeLessThan(360);
    expect(percentile(values, 99)).toBeGreaterThan(1850);
    expect(percentile(values, 99)).toBeLessThan(2150);
  });

  it('fall on places by their weights, and never on one without any', () => {
    const draw = weighted(makeRandom(1), [0, 3, 1, 0]);
    const counts = [0, 0, 0, 0];
    for (let nth = 0; nth < 8000; nth += 1) counts[draw()]! += 1;
    expect([counts[0], counts[3]]).toEqual([0, 0]);
    expect(counts[1]! / counts[2]!).toBeGreaterThan(2.7);
    expect(counts[1]! / counts[2]!).toBeLessThan(3.3);
    expect(() => weighted(makeRandom(1), [0, 0])).toThrow('All weights are 0');
  });
});

describe('makeLoad', () => {
  it('has the busiest second of each kind, and of one partition', () => {
    const load = makeLoad(2);
    load.step(100, 0, { requests: 2, entities: 5 });
    load.step(999, 1, { requests: 2, entities: 6 });
    load.step(1000, 1, { requests: 1, entities: 7 });
    load.message(2500, 'send');
    load.message(2600, 'receive');
    load.message(2700, 'receive');
    load.gate(2999);
    expect(load.peaks()).toEqual({
      requests: 4,
      messageOperations: 3,
      messagesSent: 1,
      gateRequests: 1,
      partitionEntities: 7,
    });
    expect(load.seconds()).toHaveLength(3);
  });
});

describe('makeWakeUpStore', () => {
  it('answers the product’s own query of what is due, page by page, and tells what was read', async () => {
    const pages: [string, number][] = [];
    const store = makeWakeUpStore(16, (...page) => {
      pages.push(page);
      return Promise.resolve();
    });
    const at = (second: number) => `2026-03-02T09:00:${String(second).padStart(2, '0')}.000Z`;
    for (let nth = 0; nth < 5; nth += 1) store.move(idOf(nth, 3), undefined, { at: at(nth), lane: 0 });
    store.move(idOf(9, 4), undefined, { at: at(0), lane: 0 });
    store.move(idOf(8, 3), undefined, { at: at(0), lane: 1 });
    const due = await dueWakeUps(store.tables, '03', 0, { from: at(1), until: at(4) }, 2);
    expect(due.map(({ id }) => numberOf(id))).toEqual([1, 2]);
    expect(pages).toEqual([['03', 2]]);
    store.move(idOf(1, 3), { at: at(1), lane: 0 }, undefined);
    const left = await dueWakeUps(store.tables, '03', 0, { until: at(59) }, 1000);
    expect(left.map(({ id }) => numberOf(id))).toEqual([0, 2, 3, 4]);
    expect(store.size()).toBe(6);
  });
});

describe('makeQueued', () => {
  const [noon, later] = ['2026-03-02T12:00:00.000Z', '2026-03-02T12:05:00.000Z'];
  const begun = () => {
    const store = makeWakeUpStore(16, () => Promise.resolve());
    const queued = makeQueued(1, Date.parse(noon), productWith(), store);
    queued.store(0, 3, noon, noon);
    expect(queued.begin(0)).toBe(true);
    return { queued, store };
  };

  it('puts off nothing that another worker has begun or sent', () => {
    const { queued, store } = begun();
    expect(queued.begin(0)).toBe(false);
    expect(queued.postpone(0, later, noon)).toBeUndefined();
    queued.sent(0, noon);
    expect(queued.postpone(0, later, noon)).toBeUndefined();
    expect([queued.isDue(0, later), store.size()]).toEqual([false, 0]);
  });

  it('puts off what Graph refused, once the intent is taken back', () => {
    const { queued, store } = begun();
    queued.takeBack(0);
    expect(queued.postpone(0, later, noon)).toMatchObject({ at: later, lane: 0 });
    expect([queued.isDue(0, noon), queued.isDue(0, later), store.size()]).toEqual([false, true, 1]);
  });
});

describe('idOf', () => {
  it('carries the number and the partition', () => {
    expect([numberOf(idOf(999_999, 255)), partitionOf(idOf(999_999, 255))]).toEqual([999_999, 255]);
  });
});

describe('inputs', () => {
  it('are as they should be, and prices say that they are examples', () => {
    expect(readProfile('bench/simulate/profile.json').tenants.count).toBe(1000);
    expect(readPrices('bench/simulate/prices.json').note).toMatch(/^Examples, to be replaced/);
  });

  it('name the file and what is wrong with it', () => {
    expect(() => readPrices('bench/simulate/profile.json')).toThrow(
      /profile\.json is not as it should be:\n.*currency/s,
    );
  });
});

describe('readMeasured', () => {
  const result = (name: string, rows: [string, number][]) =>
    ({
      name,
      startedAt: '2026-11-21T00:00:00Z',
      versions: { commit: 'abc' },
      rows: rows.map(([what, ours]) => ({ what, ours })),
    }) as unknown as BenchResult;
  const results: Record<string, BenchResult> = {
    ingest: result('ingest', [['bulk of 1,000; peer: bare', 900]]),
    overhead: result('overhead', [['CPU of an invitation, at Graph’s pace, both', 13]]),
    due: result('due', [
      ['a tick with 900 due among 10,000: table requests; limit', 32],
      ['100 redemptions among 10,000: table requests; limit: 3 a change', 302],
    ]),
  };

  it('reads what the others measured, and does without those that are only compared with', () => {
    expect(readMeasured((name) => results[name])).toMatchObject({
      bulkPerSecond: 900,
      cpuMs: 13,
      drain: undefined,
      due: { tickRequests: 32, requestsARedemption: 3 },
    });
  });

  it('says what to run first where a figure is missing', () => {
    expect(() => readMeasured((name) => (name === 'ingest' ? undefined : results[name]))).toThrow(
      'There is no bench/results/ingest.json: run "npm run bench -- ingest" first.',
    );
    expect(() => readMeasured((name) => (name === 'overhead' ? result('overhead', []) : results[name]))).toThrow(
      'has no row "CPU of an invitation',
    );
  });
});
