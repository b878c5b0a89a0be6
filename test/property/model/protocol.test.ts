import type { Policy } from '../../../shared/domain/policy';
import { ID, aPolicy } from '../../support/invitations';
import { type Checks, type Explored, type Start, explore } from './explore';
import { emptyGraph } from './graph';
import { tableFaultOnce } from './invariants';
import type { FaultKind, Rules } from './moves';
import { advancing, advancingNaively, revoking } from './programs';
import type { Program } from './replay';
import { START_MS, type World, reminderIsDue, requested, rowsOf } from './world';

/*
 * The protocol, explored in full within these bounds: one invitation; as many invocations as a test names (first hints,
 * doubles, redeliveries after a lost lock, all of them at any time and in any order), so that three workers are at it at
 * once; one or two lost answers; as much time as leads over one RESOLVE_AFTER. A worker may stand still or die at every
 * effect. The workers run the product's own code from the handler down to each table and Graph call (see replay.ts);
 * only the tables, the directory, the messages and the clock are the model's. Time goes from deadline to deadline. Left
 * out: the gate (tokens for everybody), the queue's own content, calls that never arrive (as good as a pause for ever).
 */

const MINUTE_MS = 60_000;
const lease = { sendLeaseMs: 10 * MINUTE_MS, resolveAfterMs: MINUTE_MS };
const strict = aPolicy({ ambiguousSends: 'strict', ...lease });
const reconcile = aPolicy({ ambiguousSends: 'reconcile', ...lease });

const LOST: readonly FaultKind[] = ['answerLost', 'givenUp'];
const ALL: readonly FaultKind[] = ['answerLost', 'givenUp', 'retriedByClient', 'throttled'];

/** Everything at its worst: no bound on pauses, and a directory that may never show anybody. */
const rulesFor = (policy: Policy, changes: Partial<Rules> = {}): Rules => ({
  policy,
  faults: { most: 1, kinds: LOST },
  pauses: 'unbounded',
  lagMs: Infinity,
  horizonMs: 11 * MINUTE_MS,
  ...changes,
});

/** What reconcile asks of the world: no frozen worker at the socket, and the directory shows whom it has in time. */
const kept = { pauses: 'notAtSocket', lagMs: reconcile.resolveAfterMs } as const;

function startOf(count: number, program: Program, rows = rowsOf(requested(), reconcile)): Start {
  const workers = Array.from({ length: count }, () => ({ what: 'worker', program }));
  return { rows, graph: emptyGraph, workers, alike: count };
}

/** At most one mail, and a table that agrees with itself, in every world. */
const mailsOnce = (policy: Policy): Checks => {
  const faultOf = tableFaultOnce(policy);
  return { always: (world) => (world.graph.mails > 1 ? 'mailed twice' : faultOf(world.tables)) };
};

const found: Record<string, Explored> = {};

async function exploring(
  what: string,
  start: Start,
  rules: Rules,
  checks = mailsOnce(rules.policy),
): Promise<Explored> {
  return (found[what] = await explore(start, rules, checks));
}

afterAll(() => {
  const lines = Object.entries(found).map(([what, { states, violation }]) => {
    const verdict = violation ? `${violation.what}, by:\n    ${violation.trace.join('\n    ')}` : 'holds';
    return `${String(states).padStart(8)} states  ${what}: ${verdict}`;
  });
  process.stdout.write(`\nModel check\n${lines.join('\n')}\n`);
});

describe('strict', () => {
  it('mails at most once with three workers, a lost answer, any pause and any lag', async () => {
    const explored = await exploring('strict, 3 workers', startOf(3, advancing(strict, ID)), rulesFor(strict));
    expect(explored).toMatchObject({ mostMails: 1 });
    expect(explored.violation).toBeUndefined();
  });

  it('mails at most once with two workers and any two faults', async () => {
    const rules = rulesFor(strict, { faults: { most: 2, kinds: LOST }, horizonMs: 12 * MINUTE_MS });
    const explored = await exploring('strict, 2 workers, 2 lost answers', startOf(2, advancing(strict, ID)), rules);
    expect(explored).toMatchObject({ mostMails: 1 });
    expect(explored.violation).toBeUndefined();
  });

  it('mails at most once where Graph throttles and clients try again', async () => {
    const rules = rulesFor(strict, { faults: { most: 1, kinds: ALL } });
    const explored = await exploring('strict, 2 workers, every fault', startOf(2, advancing(strict, ID)), rules);
    expect(explored).toMatchObject({ mostMails: 1 });
    expect(explored.violation).toBeUndefined();
  });
});

