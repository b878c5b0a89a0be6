import { ID } from '../../support/invitations';
import { LOST, MINUTE_MS, kept, mailsOnce, makeExploring, reconcile, rulesFor, startOf, strict } from './bounds';
import { type Checks, explore } from './explore';
import { START_MS, emptyGraph } from './graph';
import type { FaultKind, Rules } from './moves';
import { advancing, advancingNaively, revoking } from './programs';
import type { Program } from './replay';
import { type World, reminderIsDue, requested, rowsOf } from './world';

/*
 * The protocol, explored in full within these bounds: one invitation; as many invocations as a test names (first hints,
 * doubles, redeliveries after a lost lock, all of them at any time and in any order), so that three workers are at it at
 * once; one or two lost answers; as much time as leads over one RESOLVE_AFTER. A worker may stand still or die at every
 * effect. The workers run the product's own code from the handler down to each table and Graph call (see replay.ts);
 * only the tables, the directory, the messages and the clock are the model's. Time goes from deadline to deadline. Left
 * out: the gate (tokens for everybody), the queue's own content, calls that never arrive (as good as a pause for ever).
 */

const ALL: readonly FaultKind[] = ['answerLost', 'givenUp', 'retriedByClient', 'throttled'];

const starting = (count: number, program: Program, rows = rowsOf(requested(), reconcile)) =>
  startOf(count, program, rows);

const exploring = makeExploring('Model check');

describe('strict', () => {
  it('mails at most once with three workers, a lost answer, any pause and any lag', async () => {
    const explored = await exploring('strict, 3 workers', starting(3, advancing(strict, ID)), rulesFor(strict));
    expect(explored).toMatchObject({ mostMails: 1 });
    expect(explored.violation).toBeUndefined();
  });

  it('mails at most once with two workers and any two faults', async () => {
    const rules = rulesFor(strict, { faults: { most: 2, kinds: LOST }, horizonMs: 12 * MINUTE_MS });
    const explored = await exploring('strict, 2 workers, 2 lost answers', starting(2, advancing(strict, ID)), rules);
    expect(explored).toMatchObject({ mostMails: 1 });
    expect(explored.violation).toBeUndefined();
  });

  it('mails at most once where Graph throttles and clients try again', async () => {
    const rules = rulesFor(strict, { faults: { most: 1, kinds: ALL } });
    const explored = await exploring('strict, 2 workers, every fault', starting(2, advancing(strict, ID)), rules);
    expect(explored).toMatchObject({ mostMails: 1 });
    expect(explored.violation).toBeUndefined();
  });
});

describe('reconcile', () => {
  const start = (count: number) => starting(count, advancing(reconcile, ID));

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
    const { violation } = await exploring('reconcile, no lease', starting(2, program), rules);
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
    const start = { ...starting(3, advancing(policy, ID), rowsOf(reminderIsDue(), policy)), graph };
    const explored = await exploring(`a reminder, ${policy.ambiguousSends}`, start, rulesFor(policy, { lagMs: 0 }));
    expect(explored).toMatchObject({ mostMails: 1 });
    expect(explored.violation).toBeUndefined();
  });
});

describe('a revoke at any moment', () => {
  it.each([strict, reconcile])('leaves at most one mail and a sound table ($ambiguousSends)', async (policy) => {
    const { workers, ...start } = starting(2, advancing(policy, ID));
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
    const { violation } = await explore(starting(1, advancing(strict, ID)), { ...rules, horizonMs: 0 }, checks);
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
    const explored = await exploring(what, starting(3, advancing(policy, ID)), rules, checks);
    expect(explored.ends).toBeGreaterThan(0);
    expect(explored.violation).toBeUndefined();
  });
});

describe('a worker that mails again when its hint is delivered again', () => {
  it('mails twice, and the model finds it', async () => {
    const rules = rulesFor(strict, { faults: { most: 0, kinds: [] } });
    const { violation } = await exploring('naive', starting(2, advancingNaively(strict, ID)), rules);
    expect(violation).toMatchObject({ what: 'mailed twice' });
  });
});
