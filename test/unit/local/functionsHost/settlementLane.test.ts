import { makeSettlementLane } from '../../../../local/functionsHost/settlementLane';

/** Runs settlements that note in which tick they were started. */
async function ticksOf(outcomes: string[]): Promise<string[][]> {
  const lane = makeSettlementLane();
  const ticks: string[][] = [[]];
  let isOver = false;
  const nextTick = () => {
    ticks.push([]);
    if (!isOver) setImmediate(nextTick);
  };
  setImmediate(nextTick);
  const settle = (outcome: string) => () => {
    ticks.at(-1)?.push(outcome);
    return Promise.resolve();
  };
  await Promise.all(outcomes.map((outcome) => lane(outcome, settle(outcome))));
  isOver = true;
  return ticks.filter((tick) => tick.length > 0);
}

it('settles different outcomes in different ticks, in their order', async () => {
  const started = await ticksOf(['complete', 'abandon', 'complete', 'complete', 'abandon']);
  expect(started).toEqual([['complete'], ['abandon'], ['complete', 'complete'], ['abandon']]);
});

it('settles after a pause as at the beginning', async () => {
  const lane = makeSettlementLane();
  const settled: string[] = [];
  const settle = (outcome: string) => lane(outcome, () => Promise.resolve(void settled.push(outcome)));
  await settle('complete');
  await new Promise(setImmediate);
  await settle('abandon');
  await settle('complete');
  expect(settled).toEqual(['complete', 'abandon', 'complete']);
});

it('passes a failure on and settles the next', async () => {
  const lane = makeSettlementLane();
  const failing = lane('complete', () => Promise.reject(new Error('lock lost')));
  const next = lane('abandon', () => Promise.resolve());
  await expect(failing).rejects.toThrow('lock lost');
  await expect(next).resolves.toBeUndefined();
});
