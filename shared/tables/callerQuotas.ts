import { sha256 } from '../domain/ids';
import type { QuotaState } from '../domain/quota';
import type { Tables } from './openTables';
import { calling, readOrUndefined, refusalOf } from './tablesError';

interface QuotaEntity extends QuotaState {
  partitionKey: string;
  rowKey: string;
  /** In the open for people who browse the table: an id, never a name or an address. */
  caller: string;
}

const PARTITION = 'quota';

/** What each caller's instances have leased of the day's quota: one entity a caller in table Gates, reused every day. */
export function makeCallerQuotas(tables: Tables) {
  const table = tables.gates;
  const rowKeyOf = (caller: string): string => sha256(caller).slice(0, 32);

  const read = async (caller: string): Promise<{ state: QuotaState; etag: string } | undefined> => {
    const found = await readOrUndefined('read quota', () => table.getEntity<QuotaEntity>(PARTITION, rowKeyOf(caller)));
    return found && { state: { day: found.day, leased: found.leased }, etag: found.etag };
  };

  /** False when another instance was faster: read again. */
  const write = async (caller: string, state: QuotaState, etag: string | undefined): Promise<boolean> => {
    const entity: QuotaEntity = { partitionKey: PARTITION, rowKey: rowKeyOf(caller), caller, ...state };
    try {
      await calling('write quota', () =>
        etag === undefined ? table.createEntity(entity) : table.updateEntity(entity, 'Replace', { etag }),
      );
      return true;
    } catch (error) {
      if (refusalOf(error) === undefined) throw error;
      return false;
    }
  };

  return { read, write };
}

export type CallerQuotas = ReturnType<typeof makeCallerQuotas>;
