import type { IncomingMessage } from 'node:http';

/** The limit of the real host: 100 MB. */
const maxBodyBytes = 100 * 1024 * 1024;

/**
 * The body, or undefined when it is too large; then the rest stays unread. Rejects when the caller goes away. By events: an
 * iterator costs several promises a request.
 */
export function readBody(request: IncomingMessage, maxBytes = maxBodyBytes): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return Promise.resolve(undefined);
  const chunks: Buffer[] = [];
  let length = 0;
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length <= maxBytes) return;
      request.pause();
      resolve(undefined);
    });
    request.once('end', () => resolve(Buffer.concat(chunks, length)));
    request.once('close', () => {
      if (!request.complete) reject(new Error('The caller went away.'));
    });
  });
}
