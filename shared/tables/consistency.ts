import { odata } from '@azure/data-tables';
import { wakeUpOf } from '../domain/nextStep';
import type { Policy } from '../domain/policy';
import type { Instant } from '../domain/time';
import { type InvitationEntity, type StoredInvitation, fromInvitationEntity } from './invitationEntity';
import * as keys from './keys';
import type { Tables } from './openTables';
import { calling } from './tablesError';

/** An entity of table Invitations, as much of it as the check needs. */
export type SeenEntity = { rowKey: string; id?: string; attemptId?: string } | (InvitationEntity & { etag: string });

export type FindingType =
  /** Something is left to do, and the invitation names no wake-up for it: nobody will ever look. */
  | 'wakeUpNotNamed'
  | 'wakeUpMissing'
  | 'claimMissing'
  /** Its person's claim is another invitation's, which holds it rightly. */
  | 'claimHeldByAnother'
  | 'lockMissing'
  | 'indexMissing'
  | 'historyMissing'
  /**
   * An entity that no invitation accounts for: of none, of one that says otherwise, or of an intent that is over. How many
   * events an invitation has on their way nobody knows; one of no invitation is a stray.
   */
  | 'stray'
  | 'unreadable';

export interface Finding {
  type: FindingType;
  rowKey: string;
  /** The invitation that is concerned; undefined where the key does not tell. */
  id: string | undefined;
  /** Which change of the invitation the finding is about; undefined where there is no such invitation. */
  changeId: string | undefined;
}

/** What must stand beside an invitation, and what of it the entity must say. */
export interface Expected {
  type: FindingType;
  id?: string;
  attemptId?: string;
}

/**
 * The entities that belong to an invitation, by RowKey. Its wake-up is the one that it names: today's settings may put it
 * elsewhere. One that has nothing left to do has none, whatever it names.
 */
export function expectedOf(
  stored: Omit<StoredInvitation, 'etag'>,
  now: Instant,
  policy: Policy,
): Map<string, Expected> {
  const { invitation, wakeUp } = stored;
  const { id, person, status, intent, historyCount } = invitation;
  const expected = new Map<string, Expected>([
    [keys.personIndexKey(invitation), { type: 'indexMissing' }],
    [keys.statusIndexKey(status, id), { type: 'indexMissing' }],
  ]);
  for (let number = 1; number <= historyCount; number += 1) {
    expected.set(keys.historyKey(id, number), { type: 'historyMissing' });
  }
  if (wakeUp !== undefined && wakeUpOf(invitation, now, policy)) expected.set(wakeUp, { type: 'wakeUpMissing' });
  if (invitation.holdsClaim) expected.set(keys.claimKey(invitation), { type: 'claimMissing', id });
  if (intent) expected.set(keys.personLockKey(person), { type: 'lockMissing', id, attemptId: intent.attemptId });
  return expected;
}

/** Reads a partition page by page, in the order of its keys; of an invitation everything, of the rest who it names. */
export async function* entitiesOf(tables: Tables, partition: string): AsyncGenerator<SeenEntity> {
  const filter = odata`PartitionKey eq ${partition}`;
  const select = ['PartitionKey', 'RowKey', 'id', 'attemptId', 'request', 'state', 'wakeUp', 'changeId', 'status'];
  const pages = tables.invitations.listEntities<Record<string, never>>({ queryOptions: { filter, select } }).byPage();
  const iterator = pages[Symbol.asyncIterator]();
  for (;;) {
    const page = await calling('read a partition', () => iterator.next());
    if (page.done) return;
    yield* page.value as unknown as SeenEntity[];
  }
}

interface Known {
  changeId: string;
  lacksWakeUp: boolean;
  missing: Map<string, Expected>;
}

/**
 * Folds the entities of one partition, in any order, into what is wrong with it. Pure; keeps keys only, about a kilobyte
 * an invitation.
 */
