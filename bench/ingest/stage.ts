import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { startTables } from '../../local/tables/startTables';
import { startTableProcess } from '../tables/process';
import { DEFAULT_EVENTS_QUEUE, DEFAULT_QUEUE, DEFAULT_WEBHOOKS_QUEUE } from '../../shared/triggerDefaults';
import { startBroker } from './brokerProcess';
import type { Recording } from './scriptProcess';

/** Tables and a queue, each in a process of its own, and a folder for recordings. */
export interface Stage {
  /** Settings of whoever works on it. */
  env: Record<string, string>;
  /** Writes what the peer is to do, and tells where. */
  keep: (name: string, recording: Recording) => string;
  close: () => Promise<void>;
}

/** Every invitation is hinted at once, however far ahead its turn is: a request then always costs the same. */
const SETTINGS = {
  HASH_KEY: 'only-for-this-benchmark',
  INVITE_REDIRECT_URL: 'https://myapp.contoso.com',
  QUOTA_PER_CALLER: '0',
  WAKE_SCHEDULE: '0 */59 * * * *',
  GRAPH_BASE_URL: 'http://127.0.0.1:9',
};

/** `azurite`: for few entities, as on a developer's machine; otherwise a table server that takes as much as processors give. */
export async function startStage({ azurite = false } = {}): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-ingest-'));
  const [tables, broker] = await Promise.all([
    azurite ? startTables({ port: 0 }) : startTableProcess(),
    startBroker([DEFAULT_QUEUE, DEFAULT_EVENTS_QUEUE, DEFAULT_WEBHOOKS_QUEUE]),
  ]);
  return {
    env: { ...SETTINGS, TablesConnection: tables.connectionString, ServiceBusConnection: broker.connectionString },
    keep: (name, recording) => {
      const file = join(folder, name);
      writeFileSync(file, serialize(recording));
      return file;
    },
    close: async () => {
      await Promise.all([tables.close(), broker.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
