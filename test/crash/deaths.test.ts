import { type World, chartOf, countsOf, liveThroughEach, openWorld } from './blows';
import type { Lived } from './life';

const LONGEST_MS = 300_000;

/** What is wrong, with the life it is wrong in. */
const faultsOf = (lives: Lived[]): string[] =>
  lives.flatMap(({ scenario, faults, signs }) => {
    const struck = signs.filter(({ blow }) => blow).map(({ seam, side }) => `${side} ${seam}`);
    return faults.map((fault) => `${scenario}, struck ${struck.join(', ') || 'nowhere'}: ${fault}`);
  });

describe('an invitation whose workers are killed', () => {
  let world: World;
  let undisturbed: Lived[];
  let lives: Lived[];
  let unstruck: string[];
  beforeAll(async () => {
    world = await openWorld();
    const charted = await chartOf(world);
    undisturbed = charted.lives;
    ({ lives, unstruck } = await liveThroughEach(world, charted.chart));
  }, LONGEST_MS);
  afterAll(() => world.close());

  it('ends as it should when nobody is killed', () => {
    expect(faultsOf(undisturbed)).toEqual([]);
    expect(undisturbed.map(({ deaths }) => deaths)).toEqual(undisturbed.map(() => 0));
  });

  it('ends as it should wherever they are: nothing lost, nothing mailed twice, nothing left over', () => {
    expect(faultsOf(lives)).toEqual([]);
  });

  it('was struck before and after each kind of effect', () => {
    expect(unstruck).toEqual([]);
    expect(countsOf(lives).map(({ seam }) => seam)).toEqual([
      'Graph DELETE permissions',
      'Graph DELETE users',
      'Graph GET delta',
      'Graph GET permissions',
      'Graph GET users',
      'Graph PATCH linkedIn',
      'Graph POST groups',
      'Graph POST invitations',
      'Graph POST invite',
      'Graph POST linkedIn',
      'decision transaction',
      'hint',
      'intent transaction',
      'outcome transaction',
      'progress transaction',
      'request transaction',
      'settle',
      'write gate',
      'write idempotency key',
      'write link of user',
    ]);
  });
});
