import type { Subscription } from '../../../../shared/domain/subscription';
import { makeSubscriptionCache } from '../../../../shared/tables/subscriptionCache';
import { aSubscription } from '../../../support/subscriptions';
import { waitFor } from '../../../support/waitFor';

/** A table that answers when it is told to. */
function cacheOver() {
  let nowMs = 0;
  const readings: { answer: (list: Subscription[]) => void; fail: (error: Error) => void }[] = [];
  const read = () =>
    new Promise<Subscription[]>((answer, fail) => {
      readings.push({ answer, fail });
    });
  const cache = makeSubscriptionCache(read, () => nowMs);
  return {
    ...cache,
    readings,
    wait: (ms: number) => void (nowMs += ms),
    /** Reads and gets that answer. */
    holding: async (list: Subscription[]) => {
      const reading = cache.refresh();
      readings.at(-1)?.answer(list);
      await reading;
    },
  };
}

const NONE: Subscription[] = [];
const ONE = [aSubscription()];

it('reads once for all who ask at the beginning', async () => {
  const { current, readings } = cacheOver();
  const asked = [current(), current(), current()];
  readings[0]?.answer(ONE);
  expect(await Promise.all(asked)).toEqual([ONE, ONE, ONE]);
  expect(readings).toHaveLength(1);
});

it('gives a list of half a minute without reading', async () => {
  const { current, readings, wait, holding } = cacheOver();
  await holding(ONE);
  wait(30_000);
  expect(await current()).toBe(ONE);
  expect(readings).toHaveLength(1);
});

it('gives an older one too, and reads in the background', async () => {
  const { current, readings, wait, holding } = cacheOver();
  await holding(NONE);
  wait(30_001);
  expect([await current(), await current()]).toEqual([NONE, NONE]);
  expect(readings).toHaveLength(2);
  readings[1]?.answer(ONE);
  await waitFor(async () => (await current()) === ONE);
});

it('waits for a fresh list when what it holds is older than 45 seconds, however long nothing happened', async () => {
  const { current, readings, wait, holding } = cacheOver();
  await holding(NONE);
  wait(45_001);
  const asked = current();
  readings[1]?.answer(ONE);
  expect(await asked).toBe(ONE);
});

it('fails only where it has no list that will do', async () => {
  const { current, readings, wait, holding } = cacheOver();
  await holding(ONE);
  wait(40_000);
  expect(await current()).toBe(ONE);
  readings[1]?.fail(new Error('away'));
  expect(await current()).toBe(ONE);
  wait(5_001);
  const asked = current();
  readings.at(-1)?.fail(new Error('away'));
  await expect(asked).rejects.toThrow('away');
});

it('does not let a slow reading that began before a change undo it', async () => {
  const { current, refresh, readings, wait, holding } = cacheOver();
  await holding(NONE);
  wait(30_001);
  await current();
  wait(10);
  const afterChange = refresh();
  readings[2]?.answer(ONE);
  await afterChange;
  readings[1]?.answer(NONE);
  await new Promise(setImmediate);
  expect(await current()).toBe(ONE);
});
