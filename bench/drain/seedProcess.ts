import { openAdapters } from '../../shared/clients/adapters';
import { connect } from '../../shared/clients/connect';
import { readSettings } from '../../shared/settings';
import { answerParent, startChild } from '../ingest/child';
import { requestFor } from './people';

export interface Seeder {
  /** Stores an invitation for each through the product's bulk requests, hints and all. */
  seed: (emails: string[]) => Promise<void>;
  /** How many invitations are in each status. */
  statuses: () => Promise<Record<string, number>>;
  /** The gate as it is stored: whatever it notes; undefined before it was needed. */
  gate: () => Promise<unknown>;
  /** Puts the gate back to what it was. */
  restoreGate: (state: unknown) => Promise<void>;
  end: () => Promise<void>;
}

const MOST_IN_BULK = 1000;

/** The product's workflow without its functions: what puts invitations there before a run, and looks at them after. */
export function startSeeder(env: Record<string, string>): Seeder {
  const child = startChild(__filename, env);
  return {
    seed: async (emails) => {
      await child.ask('seed', emails);
    },
    statuses: async () => (await child.ask('statuses')) as Record<string, number>,
    gate: () => child.ask('gate'),
    restoreGate: async (state) => {
      await child.ask('restoreGate', state);
    },
    end: child.end,
  };
}

if (require.main === module) {
  const settings = readSettings(process.env);
  const opening = openAdapters(settings);
  answerParent({
    seed: async (argument) => {
      const { bulkInvitations } = connect(settings, await opening);
      const entries = (argument as string[]).map((email) => ({ body: requestFor(email) }));
      for (let from = 0; from < entries.length; from += MOST_IN_BULK) {
        const some = entries.slice(from, from + MOST_IN_BULK);
        const asked = { entries: some, caller: 'bench', seesOnlyOwn: false, idempotencyKey: undefined };
        const result = await bulkInvitations(asked);
        const refused =
          result.type === 'bulk' ? result.outcomes.find(({ outcome }) => outcome.type !== 'accepted') : result;
        if (refused) throw new Error(`Could not seed: ${JSON.stringify(refused)}`);
      }
    },
    statuses: async () => {
      const { tables } = await opening;
      const counts: Record<string, number> = {};
      const queryOptions = { filter: `RowKey ge 's-' and RowKey lt 's.'`, select: ['RowKey'] };
      for await (const { rowKey = '' } of tables.invitations.listEntities({ queryOptions })) {
        const [, status = ''] = rowKey.split('-');
        counts[status] = (counts[status] ?? 0) + 1;
      }
      return counts;
    },
    gate: async () => {
      const { tables } = await opening;
      const found = await tables.gates.getEntity<{ state: string }>('gate', 'invitations').catch(() => undefined);
      return found && (JSON.parse(found.state) as unknown);
    },
    restoreGate: async (state) => {
      const { gates } = (await opening).tables;
      const keys = { partitionKey: 'gate', rowKey: 'invitations' };
      if (state === undefined) await gates.deleteEntity(keys.partitionKey, keys.rowKey);
      else await gates.updateEntity({ ...keys, state: JSON.stringify(state) }, 'Merge');
    },
  });
}
