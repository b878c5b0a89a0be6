import { odata } from '@azure/data-tables';
import type { Change } from '../../../shared/domain/history';
import { invitationId } from '../../../shared/domain/ids';
import type { Invitation } from '../../../shared/domain/invitation';
import { newInvitation } from '../../../shared/domain/newInvitation';
import type { Tables } from '../../../shared/tables/openTables';
import { REQUESTED_AT, aRequest } from '../../support/invitations';

export interface Somebody {
  partition: string;
  person: string;
  /** The change that makes this person's nth invitation; the first is 0. */
  invite: (nth?: number, options?: { takesClaim?: boolean }) => Change;
  id: (nth?: number) => string;
}

let people = 0;

/** A person in a partition of their own, so that a test sees its own entities and no others. */
export function somebody(): Somebody {
  people += 1;
  const partition = people.toString(16).padStart(2, '0');
  const person = `person${partition}`.padEnd(32, '0');
  const id = (nth = 0) => invitationId(Date.parse(REQUESTED_AT) + nth, new Uint8Array(10).fill(nth), partition);
  return {
    partition,
    person,
    id,
    invite: (nth = 0, { takesClaim = true } = {}) =>
      newInvitation(
        {
          id: id(nth),
          person,
          caller: 'hr',
          request: aRequest(),
          warnings: [],
          takesClaim,
          sendAt: REQUESTED_AT,
        },
        REQUESTED_AT,
      ),
  };
}

/** RowKeys of a partition, in the table's own order. */
export async function rowKeysOf(tables: Tables, partition: string): Promise<string[]> {
  const filter = odata`PartitionKey eq ${partition}`;
  const rowKeys: string[] = [];
  for await (const { rowKey } of tables.invitations.listEntities<{ rowKey: string }>({ queryOptions: { filter } })) {
    rowKeys.push(rowKey);
  }
  return rowKeys;
}

/** Those that begin with one letter and a dash: `w` for wake-ups, `p` for claims, `l` for locks … */
export const ofKind = (rowKeys: string[], kind: string): string[] =>
  rowKeys.filter((key) => key.startsWith(`${kind}-`));

/** A change that leaves no history. */
export const silently = (invitation: Invitation): Change => ({ invitation, history: [] });
