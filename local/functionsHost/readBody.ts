import type { IncomingMessage } from 'node:http';

/** The limit of the real host: 100 MB. */
const maxBodyBytes = 100 * 1024 * 1024;

/** The body, or undefined when it is too large; then the rest stays unread. Rejects when the caller goes away. */
export async function readBody(request: IncomingMessage, maxBytes = maxBodyBytes): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return undefined;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}
