import { TableClient } from '@azure/data-tables';
import { z } from 'zod';
import type { WholeApp } from './wholeApp';
import { waitFor } from './waitFor';

const listed = z.object({
  value: z.array(
    z.looseObject({
      id: z.string(),
      status: z.string(),
      invitedUserEmailAddress: z.string(),
      externalId: z.string().optional(),
      notBefore: z.string().optional(),
    }),
  ),
});

interface StoredEvent {
  status: string;
  outcome: string;
}

export type OfSource = z.output<typeof listed>['value'][number];

/** Looks at what the app makes of webhooks. */
export function webhooksOf(app: WholeApp) {
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    app.call('POST', `/api/webhooks/${path}`, {
      headers: { 'Content-Type': 'application/json', ...headers },
      body: Buffer.isBuffer(body) || typeof body === 'string' ? body : JSON.stringify(body),
    });

  /** The invitations that a source asked for, newest first. */
  const invited = async (source: string): Promise<OfSource[]> =>
    listed.parse((await app.call('GET', `/api/invitations?source=${source}&maxpagesize=100`)).body).value;

  /** Waits until those of a source are as they should be. */
  const until = (source: string, isWanted: (found: OfSource[]) => boolean): Promise<OfSource[]> => {
    let last: OfSource[] = [];
    const describe = `the invitations of ${source}`;
    const look = async () => {
      last = await invited(source);
      return isWanted(last) ? last : undefined;
    };
    return waitFor(look, { timeoutMs: 20_000, describe }).catch((error: unknown) => {
      throw new Error(`${String(error)} They are ${JSON.stringify(last)}`, { cause: error });
    });
  };

  /** What table Webhooks holds of a source. */
  const stored = async (source: string): Promise<{ events: StoredEvent[]; rowKeys: string[] }> => {
    const table = TableClient.fromConnectionString(app.environment['TablesConnection'] ?? '', 'Webhooks', {
      allowInsecureConnection: true,
    });
    const entities: (StoredEvent & { rowKey: string })[] = [];
    const queryOptions = { filter: `PartitionKey eq '${source}'` };
    for await (const { rowKey, status, outcome } of table.listEntities<StoredEvent & { rowKey: string }>({
      queryOptions,
    })) {
      entities.push({ rowKey, status, outcome });
    }
    return {
      events: entities
        .filter(({ rowKey }) => rowKey.startsWith('e-'))
        .map(({ status, outcome }) => ({ status, outcome })),
      rowKeys: entities.map(({ rowKey }) => rowKey),
    };
  };

  /** Waits until there are `count` events, each with that status. */
  const settled = (source: string, status: string, count = 1): Promise<StoredEvent[]> =>
    waitFor(
      async () => {
        const { events } = await stored(source);
        return events.length === count && events.every((event) => event.status === status) ? events : undefined;
      },
      { timeoutMs: 20_000, describe: `${count} events of ${source} to be ${status}` },
    );

  return { post, invited, until, stored, settled };
}
