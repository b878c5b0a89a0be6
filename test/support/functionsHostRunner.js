/* eslint-disable @typescript-eslint/no-require-imports */
/**
 * Runs a functions host in a process of its own: jest has a module system of its own, in which the host could not supply
 * `@azure/functions-core`. Talks to hostProcess.ts over the IPC channel; functions of a fixture use `process.send` to
 * tell what they saw, and wait for `release`.
 */
const { setImmediate: nextTurn } = require('node:timers/promises');
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');
const { startFunctionsHost } = require('../../dist/local/functionsHost/startFunctionsHost.js');

let host;
/** A parent that is gone is no fault: what still goes on here ends with it. */
const tellLog = (entry) => process.send({ log: entry }, () => undefined);
const commands = {
  start: async (options) => {
    host = await startFunctionsHost({ ...options, onLog: tellLog });
    return { httpPort: host.httpPort, functions: host.functions };
  },
  fireTimer: (name) => host.fireTimer(name),
  release: async () => void process.emit('release'),
  stop: () => host.stop(),
  memory: async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc');
    collect();
    // What the collected held outside of the heap, zlib's state of a connection say, goes a turn later.
    await nextTurn();
    collect();
    return process.memoryUsage();
  },
};

process.on('message', async ({ id, command, argument }) => {
  try {
    process.send({ id, answer: await commands[command](argument) });
  } catch (error) {
    process.send({ id, error: error.message });
  }
});
process.on('disconnect', () => process.exit());
