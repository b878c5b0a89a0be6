import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Counts } from './counts';
import { makeServeControl } from './serveControl';
import { makeServeTables, send } from './serveTables';
import { makeTableStore } from './tableStore';

export interface TableServerOptions {
  /** 0, which takes any free one, unless told. */
  port?: number;
  /** Each answer comes so much later, 0 unless told. Control routes answer at once. */
  latencyMs?: number;
}

export interface TableServer {
  /** Of the server; control routes lie under `/_bench/`. */
  url: string;
  port: number;
  /** For `TablesConnection`, with Azurite's well-known account. */
  connectionString: string;
  /** What was asked for since the start, or the last `reset`. */
  counts: () => Promise<Counts>;
  /** Counts from nothing again; what is stored stays. */
  reset: () => Promise<void>;
  close: () => Promise<void>;
}

/** Public, for development only. https://learn.microsoft.com/azure/storage/common/storage-use-azurite */
const ACCOUNT = 'devstoreaccount1';
const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

export const connectionStringOf = (url: string): string =>
  `DefaultEndpointsProtocol=http;AccountName=${ACCOUNT};AccountKey=${KEY};TableEndpoint=${url}/${ACCOUNT};`;

/**
 * A table server for benchmarks in this process, on 127.0.0.1: keeps its entities in memory, in the order of their keys,
 * so that a request costs what it touches, however many there are. Signatures are not checked. Its work takes time from
 * whoever runs beside it: what is measured goes against one in a process of its own (process.ts).
 */
export async function startTableServer(options: TableServerOptions = {}): Promise<TableServer> {
  const store = makeTableStore();
  const serve = makeServeTables(store);
  const settings = { latencyMs: options.latencyMs ?? 0 };
  const control = makeServeControl(store, settings);

  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    if (request.url?.startsWith('/_bench/')) {
      control(request, response);
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const [only] = chunks;
      const answer = serve(request, chunks.length === 1 && only ? only : Buffer.concat(chunks));
      if (settings.latencyMs === 0) send(response, answer);
      else setTimeout(() => send(response, answer), settings.latencyMs);
    });
  };

  const server = createServer({ keepAliveTimeout: 60_000 }, handle);
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    port,
    connectionString: connectionStringOf(url),
    counts: () => Promise.resolve(structuredClone(store.counter.all())),
    reset: () => {
      store.counter.reset();
      return Promise.resolve();
    },
    close: () => closed(server),
  };
}

async function closed(server: Server): Promise<void> {
  const end = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await end;
}
