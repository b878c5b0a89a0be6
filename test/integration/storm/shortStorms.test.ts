import { type Storm, runStorm } from '../../storm/runStorm';
import { throttled } from '../../storm/storms';
import { loseEveryGraphAnswer } from '../../storm/weather';

const SEED = 1;

const withLostAnswers = (directoryLagMs: number): Storm => ({
  name: 'lost answers',
  invitations: 50,
  graph: { directoryLagMs },
  play: async (world) => {
    loseEveryGraphAnswer(world);
    await world.requestAll(5_000);
  },
});

describe('a storm', () => {
  it('of 429s over a hundred people loses nobody, mails nobody twice and holds no message', async () => {
    const { figures, complaints } = await runStorm(throttled(100), SEED);
    expect(complaints).toEqual([]);
    expect(figures).toMatchObject({ mails: 98, failed: 2, doubled: 0, lost: 0, deadLetters: 0 });
    expect(figures.heldMs).toBeLessThan(1_000);
  });

  it('plays the same from the same seed', async () => {
    const [first, again] = [await runStorm(throttled(50), SEED), await runStorm(throttled(50), SEED)];
    expect({ ...again.figures, realMs: 0 }).toEqual({ ...first.figures, realMs: 0 });
  });

  it('of lost answers mails nobody twice while the directory’s lag stays below RESOLVE_AFTER', async () => {
    const { figures } = await runStorm(withLostAnswers(5 * 60_000), SEED);
    expect(figures).toMatchObject({ mails: 49, doubled: 0, lost: 0 });
  });

  it('shows doubled mails where the lag is longer than that, which nobody promises', async () => {
    const { figures } = await runStorm(withLostAnswers(20 * 60_000), SEED);
    expect(figures.doubled).toBeGreaterThan(0);
  });

  it('shows who is lost when the broker is wiped and no timer runs', async () => {
    const { figures } = await runStorm(
      {
        name: 'nobody wakes anybody',
        invitations: 50,
        restMostMs: 60_000,
        play: async (world) => {
          world.timers.atOnce = 0;
          await world.requestAll(1_000);
          world.broker.wipe();
        },
      },
      SEED,
    );
    expect(figures.lost).toBeGreaterThan(0);
  });
});
