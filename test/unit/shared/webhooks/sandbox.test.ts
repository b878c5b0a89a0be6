import { readFileSync } from 'node:fs';
import library from '../../../../shared/webhooks/jsonata.json';
import { SANDBOX_LIMITS, type Sandbox, type SandboxAnswer, makeSandbox } from '../../../../shared/webhooks/sandbox';

/** With time enough on a busy machine: what ends an expression here is another limit. */
const sandbox = makeSandbox({ ...SANDBOX_LIMITS, timeMs: 30_000 });
afterAll(() => sandbox.close());

const evaluate = (expression: string, payload: unknown = { a: 1 }, within: Sandbox = sandbox): Promise<SandboxAnswer> =>
  within.run([{ name: 'mapping', expression }], JSON.stringify(payload));

const failure = (answer: SandboxAnswer) => (answer.ok ? undefined : answer.failure);

describe('the JSONata that the sandbox runs', () => {
  it("is the installed package; if not: node -p \"JSON.stringify(require('fs').readFileSync('node_modules/jsonata/jsonata.min.js','utf8'))\" > shared/webhooks/jsonata.json", () => {
    expect(library).toBe(readFileSync(require.resolve('jsonata/jsonata.min.js'), 'utf8'));
  });
});

describe('sandbox', () => {
  it('gives the results of the steps as JSON', async () => {
    const steps = [
      { name: 'one', expression: 'a + 1' },
      { name: 'two', expression: '{"b": missing, "c": [1..3]}' },
      { name: 'none', expression: 'missing' },
    ];
    expect(await sandbox.run(steps, '{"a":1}')).toEqual({ ok: true, results: { one: '2', two: '{"c":[1,2,3]}' } });
  });

  it.each([
    ['true', { gate: 'true', after: '1' }],
    ['false', { gate: 'false' }],
    ['missing', {}],
    ['"true"', { gate: '"true"' }],
  ])('runs what is behind a gate that gives %s only when that is true', async (expression, results) => {
    const steps = [
      { name: 'gate', expression, isGate: true },
      { name: 'after', expression: 'a' },
    ];
    expect(await sandbox.run(steps, '{"a":1}')).toEqual({ ok: true, results });
  });

  it('says which step failed, how and where', async () => {
    expect(await evaluate('a + "x"')).toEqual({
      ok: false,
      failure: {
        type: 'failed',
        at: 'mapping',
        code: 'T2002',
        position: 3,
        token: '+',
        detail: 'The right side of the "+" operator must evaluate to a number',
      },
    });
  });

  it.each([
    ['an endless loop', '($f := function() { $f() }; $f())'],
    ['a regular expression that blows up', '$match("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", /^(a+)+$/)'],
  ])('ends %s, and answers the next task', async (_what, expression) => {
    const quick = makeSandbox({ ...SANDBOX_LIMITS, timeMs: 100 });
    expect(failure(await evaluate(expression, {}, quick))).toEqual({ type: 'timedOut' });
    expect(await evaluate('a', { a: 7 }, quick)).toEqual({ ok: true, results: { mapping: '7' } });
    await quick.close();
  });

  it('survives one allocation of 200 MB, and answers the next task', async () => {
    expect(failure(await evaluate('$pad("x", 200000000)'))).toEqual({ type: 'outOfMemory' });
    expect(await evaluate('a')).toEqual({ ok: true, results: { mapping: '1' } });
  });

  it.each([
    ['calls without end', '($f := function($n) { 1 + $f($n + 1) }; $f(1))', 'D1011'],
    ['a sequence of ten million', '[1..9999999]', 'D2015'],
    ['a list that doubles without end', '($f := function($l) { $f($append($l, $l)) }; $f([1, 2]))', 'D2015'],
  ])('ends %s', async (_what, expression, code) => {
    expect(failure(await evaluate(expression))).toMatchObject({ type: 'failed', code });
  });

  it('refuses results of more than 256 KiB, all steps together', async () => {
    const half = { name: 'half', expression: '$pad("x", 140000)' };
    expect(await sandbox.run([half], '{}')).toMatchObject({ ok: true });
    const both = await sandbox.run([half, { ...half, name: 'other' }], '{}');
    expect(failure(both)).toEqual({ type: 'tooLarge', at: 'other' });
  });

  it.each(['$eval("1 + 1")', '$eval(a)'])('has no %s: a payload brings no code', async (expression) => {
    expect(failure(await evaluate(expression, { a: '1 + 1' }))).toMatchObject({ code: 'T1006', token: 'eval' });
  });

  it.each([
    'constructor',
    '$.constructor.constructor("return process")()',
    '$uppercase.constructor',
    '$lookup($, "constructor")',
    '$lookup($uppercase, "implementation")',
    '__proto__',
    'process.env',
    '$globalThis',
  ])('finds nothing at %s', async (expression) => {
    expect(await evaluate(expression)).toEqual({ ok: true, results: {} });
  });

  it('keeps nothing of one payload for the next', async () => {
    const payload = JSON.parse('{"__proto__": {"polluted": true}, "list": [1]}') as unknown;
    await evaluate(
      '$ ~> | $ | {"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}} |',
      payload,
    );
    await evaluate('$merge([{}, $])', payload);
    expect(await evaluate('polluted', {})).toEqual({ ok: true, results: {} });
  });

  it('answers tasks that come together each with its own, and refuses more than may wait', async () => {
    const narrow = makeSandbox({ ...SANDBOX_LIMITS, waiting: 2 });
    const answers = await Promise.all([1, 2, 3, 4].map((n) => evaluate('n * 10', { n }, narrow)));
    expect(answers).toEqual([
      { ok: true, results: { mapping: '10' } },
      { ok: true, results: { mapping: '20' } },
      { ok: true, results: { mapping: '30' } },
      { ok: false, failure: { type: 'busy' } },
    ]);
    await narrow.close();
  });

  it('starts again after it was closed', async () => {
    const other = makeSandbox();
    await evaluate('a', {}, other);
    await other.close();
    expect(await evaluate('a', { a: 3 }, other)).toEqual({ ok: true, results: { mapping: '3' } });
    await other.close();
  });
});
