import type { Policy } from '../../../shared/domain/policy';
import { aPolicy } from '../../support/invitations';
import { type Checks, type Explored, type Start, explore } from './explore';
import { type Graph, emptyGraph } from './graph';
import { tableFaultOnce } from './invariants';
import type { FaultKind, Rules } from './moves';
import type { Program } from './replay';
import type { Rows } from './table';

export const MINUTE_MS = 60_000;

const lease = { sendLeaseMs: 10 * MINUTE_MS, resolveAfterMs: MINUTE_MS };
export const strict = aPolicy({ ambiguousSends: 'strict', ...lease });
export const reconcile = aPolicy({ ambiguousSends: 'reconcile', ...lease });

export const LOST: readonly FaultKind[] = ['answerLost', 'givenUp'];

/** Everything at its worst: no bound on pauses, and a directory that may never show anybody. */
export const rulesFor = (policy: Policy, changes: Partial<Rules> = {}): Rules => ({
  policy,
  faults: { most: 1, kinds: LOST },
  pauses: 'unbounded',
  lagMs: Infinity,
  horizonMs: 11 * MINUTE_MS,
  ...changes,
});

/** What reconcile asks of the world: no frozen worker at the socket, and Graph shows what it has in time. */
export const kept = { pauses: 'notAtSocket', lagMs: reconcile.resolveAfterMs } as const;

export const NO_FAULT = { most: 0, kinds: [] } as const;

/** So many invocations of the same program. */
export function startOf(count: number, program: Program, rows: Rows, graph: Graph = emptyGraph): Start {
  const workers = Array.from({ length: count }, () => ({ what: 'worker', program }));
  return { rows, graph, workers, alike: count };
}

/** At most one mail, and a table that agrees with itself, in every world. */
export const mailsOnce = (policy: Policy): Checks => {
  const faultOf = tableFaultOnce(policy);
  return { always: (world) => (world.graph.mails > 1 ? 'mailed twice' : faultOf(world.tables)) };
};

/** Explores, and prints at the end of the file what was explored. */
export function makeExploring(title: string) {
  const found: Record<string, Explored> = {};
  afterAll(() => {
    const lines = Object.entries(found).map(([what, { states, violation }]) => {
      const verdict = violation ? `${violation.what}, by:\n    ${violation.trace.join('\n    ')}` : 'holds';
      return `${String(states).padStart(8)} states  ${what}: ${verdict}`;
    });
    process.stdout.write(`\n${title}\n${lines.join('\n')}\n`);
  });
  return async (what: string, start: Start, rules: Rules, checks = mailsOnce(rules.policy)): Promise<Explored> =>
    (found[what] = await explore(start, rules, checks));
}
