import type { IncomingMessage, ServerResponse } from 'node:http';
import { createInterface } from 'node:readline';
import { parseEntity } from './entityText';
import type { TableStore } from './tableStore';

/** Entities of a bulk load that are put into the table at once. */
const TOGETHER = 1000;

/**
 * What a benchmark asks the server itself: GET counts and sizes, POST reset, PUT latency?ms=, and POST load?table= with an
 * entity a line, as JSON with PartitionKey and RowKey.
 */
export function makeServeControl(store: TableStore, settings: { latencyMs: number }) {
  const load = async (request: IncomingMessage, table: string): Promise<void> => {
    let lines: string[] = [];
    const put = () =>
      store.load(
        table,
        lines.map((body) => ({ entity: parseEntity(body), body })),
      );
    for await (const line of createInterface({ input: request, crlfDelay: Infinity })) {
      lines.push(line);
      if (lines.length < TOGETHER) continue;
      put();
      lines = [];
    }
    put();
  };

  const answer = async (request: IncomingMessage): Promise<unknown> => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://127.0.0.1');
    switch (`${request.method ?? ''} ${pathname.slice('/_bench/'.length)}`) {
      case 'GET counts':
        return store.counter.all();
      case 'GET sizes':
        return store.sizes();
      case 'POST reset':
        store.counter.reset();
        return undefined;
      case 'PUT latency':
        return (settings.latencyMs = Number(searchParams.get('ms')));
      case 'POST load':
        return load(request, searchParams.get('table') ?? '');
      default:
        throw new Error(`There is no ${request.method ?? ''} ${pathname}.`);
    }
  };

  return (request: IncomingMessage, response: ServerResponse): void => {
    answer(request).then(
      (body) => response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body ?? {})),
      (error: unknown) => response.writeHead(400, { 'Content-Type': 'text/plain' }).end(String(error)),
    );
  };
}
