import type { TransactionAction } from '@azure/data-tables';
import type { Invitation } from '../../../../shared/domain/invitation';
import { type Finding, type SeenEntity, confirmed, makeCheck } from '../../../../shared/tables/consistency';
import { transactionOf } from '../../../../shared/tables/transactionOf';
import {
  ID,
  REQUESTED_AT,
  aFirstSend,
  aPendingInvitation,
  aPolicy,
  aQueuedInvitation,
} from '../../../support/invitations';

const PERSON = '00112233445566778899aabbccddeeff';
const CLAIM = `p-${PERSON}-guest`;
const LOCK = `l-${PERSON}`;
const OTHER_ID = '019cadc6-9a80-7abd-8def-01234567890b';
const WAKE_UP = `w-1-2026-03-02T15:00:05.000Z-${ID}`;

/** What the first transaction of an invitation leaves in its partition, by the code that writes it. */
function entitiesFor(invitation: Invitation): Map<string, SeenEntity> {
  const created = { ...invitation, historyCount: 0 };
  const history = [{ at: REQUESTED_AT, what: 'requested' as const, by: 'hr' }];
  const context = { now: REQUESTED_AT, policy: aPolicy(), changeId: 'change-1' };
  const { actions } = transactionOf(undefined, { invitation: created, history }, context);
  return new Map(actions.map((action) => [keyOf(action), action[1] as unknown as SeenEntity]));
}

const keyOf = ([, { rowKey }]: TransactionAction): string => rowKey;

function check(...partitions: Map<string, SeenEntity>[]): Finding[] {
  const { see, findings } = makeCheck(REQUESTED_AT, aPolicy());
  for (const entities of partitions) for (const entity of entities.values()) see(entity);
  return findings();
}

/** Type and key of what is found: everything else is told by these. */
const found = (...partitions: Map<string, SeenEntity>[]): string[] =>
  check(...partitions).map(({ type, rowKey }) => `${type} ${rowKey}`);

const without = (entities: Map<string, SeenEntity>, rowKey: string): Map<string, SeenEntity> => {
  if (!entities.has(rowKey)) throw new Error(`There is no ${rowKey} among ${[...entities.keys()].join(', ')}.`);
  return new Map([...entities].filter(([key]) => key !== rowKey));
};

const withEntity = (entities: Map<string, SeenEntity>, entity: SeenEntity) =>
  new Map([...entities, [entity.rowKey, entity]]);

const COMPLEMENT = 'fe635239-657f-8543-7210-fedcba9876f4';