describe('reconcile', () => {
  const start = (count: number) => startOf(count, advancing(reconcile, ID));

  it('mails at most once where nobody freezes at the socket and the directory lags less than RESOLVE_AFTER', async () => {
    const explored = await exploring('reconcile, 3 workers', start(3), rulesFor(reconcile, kept));
    expect(explored).toMatchObject({ mostMails: 1 });
    expect(explored.violation).toBeUndefined();
  });

  it('can mail twice when a worker freezes between the check of its lease and the socket', async () => {
    const rules = rulesFor(reconcile, { pauses: 'unbounded', lagMs: 0, faults: { most: 0, kinds: [] } });
    const { violation } = await exploring('reconcile, a pause at the socket', start(2), rules);
    expect(violation).toMatchObject({ what: 'mailed twice' });
    // The first worker has checked its lease, time goes by, and somebody mails before it does.
    expect(violation?.trace.map((label) => label.replace(/^worker \d+ /, ''))).toEqual(
      expect.arrayContaining(['checks its lease', '— 660 s go by —', 'MAILS']),
    );
    expect(violation?.trace.filter((label) => label.includes('MAILS'))).toHaveLength(2);
  });

  it('would mail twice, with nobody frozen at the socket, if the lease were never checked', async () => {
    // A call that takes no time at all always ends within its lease.
    const program = advancing(reconcile, ID, -Infinity);
    const rules = rulesFor(reconcile, { ...kept, faults: { most: 0, kinds: [] } });
    const { violation } = await exploring('reconcile, no lease', startOf(2, program), rules);
    expect(violation).toMatchObject({ what: 'mailed twice' });
  });

  it('can mail twice when the directory hides a new guest for longer than RESOLVE_AFTER', async () => {
    const rules = rulesFor(reconcile, { ...kept, lagMs: Infinity });
    const { violation } = await exploring('reconcile, a lag beyond RESOLVE_AFTER', start(2), rules);
    expect(violation).toMatchObject({ what: 'mailed twice' });
  });
});

describe('a reminder', () => {
  it.each([strict, reconcile])('is mailed at most once whatever happens ($ambiguousSends)', async (policy) => {
    const graph = { ...emptyGraph, guestCreatedAtMs: START_MS - 3 * 24 * 60 * MINUTE_MS };
    const start = { ...startOf(3, advancing(policy, ID), rowsOf(reminderIsDue(), policy)), graph };
    const explored = await exploring(`a reminder, ${policy.ambiguousSends}`, start, rulesFor(policy, { lagMs: 0 }));
    expect(explored).toMatchObject({ mostMails: 1 });
    expect(explored.violation).toBeUndefined();
  });
});

describe('a revoke at any moment', () => {
  it.each([strict, reconcile])('leaves at most one mail and a sound table ($ambiguousSends)', async (policy) => {
    const { workers, ...start } = startOf(2, advancing(policy, ID));
    const revoked = {
      ...start,
      workers: [...workers, { what: 'revoke', program: revoking(policy, ID) }],
    };
    // Reconcile sends again and so has many more states: there without a lost answer besides.
    const changes: Partial<Rules> =
      policy === strict ? { faults: { most: 1, kinds: ['givenUp'] } } : { ...kept, faults: { most: 0, kinds: [] } };
    const rules = rulesFor(policy, changes);
    const explored = await exploring(`a revoke, ${policy.ambiguousSends}`, revoked, rules);
    expect(explored).toMatchObject({ mostMails: 1 });
    expect(explored.violation).toBeUndefined();
  });
});

describe('without any fault', () => {
  it('a worker looks the person up, writes its intent, checks its lease, mails and writes what came of it', async () => {
    const rules = rulesFor(strict, { faults: { most: 0, kinds: [] }, pauses: 'none', lagMs: 0 });
    const checks: Checks = { always: () => undefined, atRest: () => 'the end' };
    const { violation } = await explore(startOf(1, advancing(strict, ID)), { ...rules, horizonMs: 0 }, checks);
    expect(violation?.trace).toEqual([
      'worker 0 reads i-',
      'worker 0 sees nobody in the directory',
      'worker 0 writes (update i-, delete w-, upsert w-, create l-)',
      'worker 0 checks its lease',
      'worker 0 MAILS',
      'worker 0 writes (update i-, upsert h-, delete w-, upsert w-, delete l-, delete s-, upsert s-)',
    ]);
  });

  it.each([strict, reconcile])('exactly one mail comes of any number of hints ($ambiguousSends)', async (policy) => {
    const rules = rulesFor(policy, { faults: { most: 0, kinds: [] }, pauses: 'none', lagMs: 0 });
    const atRest = ({ graph }: World) => (graph.mails === 1 ? undefined : `${graph.mails} mails at rest`);
    const checks = { ...mailsOnce(policy), atRest };
    const what = `no fault, 3 workers, ${policy.ambiguousSends}`;
    const explored = await exploring(what, startOf(3, advancing(policy, ID)), rules, checks);
    expect(explored.ends).toBeGreaterThan(0);
    expect(explored.violation).toBeUndefined();
  });
});

describe('a worker that mails again when its hint is delivered again', () => {
  it('mails twice, and the model finds it', async () => {
    const rules = rulesFor(strict, { faults: { most: 0, kinds: [] } });
    const { violation } = await exploring('naive', startOf(2, advancingNaively(strict, ID)), rules);
    expect(violation).toMatchObject({ what: 'mailed twice' });
  });
});
