import type { TableProcessMessage } from './process';
import { type TableServerOptions, startTableServer } from './startTableServer';

const tell = (message: TableProcessMessage): void => void process.send?.(message);

/** The table server of process.ts: ends when its parent lets go of it, or is gone. */
async function main(options: TableServerOptions): Promise<void> {
  process.on('SIGINT', () => undefined);
  process.once('disconnect', () => process.exit(0));
  const server = await startTableServer(options);
  tell({ type: 'started', port: server.port });
}

main(JSON.parse(process.argv[2] ?? '{}') as TableServerOptions).catch((error: unknown) => {
  tell({ type: 'failed', message: String(error) });
  process.exitCode = 1;
});
