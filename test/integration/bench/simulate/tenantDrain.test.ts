import { peaksOf } from '../../../../bench/simulate/load';
import { drainTenant } from '../../../../bench/simulate/tenantDrain';
import { COSTS, GRAPH, WORLD } from './support';

const drain = (options: object) => drainTenant({ ...WORLD, perSecond: 30, invitations: 1200, ...options }, COSTS);

describe('drainTenant', () => {
  it('loses and doubles nobody: all who are invited are accepted once, and none waits in the tables', async () => {
    const { invited, accepted, waiting, acceptedByMinute, steps, refused } = await drain({});
    expect({ invited, accepted, waiting, refused }).toEqual({ invited: 1200, accepted: 1200, waiting: 0, refused: 0 });
    expect(acceptedByMinute.reduce((sum, count) => sum + count, 0)).toBe(1200);
    expect(steps.bulk).toBe(1200);
  });

  // A full bucket of 150 and 30 a second: (1,200 − 150) ÷ 30 = 35 s. Of what Graph takes at once a fifth is left alone.
  it.each([
    [30, 35, 38],
    [25, 42, 47],
    [10, 105, 118],
  ])('takes as long as arithmetic says where the setting is %i a second', async (perSecond, least, most) => {
    const { seconds } = await drain({ perSecond });
    expect(seconds).toBeGreaterThanOrEqual(least);
    expect(seconds).toBeLessThanOrEqual(most);
  });

  it('gets through, refused at times, where the setting is above what Graph lets through', async () => {
    const { accepted, waiting, refused, seconds, steps } = await drain({
      graph: { ...GRAPH, perSecond: 20, burst: 100 },
    });
    expect({ accepted, waiting }).toEqual({ accepted: 1200, waiting: 0 });
    expect(refused).toBeGreaterThan(0);
    expect(steps.postponed).toBeGreaterThanOrEqual(refused);
    // (1,200 − 100) ÷ 20.
    expect(seconds).toBeGreaterThanOrEqual(55);
    expect(seconds).toBeLessThan(90);
  });

  it('puts all of it on one partition where there is one, as many entities as the steps have', async () => {
    const { load, steps, tickPages, seconds } = await drain({ partitions: 1, invitations: 500 });
    const entities = load.seconds().reduce((sum, second) => sum + (second.entities[0] ?? 0), 0);
    const ofSteps =
      7 * (steps.bulk ?? 0) +
      10 * (steps.send ?? 0) +
      (steps.nothingDue ?? 0) +
      2 * (steps.doubled ?? 0) +
      4 * (steps.postponed ?? 0);
    // Done before the first tick: no wake-up was read.
    expect(seconds).toBeLessThan(60);
    expect(tickPages).toBe(0);
    expect(entities).toBe(ofSteps);
    expect(load.seconds()[0]?.entities).toHaveLength(1);
  });

  it('has the product’s ticks, which send three hundred hints a second and read no partition faster than a thousand', async () => {
    const few = { burst: 50, perSecond: 10, callMedianMs: 350, callP99Ms: 2000 };
    const { load, ticks, messages, accepted, storedAfterSeconds, tickSeconds } = await drain({
      invitations: 3000,
      perSecond: 10,
      graph: { ...GRAPH, ...few },
      partitions: 1,
    });
    expect([accepted, ticks]).toEqual([3000, 4]);
    const later = peaksOf(load.seconds().slice(Math.ceil(storedAfterSeconds)));
    expect(later.messagesSent).toBe(300);
    // What ten mails a second cost besides.
    expect(later.partitionEntities).toBeGreaterThan(500);
    expect(later.partitionEntities).toBeLessThan(1500);
    // 1,200 hints at most, which takes four seconds, and as many to read them.
    expect(tickSeconds / ticks).toBeLessThan(10);
    expect(messages).toBeGreaterThan(3000);
  });

  it('stores at the rate that it is told', async () => {
    const { storedAfterSeconds, load } = await drain({ storedPerSecond: 500, partitions: 1 });
    expect(storedAfterSeconds).toBeGreaterThanOrEqual(2.4);
    expect(storedAfterSeconds).toBeLessThan(2.6);
    // 500 a second of seven entities, and what is sent meanwhile.
    expect(load.seconds()[1]?.entities[0]).toBeGreaterThanOrEqual(3500);
  });

  it('gives the same for the same seed, and something else for another', async () => {
    const [first, again, other] = await Promise.all([drain({}), drain({}), drain({ seed: 2 })]);
    expect(JSON.stringify(again)).toBe(JSON.stringify(first));
    expect(again.load.seconds()).toEqual(first.load.seconds());
    expect(other.seconds).not.toBe(first.seconds);
  });
});
