import { randomUUID } from 'node:crypto';
import type { TransactionAction } from '@azure/data-tables';
import { entry } from '../domain/history';
import { partitionOfId } from '../domain/ids';
import { type HistoryEntry, type Invitation, WORKFLOW } from '../domain/invitation';
import { wakeUpOf } from '../domain/nextStep';
import type { Policy } from '../domain/policy';
import type { Instant } from '../domain/time';
import { type Expected, type Finding, expectedOf } from './consistency';
import {
  type InvitationEntity,
  type StoredInvitation,
  fromInvitationEntity,
  toInvitationEntity,
} from './invitationEntity';
import * as keys from './keys';
import type { Tables } from './openTables';
import { calling, readOrUndefined, refusalOf } from './tablesError';

/** What became of a finding: mended, gone by itself, or left, and then why. */
export type Repaired = (Finding & { result: 'mended' | 'gone' }) | (Finding & { result: 'left'; why: string });

const IN_FORCE = 'Microsoft Graph is being asked for it right now; look again when that is resolved.';
const CHANGED = 'it changed in the meantime; run the repair again.';
const UNREADABLE = 'the entity can’t be read: restore it from a backup, or put its state right by hand.';

type Other = { etag: string; id?: string; attemptId?: string };

/**
 * Mends what the check found, an invitation at a time, in one transaction with its ETag; nothing of an invitation with an
 * intent in force is touched. Everything is read again before, so mending twice does nothing the second time.
 */
export function makeRepair(tables: Tables, policy: Policy) {
  const table = tables.invitations;

  const readInvitation = async (partition: string, id: string): Promise<StoredInvitation | undefined> => {
    const entity = await readOrUndefined('read invitation', () =>
      table.getEntity<InvitationEntity>(partition, keys.invitationKey(id)),
    );
    return entity && fromInvitationEntity(entity);
  };

  const readOther = (partition: string, rowKey: string) =>
    readOrUndefined('read entity', () => table.getEntity<Other>(partition, rowKey));

  /** Nothing accounts for it: deleted with its own ETag. */
  const removeOrphan = async (partition: string, finding: Finding): Promise<Repaired> => {
    const { rowKey, id } = finding;
    const found = await readOther(partition, rowKey);
    if (!found || (found.id !== undefined && found.id !== id)) return { ...finding, result: 'gone' };
    try {
      await calling('remove entity', () => table.deleteEntity(partition, rowKey, { etag: found.etag }));
      return { ...finding, result: 'mended' };
    } catch (error) {
      if (refusalOf(error) === undefined) throw error;
      return { ...finding, result: 'left', why: CHANGED };
    }
  };

  const mend = async (stored: StoredInvitation, found: Finding[]): Promise<Repaired[]> => {
    if (stored.invitation.intent) return found.map((finding) => ({ ...finding, result: 'left', why: IN_FORCE }));
    const partition = partitionOfId(stored.invitation.id);
    const now = tables.clock.now();
    const after = mended(stored, found, now, policy);
    const expected = expectedOf(after, now, policy);
    const wakeUp = after.wakeUp === undefined ? [] : [after.wakeUp];
    const concerned = new Set([...found.map(({ rowKey }) => rowKey), ...wakeUp]);
    const actions: TransactionAction[] = [];
    for (const rowKey of concerned) {
      if (rowKey.startsWith('i-')) continue;
      const action = actionFor(rowKey, after.invitation, expected.get(rowKey), await readOther(partition, rowKey), now);
      if (action) actions.push(action);
    }
    const isNamed = after.wakeUp === stored.wakeUp && after.invitation === stored.invitation;
    if (actions.length === 0 && isNamed) return found.map((finding) => ({ ...finding, result: 'gone' }));
    const entity = { ...toInvitationEntity(after.invitation, randomUUID(), after.wakeUp) };
    try {
      const update: TransactionAction = ['update', entity, 'Replace', { etag: stored.etag }];
      await calling('mend invitation', () => table.submitTransaction([update, ...actions]));
      return found.map((finding) => ({ ...finding, result: 'mended' }));
    } catch (error) {
      if (refusalOf(error) === undefined) throw error;
      return found.map((finding) => ({ ...finding, result: 'left', why: CHANGED }));
    }
  };

  /** Mends the findings of one partition. Throws `TablesUnavailableError`; what is mended by then stays so. */
  return async (partition: string, findings: Finding[]): Promise<Repaired[]> => {
    const repaired: Repaired[] = [];
    const byId = groupById(findings);
    for (const [id, found] of byId) {
      if (found.some(({ type }) => type === 'unreadable')) {
        repaired.push(...found.map((finding) => ({ ...finding, result: 'left' as const, why: UNREADABLE })));
        continue;
      }
      const stored = id === undefined ? undefined : await readInvitation(partition, id);
      if (stored) repaired.push(...(await mend(stored, found)));
      else for (const finding of found) repaired.push(await removeOrphan(partition, finding));
    }
    return repaired;
  };
}

/** The invitation as it must be: it names its wake-up, and does not think that it holds another's claim. */
function mended(
  stored: StoredInvitation,
  found: Finding[],
  now: Instant,
  policy: Policy,
): Omit<StoredInvitation, 'etag'> {
  const { changeId, invitation, wakeUp } = stored;
  const due = wakeUpOf(invitation, now, policy);
  const named = due && (wakeUp ?? keys.wakeUpKey(due, invitation.id));
  const losesClaim = found.some(({ type }) => type === 'claimHeldByAnother');
  return {
    changeId,
    invitation: losesClaim ? { ...invitation, holdsClaim: false } : invitation,
    ...(named === undefined ? {} : { wakeUp: named }),
  };
}

function actionFor(
  rowKey: string,
  invitation: Invitation,
  expected: Expected | undefined,
  there: Other | undefined,
  now: Instant,
): TransactionAction | undefined {
  const key = { partitionKey: partitionOfId(invitation.id), rowKey };
  if (!expected) return there && (there.id ?? invitation.id) === invitation.id ? ['delete', key] : undefined;
  const entity = { ...key, ...contentOf(rowKey, invitation, expected, now) };
  if (!there) return ['create', entity];
  return there.id === expected.id ? undefined : ['update', entity, 'Replace', { etag: there.etag }];
}

function contentOf(rowKey: string, invitation: Invitation, expected: Expected, now: Instant): object {
  if (expected.type === 'historyMissing') return { ...lostEntry(rowKey, invitation, now) };
  return expected.id === undefined ? {} : { id: expected.id };
}

/** The last entry is kept in the invitation too; any other is gone for good, and its place says so. */
const lostEntry = (rowKey: string, { id, historyCount, lastHistory }: Invitation, now: Instant): HistoryEntry =>
  lastHistory && rowKey === keys.historyKey(id, historyCount) ? lastHistory : entry(now, 'entryLost', WORKFLOW);

function groupById(findings: Finding[]): Map<string | undefined, Finding[]> {
  const groups = new Map<string | undefined, Finding[]>();
  for (const finding of findings) groups.set(finding.id, [...(groups.get(finding.id) ?? []), finding]);
  return groups;
}
