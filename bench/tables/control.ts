/** Asks the table server at `url` for something that is no table's (serveControl.ts). Throws what it answers to a fault. */
export async function ask(
  url: string,
  method: string,
  path: string,
  body?: ReadableStream<Uint8Array>,
): Promise<unknown> {
  const init = body === undefined ? {} : { body, duplex: 'half' as const };
  const response = await fetch(`${url}/_bench/${path}`, { method, ...init });
  if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
  return response.json();
}

/** Puts entities into a table as they are, which is made if it is not there. They are given as the wire has them: PartitionKey, RowKey. */
export async function load(url: string, table: string, entities: Iterable<object>): Promise<void> {
  await ask(url, 'POST', `load?table=${table}`, linesOf(entities));
}

const LINES_A_CHUNK = 500;

/** An entity a line, made as it is read: a million are never held together. */
function linesOf(entities: Iterable<object>): ReadableStream<Uint8Array> {
  const iterator = entities[Symbol.iterator]();
  const encoder = new TextEncoder();
  return new ReadableStream({
    pull: (controller) => {
      const lines: string[] = [];
      let next = iterator.next();
      for (; next.done !== true; next = iterator.next()) {
        lines.push(`${JSON.stringify(next.value)}\n`);
        if (lines.length >= LINES_A_CHUNK) break;
      }
      if (lines.length > 0) controller.enqueue(encoder.encode(lines.join('')));
      if (next.done === true) controller.close();
    },
  });
}
