/**
 * What runs in the process of `makeSandbox`, as text: it then needs no file of its own, so the app can be bundled into
 * one. The first message brings JSONata and `CONTEXT_PROGRAM`; each further one is a task and gets one answer.
 *
 * Each task has a bare context: nothing of Node is in it, code can't be made from strings (`Function`, `eval`), and
 * nothing that one payload leaves behind meets the next. Only texts cross its border. Its promises are settled within
 * the call, so the time limit holds for all of them.
 */
export const PROCESS_PROGRAM = `'use strict';
const vm = require('node:vm');
let scripts;
process.on('disconnect', () => process.exit());
process.on('message', (message) => {
  if (!scripts) {
    scripts = [new vm.Script(message.library), new vm.Script(message.program)];
    process.send('ready');
  } else {
    process.send(answerTo(message));
  }
});

function answerTo({ task, timeMs }) {
  const context = vm.createContext(Object.create(null), {
    codeGeneration: { strings: false, wasm: false },
    microtaskMode: 'afterEvaluate',
  });
  for (const script of scripts) script.runInContext(context);
  context.task = task;
  try {
    vm.runInContext('begin(task)', context, { timeout: timeMs });
  } catch (error) {
    if (error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return JSON.stringify({ ok: false, type: 'timedOut' });
    throw error;
  }
  return String(context.answer);
}
`;

/**
 * What runs in the bare context: defines `begin`, which takes a task and leaves its `answer`, both JSON texts.
 * `$eval` is taken away: with it a payload could bring code of its own.
 */
export const CONTEXT_PROGRAM = `'use strict';
((global) => {
  const { parse, stringify } = JSON;
  const compile = jsonata;
  const text = (value, most) => (value === undefined ? undefined : String(value).slice(0, most));

  async function resultOf(expression, { payload, stack, sequence }) {
    const compiled = compile(expression, { stack, sequence });
    compiled.assign('eval', undefined);
    return stringify(await compiled.evaluate(parse(payload)));
  }

  function failure(at, error) {
    const { code, name, position, token, message } = error || {};
    return { ok: false, type: 'failed', at, code: text(code || name || 'Error', 40), position, token: text(token, 100),
      detail: text(message, 1000) };
  }

  async function answerTo(task) {
    const results = {};
    let characters = 0;
    for (const { name, expression, isGate } of task.steps) {
      try {
        const result = await resultOf(expression, task);
        characters += result === undefined ? 0 : result.length;
        if (characters > task.mostCharacters) return { ok: false, type: 'tooLarge', at: name };
        results[name] = result;
        if (isGate && result !== 'true') break;
      } catch (error) {
        return failure(name, error);
      }
    }
    return { ok: true, results };
  }

  global.begin = (task) => {
    answerTo(parse(task)).then((answer) => (global.answer = stringify(answer)));
  };
})(this);
`;
