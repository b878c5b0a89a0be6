import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@microsoft/microsoft-graph-client';
import { requestFor } from './people';

/** What people do with a list of addresses: ends when it has done what it can for each. */
export type Strategy = (client: Client, emails: readonly string[]) => Promise<void>;

/** The client has retried by itself; who fails then is lost, and told in nobody's log here. */
const invite = async (client: Client, email: string): Promise<void> => {
  await client
    .api('/invitations')
    .post(requestFor(email))
    .catch(() => undefined);
};

const inOrder: Strategy = async (client, emails) => {
  for (const email of emails) await invite(client, email);
};

const allAtOnce: Strategy = async (client, emails) => {
  await Promise.all(emails.map((email) => invite(client, email)));
};

const atMost =
  (concurrency: number): Strategy =>
  async (client, emails) => {
    const waiting = emails.values();
    const work = async () => {
      for (const email of waiting) await invite(client, email);
    };
    await Promise.all(Array.from({ length: concurrency }, work));
  };

const BATCH = 20;

interface BatchAnswer {
  responses: { id: string; status: number; headers?: Record<string, string> }[];
}

/**
 * Batch by batch; those that were refused go into a later batch, once the longest Retry-After among them is over, as
 * Microsoft recommends. https://learn.microsoft.com/graph/throttling#throttling-and-batching
 */
const inBatches: Strategy = async (client, emails) => {
  const waiting = [...emails];
  while (waiting.length > 0) {
    const batch = waiting.splice(0, BATCH);
    const { responses } = (await client.api('/$batch').post({ requests: batch.map(batched) })) as BatchAnswer;
    const again = responses.filter(({ status }) => status === 429 || status === 503);
    waiting.push(...again.flatMap(({ id }) => batch[Number(id)] ?? []));
    const waitS = Math.max(0, ...again.map(({ headers }) => Number(headers?.['Retry-After'] ?? 1)));
    await sleep(1000 * waitS);
  }
};

const batched = (email: string, nth: number) => ({
  id: String(nth),
  method: 'POST',
  url: '/invitations',
  headers: { 'Content-Type': 'application/json' },
  body: requestFor(email),
});

export const STRATEGIES = {
  sequential: inOrder,
  promiseAll: allAtOnce,
  pool16: atMost(16),
  pool64: atMost(64),
  batch20: inBatches,
} as const satisfies Record<string, Strategy>;

export type StrategyName = keyof typeof STRATEGIES;
