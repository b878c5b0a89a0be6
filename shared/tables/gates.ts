import type { GateState } from '../domain/gate';
import type { Tables } from './openTables';
import { calling, readOrUndefined, refusalOf } from './tablesError';

interface GateEntity {
  partitionKey: string;
  rowKey: string;
  state: string;
  /** In the open for people who browse the table. */
  closedUntil: string;
  closedWhy: string;
}

const PARTITION = 'gate';

/** One entity a limit, shared by all instances. */
export function makeGates(tables: Tables) {
  const table = tables.gates;

  /** `state` undefined: what an earlier version of the app wrote, which is nothing to begin with. */
  const read = async (limit: string): Promise<{ state: GateState | undefined; etag: string } | undefined> => {
    const found = await readOrUndefined('read gate', () => table.getEntity<GateEntity>(PARTITION, limit));
    if (!found) return undefined;
    const state = JSON.parse(found.state) as Partial<GateState>;
    return { state: state.bucket?.usualQuietMs === undefined ? undefined : (state as GateState), etag: found.etag };
  };

  /** False when another instance was faster: read again. */
  const write = async (limit: string, state: GateState, etag: string | undefined): Promise<boolean> => {
    const { closedUntil, closedWhy } = state;
    const entity: GateEntity = {
      partitionKey: PARTITION,
      rowKey: limit,
      state: JSON.stringify(state),
      closedUntil,
      closedWhy,
    };
    try {
      await calling('write gate', () =>
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

export type Gates = ReturnType<typeof makeGates>;
