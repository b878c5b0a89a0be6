import { figuresTable } from './figuresTable';
import { type Figures, runStorm } from './runStorm';
import { storms } from './storms';

/** STORM_SEED plays the same storms again. */
/** A caller waits that long for a token with its message in hand. */
const TOKEN_WAIT_MS = 30_000;
const SEED = Number(process.env['STORM_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const TIMEOUT_MS = 600_000;

const played: Figures[] = [];

afterAll(() => process.stdout.write(`\nSTORM_SEED=${SEED}\n${figuresTable(played)}\n`));

describe(`a storm over a thousand people (STORM_SEED=${SEED})`, () => {
  it.each(storms)(
    '$name: nobody is lost and nobody gets a mail twice',
    async (storm) => {
      const { figures, complaints } = await runStorm(storm, SEED);
      played.push(figures);
      expect(complaints).toEqual([]);
      // Graph refuses twenty of them.
      expect(figures).toMatchObject({
        invitations: 1_000,
        failed: 20,
        mails: 980 * (storm.mailsEach ?? 1),
        doubled: 0,
        lost: 0,
        deadLetters: 0,
      });
      expect(figures.faults).toBeGreaterThan(0);
      expect(figures.heldMs).toBeLessThanOrEqual(TOKEN_WAIT_MS + (storm.mostHeldMs ?? 1_000));
    },
    TIMEOUT_MS,
  );
});