export function makeCheck(now: Instant, policy: Policy) {
  const invitations = new Map<string, Known>();
  const others = new Map<string, Pick<Expected, 'id' | 'attemptId'>>();
  const unreadable: Finding[] = [];

  const see = (entity: SeenEntity): void => {
    const { rowKey } = entity;
    if ('state' in entity && rowKey.startsWith('i-')) {
      const stored = readOf(entity);
      const id = keys.idOfKey(rowKey);
      if (!stored || id === undefined) unreadable.push({ type: 'unreadable', rowKey, id, changeId: entity.changeId });
      else {
        invitations.set(id, {
          changeId: stored.changeId,
          lacksWakeUp: stored.wakeUp === undefined && wakeUpOf(stored.invitation, now, policy) !== undefined,
          missing: expectedOf(stored, now, policy),
        });
      }
    } else if (/^[aehlpsw]-/.test(rowKey)) {
      const { id, attemptId } = entity as Pick<Expected, 'id' | 'attemptId'>;
      others.set(rowKey, { ...(id === undefined ? {} : { id }), ...(attemptId === undefined ? {} : { attemptId }) });
    }
  };

  const findings = (): Finding[] => {
    const found: Finding[] = [...unreadable];
    const accounted = new Set<string>();
    for (const [id, { changeId, lacksWakeUp, missing }] of invitations) {
      if (lacksWakeUp) found.push({ type: 'wakeUpNotNamed', rowKey: keys.invitationKey(id), id, changeId });
      for (const [rowKey, expected] of missing) {
        const there = others.get(rowKey);
        if (there && there.id === expected.id && there.attemptId === expected.attemptId) accounted.add(rowKey);
        else found.push({ type: expected.type, rowKey, id, changeId });
      }
    }
    // What an unreadable invitation accounts for is not known.
    const unknown = new Set(unreadable.map(({ id }) => id));
    const isAccounted = (rowKey: string): boolean =>
      accounted.has(rowKey) || (rowKey.startsWith(keys.EVENTS) && invitations.has(keys.idOfKey(rowKey) ?? ''));
    const strays = [...others].filter(
      ([rowKey, { id = keys.idOfKey(rowKey) }]) => !isAccounted(rowKey) && !unknown.has(id),
    );
    return [
      ...found.map((finding) =>
        isAnothers(finding, accounted) ? { ...finding, type: 'claimHeldByAnother' as const } : finding,
      ),
      ...strays.map(([rowKey, { id = keys.idOfKey(rowKey) }]): Finding => {
        return { type: 'stray', rowKey, id, changeId: id === undefined ? undefined : invitations.get(id)?.changeId };
      }),
    ];
  };

  return { see, findings };
}

/** A claim is one entity for all invitations of its person, so it may be missing here and right elsewhere. */
const isAnothers = ({ type, rowKey }: Finding, accounted: Set<string>): boolean =>
  type === 'claimMissing' && accounted.has(rowKey);

function readOf(entity: InvitationEntity & { etag: string }): StoredInvitation | undefined {
  try {
    return fromInvitationEntity(entity);
  } catch {
    return undefined;
  }
}

/**
 * What two readings agree on. A partition that is worked on changes while it is read; a finding that stands twice for the
 * same change of its invitation was true in between.
 */
export function confirmed(first: Finding[], second: Finding[]): Finding[] {
  const identity = ({ type, rowKey, id, changeId }: Finding) => [type, rowKey, id, changeId].join(' ');
  const seen = new Set(first.map(identity));
  return second.filter((finding) => seen.has(identity(finding)));
}

/** What is wrong with a partition of a table that may be in use. Throws `TablesUnavailableError`. */
export async function findingsOf(tables: Tables, partition: string, policy: Policy): Promise<Finding[]> {
  const readOnce = async (): Promise<Finding[]> => {
    const check = makeCheck(tables.clock.now(), policy);
    for await (const entity of entitiesOf(tables, partition)) check.see(entity);
    return check.findings();
  };
  const first = await readOnce();
  return first.length === 0 ? [] : confirmed(first, await readOnce());
}
