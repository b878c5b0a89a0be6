import Table from 'cli-table3';
import type { Finding, FindingType } from '../../shared/tables/consistency';
import type { Repaired } from '../../shared/tables/repair';

type InPartition<T> = T & { partition: string };

export interface Checked {
  partitions: number;
  findings: InPartition<Finding>[];
}

const MEANING: Record<FindingType, string> = {
  wakeUpNotNamed: 'something is left to do, and no wake-up is named',
  wakeUpMissing: 'its wake-up is not there, so nobody will look at it',
  claimMissing: 'it is the person’s open invitation, and the claim is not there',
  claimHeldByAnother: 'it thinks that it holds the claim, which another one holds',
  lockMissing: 'its intent is in force, and the person’s lock is not there',
  indexMissing: 'lists do not show it',
  historyMissing: 'an entry of its history is gone',
  stray: 'nothing accounts for this entity',
  unreadable: 'the entity can’t be read',
};

/** Empty where nothing was found. */
export function findingsTable({ findings }: Checked): string {
  if (findings.length === 0) return '';
  const table = plainTable(['invitation', 'key', 'what is wrong']);
  for (const { id, partition, rowKey, type } of findings)
    table.push([id ?? '', place(partition, rowKey), MEANING[type]]);
  return `${table.toString()}\n`;
}

export function repairsTable(repairs: InPartition<Repaired>[]): string {
  const table = plainTable(['invitation', 'key', 'what was wrong', 'what was done']);
  for (const repaired of repairs) {
    const { id, partition, rowKey, type } = repaired;
    table.push([id ?? '', place(partition, rowKey), MEANING[type], doneOf(repaired)]);
  }
  return `${table.toString()}\n`;
}

export function verdict({ partitions, findings }: Checked): string {
  if (findings.length === 0) return `${partitions} partitions read: everything agrees.`;
  return `${partitions} partitions read: ${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}. To mend: npm run fsck -- --repair`;
}

const place = (partition: string, rowKey: string): string => `${partition} ${rowKey}`;

function doneOf(repaired: Repaired): string {
  switch (repaired.result) {
    case 'mended':
      return 'mended';
    case 'gone':
      return 'nothing: it is right by now';
    case 'left':
      return `left: ${repaired.why}`;
  }
}

const plainTable = (head: string[]) => new Table({ head, style: { head: [], border: [] } });
