import type { Tables } from './openTables';
import { calling, readOrUndefined } from './tablesError';

const KEY = { partitionKey: 'sync', rowKey: 'users' };

/** Azure Tables keeps at most this many UTF-16 units in a text property. */
const LONGEST_TEXT = 32_768;

/** Up to where the guests' changes have been read, in table Gates. Two that write it do no harm: changes then come twice. */
export function makeSyncState(tables: Tables) {
  const table = tables.gates;

  /** The path on Graph that leads to the changes since; undefined before the first one was kept. */
  const read = async (): Promise<string | undefined> => {
    const found = await readOrUndefined('read sync state', () =>
      table.getEntity<{ path: string }>(KEY.partitionKey, KEY.rowKey),
    );
    return found?.path;
  };

  /** Throws a RangeError for a path that no property can hold. */
  const write = async (path: string): Promise<void> => {
    if (path.length > LONGEST_TEXT) throw new RangeError(`Graph’s delta link has ${path.length} characters.`);
    await calling('write sync state', () => table.upsertEntity({ ...KEY, path }, 'Replace'));
  };

  return { read, write };
}

export type SyncState = ReturnType<typeof makeSyncState>;
