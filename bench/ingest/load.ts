import { openConnection } from './connection';
import { someAtOnce } from '../../shared/workflow/someAtOnce';

export interface LoadOptions {
  port: number;
  path: string;
  /** One a request. */
  bodies: readonly string[];
  connections: number;
  /** What every request has to be answered with: anything else ends the run. */
  status?: number;
}

export interface Load {
  seconds: number;
  /** From when a request was due to its whole answer. */
  latenciesMs: number[];
}

/** Each connection sends its next request as soon as it has the answer to the one before. */
export function saturate(options: LoadOptions): Promise<Load> {
  return run(options, () => Promise.resolve(performance.now()));
}

/** So many a second, whatever the answers do: who has to wait for a free connection waits, and that counts. */
export function paced({ perSecond, ...options }: LoadOptions & { perSecond: number }): Promise<Load> {
  return run(options, async (nth, beganMs) => {
    const dueMs = beganMs + (nth * 1000) / perSecond;
    const leftMs = dueMs - performance.now();
    if (leftMs > 0) await new Promise((resolve) => setTimeout(resolve, leftMs));
    return dueMs;
  });
}

async function run(
  { port, path, bodies, connections, status = 202 }: LoadOptions,
  /** Waits until the nth request is due, and tells when that was. */
  due: (nth: number, beganMs: number) => Promise<number>,
): Promise<Load> {
  const free = await Promise.all(Array.from({ length: connections }, () => openConnection(port)));
  const opened = [...free];
  const latenciesMs: number[] = [];
  const beganMs = performance.now();
  try {
    await someAtOnce(
      bodies.entries(),
      async ([nth, body]) => {
        const dueMs = await due(nth, beganMs);
        const connection = free.pop();
        if (!connection) throw new Error('There are as many connections as requests at once.');
        const answer = await connection.post(path, body);
        latenciesMs.push(performance.now() - dueMs);
        free.push(connection);
        if (answer.status !== status) throw new Error(`${path} answered ${answer.status}: ${answer.body}`);
      },
      connections,
    );
    return { seconds: (performance.now() - beganMs) / 1000, latenciesMs };
  } finally {
    for (const connection of opened) connection.close();
  }
}