describe('the check of a partition', () => {
  it('finds nothing in what the first transaction of an invitation leaves', () => {
    expect(
      found(entitiesFor(aQueuedInvitation()), entitiesFor(aPendingInvitation({ id: OTHER_ID, holdsClaim: false }))),
    ).toEqual([]);
  });

  it('finds nothing where an intent is in force under its lock', () => {
    expect(found(entitiesFor(aQueuedInvitation({ intent: aFirstSend() })))).toEqual([]);
  });

  it('finds nothing in an event of an invitation that is there, and one of none', () => {
    const key = (id: string) => `e-${REQUESTED_AT}-${id}-1-11111111-2222-4333-8444-555555555555`;
    const entities = withEntity(entitiesFor(aQueuedInvitation()), { rowKey: key(ID) });
    expect(found(entities)).toEqual([]);
    expect(found(withEntity(entities, { rowKey: key(OTHER_ID) }))).toEqual([`stray ${key(OTHER_ID)}`]);
    expect(found(withEntity(entities, { rowKey: 'e-of nothing' }))).toEqual(['stray e-of nothing']);
  });

  it('finds a wake-up that is not there', () => {
    expect(check(without(entitiesFor(aPendingInvitation()), WAKE_UP))).toEqual([
      { type: 'wakeUpMissing', rowKey: WAKE_UP, id: ID, changeId: 'change-1' },
    ]);
  });

  it('finds an invitation with something to do that names no wake-up', () => {
    const entities = entitiesFor(aPendingInvitation());
    const entity = entities.get(`i-${COMPLEMENT}`)!;
    const silent = withEntity(without(entities, WAKE_UP), { ...entity, wakeUp: '' });
    expect(found(silent)).toEqual([`wakeUpNotNamed i-${COMPLEMENT}`]);
  });

  it('goes by the wake-up that the invitation names, wherever today’s settings would put it', () => {
    const entities = entitiesFor(aQueuedInvitation({ intent: aFirstSend() }));
    const { see, findings } = makeCheck(REQUESTED_AT, aPolicy({ resolveAfterMs: 1_000 }));
    for (const entity of entities.values()) see(entity);
    expect(findings()).toEqual([]);
  });

  it('finds a second wake-up beside the one that the invitation names', () => {
    const second = `w-0-2026-03-02T09:00:00.000Z-${ID}`;
    expect(found(withEntity(entitiesFor(aPendingInvitation()), { rowKey: second }))).toEqual([`stray ${second}`]);
  });

  it('finds the wake-up of a closed invitation', () => {
    const closed = entitiesFor(aQueuedInvitation({ status: 'failed', holdsClaim: false }));
    expect(found(withEntity(closed, { rowKey: WAKE_UP }))).toEqual([`stray ${WAKE_UP}`]);
  });

  it('finds a wake-up of an invitation that is not there, and tells its id', () => {
    expect(check(new Map([[WAKE_UP, { rowKey: WAKE_UP }]]))).toEqual([
      { type: 'stray', rowKey: WAKE_UP, id: ID, changeId: undefined },
    ]);
  });

  it('finds a claim that is not there', () => {
    expect(found(without(entitiesFor(aQueuedInvitation()), CLAIM))).toEqual([`claimMissing ${CLAIM}`]);
  });

  it('finds two that think they hold one claim: the one that it does not name', () => {
    const other = without(entitiesFor(aQueuedInvitation({ id: OTHER_ID })), CLAIM);
    expect(check(entitiesFor(aQueuedInvitation()), other)).toEqual([
      { type: 'claimHeldByAnother', rowKey: CLAIM, id: OTHER_ID, changeId: 'change-1' },
    ]);
  });

  it('finds a claim whose invitation does not hold it any more', () => {
    const closed = entitiesFor(aQueuedInvitation({ status: 'failed', holdsClaim: false }));
    expect(check(withEntity(closed, { rowKey: CLAIM, id: ID }))).toEqual([
      { type: 'stray', rowKey: CLAIM, id: ID, changeId: 'change-1' },
    ]);
  });

  it('finds a person’s lock without an intent', () => {
    const locked = withEntity(entitiesFor(aQueuedInvitation()), { rowKey: LOCK, id: ID, attemptId: 'attempt-0' });
    expect(found(locked)).toEqual([`stray ${LOCK}`]);
  });

  it('finds an intent whose lock is not there', () => {
    expect(found(without(entitiesFor(aQueuedInvitation({ intent: aFirstSend() })), LOCK))).toEqual([
      `lockMissing ${LOCK}`,
    ]);
  });

  it('finds a lock of another attempt than the intent’s', () => {
    const entities = entitiesFor(aQueuedInvitation({ intent: aFirstSend() }));
    const other = withEntity(entities, { rowKey: LOCK, id: ID, attemptId: 'attempt-9' });
    expect(found(other)).toEqual([`lockMissing ${LOCK}`, `stray ${LOCK}`]);
  });

  it.each([`a-${PERSON}-${COMPLEMENT}`, `s-queued-${COMPLEMENT}`])('finds that %s is not in a list', (rowKey) => {
    expect(found(without(entitiesFor(aQueuedInvitation()), rowKey))).toEqual([`indexMissing ${rowKey}`]);
  });

  it('finds an invitation in the list of a status that it does not have', () => {
    const wrong = `s-accepted-${COMPLEMENT}`;
    expect(found(withEntity(entitiesFor(aQueuedInvitation()), { rowKey: wrong }))).toEqual([`stray ${wrong}`]);
  });

  it('finds a gap in the history', () => {
    const first = `h-${ID}-000001`;
    expect(found(without(entitiesFor(aQueuedInvitation()), first))).toEqual([`historyMissing ${first}`]);
  });

  it('finds an invitation that can’t be read, and blames nothing else on it', () => {
    const rowKey = `i-${COMPLEMENT}`;
    const entities = entitiesFor(aQueuedInvitation());
    const broken = { ...entities.get(rowKey)!, state: '{' } as SeenEntity;
    expect(found(withEntity(entities, broken))).toEqual([`unreadable ${rowKey}`]);
  });

  it('leaves keys of actions alone', () => {
    const others: SeenEntity[] = [{ rowKey: `k-${ID}-hash` }];
    expect(found(new Map(others.map((entity) => [entity.rowKey, entity])))).toEqual([]);
  });
});

describe('what two readings of a partition in use agree on', () => {
  const finding: Finding = { type: 'wakeUpMissing', rowKey: WAKE_UP, id: ID, changeId: 'change-1' };

  it('is a finding that stands twice for the same change', () => {
    expect(confirmed([finding], [finding])).toEqual([finding]);
  });

  it('is nothing when the invitation was changed in between', () => {
    expect(confirmed([finding], [{ ...finding, changeId: 'change-2' }])).toEqual([]);
  });

  it('is nothing when it was seen once only', () => {
    expect(confirmed([finding], [])).toEqual([]);
  });
});
