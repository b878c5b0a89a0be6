import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import { waitFor } from './waitFor';

/** What a subscriber gets. `status`: of the invitation, when the event happened. */
const eventSchema = z.strictObject({
  type: z.string(),
  timestamp: z.string(),
  sequence: z.number(),
  status: z.string(),
  data: z.looseObject({ id: z.string(), status: z.string() }),
});
export type ReceivedEvent = z.output<typeof eventSchema>;

export interface Received {
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** How a post is answered: a status, or whatever one does with the response. */
export type Answering = number | ((response: ServerResponse, received: Received) => void);

export type Receiver = Awaited<ReturnType<typeof startReceiver>>;

/** Somebody's web server on a free port of this machine, which notes what is posted to it: 204 unless told otherwise. */
export async function startReceiver() {
  const received: Received[] = [];
  let answering: Answering = 204;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const post = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() };
      received.push(post);
      if (typeof answering === 'number') response.writeHead(answering).end();
      else answering(response, post);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  return {
    received,
    url: (path = '/hook') => `http://127.0.0.1:${port}${path}`,
    answer: (how: Answering) => void (answering = how),
    /** Waits for so many posts to a path in all. */
    posts: (count: number, path = '/hook') =>
      waitFor(
        () => {
          const found = received.filter((post) => post.path === path);
          return found.length >= count && found;
        },
        { timeoutMs: 20_000, describe: `${count} posts to ${path}` },
      ),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** As a subscriber reads it; throws where the signature is not right. */
export function verified({ headers, body }: Received, secret: string): ReceivedEvent {
  return eventSchema.parse(new Webhook(secret).verify(body, headers as Record<string, string>));
}

/** The same for a receiver that doesn't look at the clock: tests move it by days. */
export function eventIn({ body }: Pick<Received, 'body'>): ReceivedEvent {
  return eventSchema.parse(JSON.parse(body));
}
