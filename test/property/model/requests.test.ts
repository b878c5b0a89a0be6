import { aPolicy } from '../../support/invitations';
import { type Checks, type Explored, type Start, explore } from './explore';
import { emptyGraph } from './graph';
import { invitationsIn, tableFaultOnce } from './invariants';
import type { Rules } from './moves';
import { requesting } from './programs';
import type { World } from './world';

/*
 * Three callers ask for the same person at once, or one caller three times because an answer was lost: the product's own
 * code on the model's tables, with a lost answer, a death or a pause of any length at every effect.
 */

const policy = aPolicy();

const rules: Rules = {
  policy,
  faults: { most: 1, kinds: ['answerLost', 'retriedByClient'] },
  pauses: 'unbounded',
  lagMs: 0,
  horizonMs: 10 * 60_000,
};

const start = (asked: Parameters<typeof requesting>[1]): Start => ({
  rows: new Map(),
  graph: emptyGraph,
  workers: Array.from({ length: 3 }, () => ({ what: 'request', program: requesting(policy, asked) })),
  // Each makes up an id from its own random bytes, which no renaming knows.
  alike: 0,
});

/** One invitation at most, a sound table, and nobody is told of an invitation that is not there. */
const oneOnly = (): Checks => {
  const tableFault = tableFaultOnce(policy);
  return { always: (world) => tableFault(world.tables) ?? moreThanOne(world) };
};

function moreThanOne({ tables, told }: World): string | undefined {
  const ids = invitationsIn(tables.rows).map(({ invitation }) => invitation.id);
  if (ids.length > 1) return `${ids.length} invitations`;
  const wrong = told.find((answer) => /^20[02] /.test(answer) && !ids.includes(answer.slice(4)));
  return wrong === undefined ? undefined : `a caller was told ${wrong}`;
}

const explored: Record<string, Explored> = {};

afterAll(() => {
  const lines = Object.entries(explored).map(([what, { states }]) => `${String(states).padStart(8)} states  ${what}`);
  process.stdout.write(`\nModel check of requests\n${lines.join('\n')}\n`);
});

describe('three requests for the same person at once', () => {
  it('with the same idempotency key make one invitation, though duplicates are allowed', async () => {
    const found = await explore(start({ key: 'a key', onDuplicate: 'allow' }), rules, oneOnly());
    explored['one key'] = found;
    expect(found.violation).toBeUndefined();
    expect(found.ends).toBeGreaterThan(1);
  });

  it('without a key make one invitation, by the person’s claim', async () => {
    const found = await explore(start({ onDuplicate: 'return' }), rules, oneOnly());
    explored['one claim'] = found;
    expect(found.violation).toBeUndefined();
    expect(found.ends).toBeGreaterThan(1);
  });

  it('without a key make several where duplicates are allowed, and the model finds it', async () => {
    const found = await explore(start({ onDuplicate: 'allow' }), rules, oneOnly());
    explored['neither key nor claim: 2 invitations, found'] = found;
    expect(found.violation?.what).toBe('2 invitations');
  });
});
