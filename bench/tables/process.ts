import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ask, load } from './control';
import type { Counts } from './counts';
import { type TableServer, type TableServerOptions, connectionStringOf } from './startTableServer';

/** What a child tells its parent. */
export type TableProcessMessage = { type: 'started'; port: number } | { type: 'failed'; message: string };

export interface TableProcess extends TableServer {
  pid: number;
  /** Puts entities there as they are: a million in seconds. `entities` come in their tables' own names of properties. */
  load: (table: string, entities: Iterable<object>) => Promise<void>;
  setLatency: (latencyMs: number) => Promise<void>;
  /** Entities by table. */
  sizes: () => Promise<Record<string, number>>;
}

/**
 * The table server in a process of its own, which ends with this one. `heapMiB`: how much it may hold, 1 KiB or so for an
 * invitation with all that belongs to it; 4096 unless told.
 */
export async function startTableProcess({
  heapMiB = 4096,
  ...options
}: TableServerOptions & { heapMiB?: number } = {}): Promise<TableProcess> {
  const child = fork(join(__dirname, 'processMain.js'), [JSON.stringify(options)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [`--max-old-space-size=${heapMiB}`],
  });
  const ended = once(child, 'exit').then(() => {
    throw new Error('The table server ended before it was ready.');
  });
  const [message] = (await Promise.race([once(child, 'message'), ended])) as [TableProcessMessage];
  if (message.type === 'failed') throw new Error(`The table server did not start: ${message.message}`);
  const url = `http://127.0.0.1:${message.port}`;
  return {
    url,
    port: message.port,
    pid: child.pid ?? 0,
    connectionString: connectionStringOf(url),
    counts: async () => (await ask(url, 'GET', 'counts')) as Counts,
    sizes: async () => (await ask(url, 'GET', 'sizes')) as Record<string, number>,
    reset: async () => {
      await ask(url, 'POST', 'reset');
    },
    setLatency: async (latencyMs) => {
      await ask(url, 'PUT', `latency?ms=${latencyMs}`);
    },
    load: (table, entities) => load(url, table, entities),
    close: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}
