import fc from 'fast-check';
import { commands } from './lifecycle/commands';
import { type Tally, makeTally } from './lifecycle/tally';
import { type Begin, type World, begin } from './lifecycle/world';

/*
 * What people, Graph, the queue and dying workers may do to the invitations of one person, in any order, on a clock of
 * its own: 10,000 sequences of up to 60 commands. After every command the invariants of lifecycle/world.ts must hold.
 *
 * A failure prints its seed, path and replayPath. To see it again:
 * FC_SEED=… FC_PATH=… FC_REPLAY_PATH=… npx jest test/property/lifecycle
 */

// A machine that does other things besides takes a multiple of its time.
jest.setTimeout(600_000);

const { FC_SEED, FC_PATH, FC_REPLAY_PATH } = process.env;

const beginnings: fc.Arbitrary<Begin> = fc.record({
  ambiguousSends: fc.constantFrom('strict', 'reconcile'),
  ends: fc.constantFrom('keep', 'removeGuest'),
  lagMs: fc.constantFrom(0, 599_999),
  mailed: fc.constantFrom(0, 0, 0, 0, 1, 29, 30),
  guest: fc.constantFrom(undefined, undefined, 'PendingAcceptance', 'Accepted'),
  isShared: fc.constantFrom(false, false, false, true),
  group: fc.constantFrom('joined', 'later', 'refused'),
  retains: fc.boolean(),
});

/** The sequences, on worlds that `look` sees afterwards. */
const sequences = (tally: Tally, replayPath: string | undefined, look: (world: World) => void = () => undefined) =>
  fc.property(beginnings, commands(replayPath), (beginning, made) => {
    const world = begin(beginning, tally);
    fc.modelRun(() => ({ model: {}, real: world }), made);
    look(world);
  });

describe('whatever happens to the invitations of a person', () => {
  it('the invariants hold, and every event meets every status', () => {
    const tally = makeTally();
    fc.assert(sequences(tally, FC_REPLAY_PATH), {
      numRuns: 10_000,
      ...(FC_SEED === undefined ? {} : { seed: Number(FC_SEED) }),
      ...(FC_PATH === undefined ? {} : { path: FC_PATH }),
    });
    if (FC_PATH !== undefined) return;
    process.stdout.write(`\nEvents met by status; + where the event was followed\n${tally.matrix()}\n`);
    expect(tally.neverMet()).toEqual([]);
    expect(tally.neverFollowed()).toEqual([]);
  });

  it('a failure is seen again with the seed, path and replayPath that it printed', () => {
    const neverMailed = (world: World): void => {
      if (world.mails.size > 0) throw new Error('mailed');
    };
    const first = fc.check(sequences(makeTally(), undefined, neverMailed), { numRuns: 1_000 });
    if (first.counterexamplePath === null) throw new Error('Nothing was ever mailed.');
    const shown = fc.stringify(first.counterexample);
    const [, replayPath] = /replayPath="([^"]+)"/.exec(shown) ?? [];
    const again = fc.check(sequences(makeTally(), replayPath, neverMailed), {
      seed: first.seed,
      path: first.counterexamplePath,
    });
    expect(shown).toMatch(/answer|how/);
    expect(again).toMatchObject({ failed: true, numRuns: 1, errorInstance: new Error('mailed') });
    expect(withoutReplayPath(fc.stringify(again.counterexample))).toBe(withoutReplayPath(shown));
  });
});

const withoutReplayPath = (shown: string): string => shown.replace(/ *\/\*replayPath=.*?\*\//, '');
