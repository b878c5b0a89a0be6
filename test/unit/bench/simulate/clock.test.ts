import { makeClock } from '../../../../bench/simulate/clock';

describe('makeClock', () => {
  it('does what is planned in the order of time, and of planning at one instant, without waiting', async () => {
    const clock = makeClock(1000);
    const done: string[] = [];
    const say = (what: string) => () => void done.push(`${what} at ${clock.nowMs()}`);
    await clock.run(
      new Promise<void>((resolve) => {
        clock.at(3_600_000, () => {
          clock.stir();
          resolve();
        });
        clock.at(2000, say('second'));
        clock.at(2000, say('third'));
        clock.at(1500.2, say('first'));
        clock.at(10, say('late, so at once'));
      }),
    );
    expect(done).toEqual(['late, so at once at 1000', 'first at 1501', 'second at 2000', 'third at 2000']);
    expect(clock.nowMs()).toBe(3_600_000);
  });

  it('lets all that follows from a promise be done before time goes on', async () => {
    const clock = makeClock(0);
    const seen: number[] = [];
    const chain = async () => {
      await clock.sleep(10);
      for (let nth = 0; nth < 50; nth += 1) await Promise.resolve();
      seen.push(clock.nowMs());
      await clock.sleep(10);
      seen.push(clock.nowMs());
    };
    clock.at(11, () => seen.push(-11));
    await clock.run(chain());
    expect(seen).toEqual([10, -11, 20]);
  });

  it('says so when nothing is planned that could end it, and ends with the first failure', async () => {
    const idle = makeClock(0);
    await expect(idle.run(new Promise(() => undefined))).rejects.toThrow('Time stands still');
    const failing = makeClock(0);
    failing.at(5, () => {
      failing.fail(new Error('first'));
      failing.stir();
    });
    failing.at(6, () => failing.fail(new Error('second')));
    await expect(failing.run(new Promise(() => undefined))).rejects.toThrow('first');
  });
});
