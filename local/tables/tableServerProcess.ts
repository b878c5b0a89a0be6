import { join } from 'node:path';
import TableConfiguration from 'azurite/dist/src/table/TableConfiguration';
import TableServer from 'azurite/dist/src/table/TableServer';

/** What the parent asks for, as JSON in the first argument. */
export interface TableServerArguments {
  port: number;
  /** A folder, or undefined to keep everything in memory. */
  folder?: string;
}

export type TableServerMessage =
  { type: 'started'; address: string } | { type: 'failed'; code: string; message: string };

const tell = (message: TableServerMessage): void => void process.send?.(message);

/** Azurite's table server in a process of its own, so that its work takes no time from the functions. */
async function main({ port, folder }: TableServerArguments): Promise<void> {
  const database = join(folder ?? '.', 'tables.json');
  const quiet = [false, false, undefined, undefined] as const;
  const server = new TableServer(
    new TableConfiguration(
      '127.0.0.1',
      port,
      60,
      database,
      ...quiet,
      false,
      true,
      '',
      '',
      '',
      undefined,
      false,
      folder === undefined,
    ),
  );
  // Ctrl-C in a terminal reaches every process of the group; this one goes when its parent has finished.
  process.on('SIGINT', () => undefined);
  process.once('disconnect', () => void server.close().finally(() => process.exit(0)));
  try {
    await server.start();
    tell({ type: 'started', address: server.getHttpServerAddress() });
  } catch (error) {
    const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
    tell({ type: 'failed', code: typeof code === 'string' ? code : '', message: String(error) });
    process.exit(1);
  }
}

void main(JSON.parse(process.argv[2] ?? '{"port":0}') as TableServerArguments);
