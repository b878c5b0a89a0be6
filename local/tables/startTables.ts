import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TableServerArguments, TableServerMessage } from './tableServerProcess';

export interface LocalTables {
  port: number;
  connectionString: string;
  /** Saves and ends the server. */
  close: () => Promise<void>;
}

/** Azurite's well-known account: public, for development only. https://learn.microsoft.com/azure/storage/common/storage-use-azurite */
const ACCOUNT = 'devstoreaccount1';
const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

/**
 * Starts the table server of Azurite on 127.0.0.1 in a process of its own. With a folder it keeps what it holds.
 * Rejects with one sentence when the port is taken.
 */
export async function startTables(options: { port: number; folder?: string }): Promise<LocalTables> {
  if (options.folder !== undefined) mkdirSync(options.folder, { recursive: true });
  const settings: TableServerArguments = options;
  const child = fork(join(__dirname, 'tableServerProcess.js'), [JSON.stringify(settings)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const address = await startedOf(child, options.port);
  const { port } = new URL(address);
  return {
    port: Number(port),
    connectionString: `DefaultEndpointsProtocol=http;AccountName=${ACCOUNT};AccountKey=${KEY};TableEndpoint=${address}/${ACCOUNT};`,
    close: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}

async function startedOf(child: ChildProcess, port: number): Promise<string> {
  const exited = once(child, 'exit').then(() => {
    throw new Error('The table server ended before it was ready.');
  });
  const [message] = (await Promise.race([once(child, 'message'), exited])) as [TableServerMessage];
  if (message.type === 'started') return message.address;
  throw new Error(
    message.code === 'EADDRINUSE'
      ? `Port ${port} is taken: set TABLES_PORT to a free one.`
      : `The table server did not start: ${message.message}`,
  );
}
