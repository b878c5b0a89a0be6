import type { TransactionAction } from '@azure/data-tables';
import { type InvitationEvent, recordEvents } from '../domain/events';
import { type Change, recordHistory } from '../domain/history';
import { partitionOfId } from '../domain/ids';
import type { Invitation } from '../domain/invitation';
import { type WakeUp, wakeUpOf } from '../domain/nextStep';
import type { Policy } from '../domain/policy';
import { type Subscriber, isWanted } from '../domain/subscription';
import type { Instant } from '../domain/time';
import type { EventEntity } from './dueEvents';
import { type StoredInvitation, toInvitationEntity } from './invitationEntity';
import * as keys from './keys';

export interface Transaction {
  actions: TransactionAction[];
  after: Omit<StoredInvitation, 'etag'>;
  /** Set when the transaction moves the wake-up: it then wants a hint. */
  newWakeUp?: WakeUp;
  /** Keys of the events that it leaves to be delivered: they want hints as well. */
  events: string[];
}

export interface TransactionContext {
  now: Instant;
  policy: Policy;
  changeId: string;
  /** Whom events go to. */
  subscribers?: readonly Subscriber[];
  /** The idempotency key of the action that causes the change, and the answer a repeat gets. */
  action?: { hash: string; fingerprint: string };
}

/**
 * The one entity-group transaction of a change: the invitation with its ETag, history, wake-up, claim, person lock,
 * indexes and an entity for each event and each subscription that wants it, all derived from how the invitation was and
 * how it shall be. Without `before` it creates. A change means two events at most and there are about twenty
 * subscriptions, so it stays well below the hundred entities that a transaction may have.
 */
export function transactionOf(
  before: StoredInvitation | undefined,
  change: Change,
  context: TransactionContext,
): Transaction {
  const { invitation: recorded, entries } = recordHistory(change);
  const { invitation, events } = recordEvents(before?.invitation, recorded);
  const deliveries = deliveriesOf(invitation, events, context);
  const partitionKey = partitionOfId(invitation.id);
  const wakeUp = wakeUpOf(invitation, context.now, context.policy);
  const wakeUpKey = wakeUp && keys.wakeUpKey(wakeUp, invitation.id);
  const write = writer(partitionKey);
  const entity = { ...toInvitationEntity(invitation, context.changeId, wakeUpKey) };
  const actions: TransactionAction[] = [
    before ? ['update', entity, 'Replace', { etag: before.etag }] : ['create', entity],
    ...entries.map(({ number, entry }) => write.put(keys.historyKey(invitation.id, number), { ...entry })),
    ...(before?.wakeUp !== undefined && before.wakeUp !== wakeUpKey ? [write.remove(before.wakeUp)] : []),
    ...(wakeUpKey !== undefined && before?.wakeUp !== wakeUpKey ? [write.put(wakeUpKey, {})] : []),
    ...claimActions(before?.invitation, invitation, write),
    ...lockActions(before?.invitation, invitation, write),
    ...indexActions(before?.invitation, invitation, write),
    ...deliveries.map(({ rowKey, ...properties }) => write.create(rowKey, properties)),
    ...(context.action
      ? [write.create(keys.actionKey(invitation.id, context.action.hash), { fingerprint: context.action.fingerprint })]
      : []),
  ];
  return {
    actions,
    after: { invitation, changeId: context.changeId, ...(wakeUpKey === undefined ? {} : { wakeUp: wakeUpKey }) },
    ...(wakeUp && before?.wakeUp !== wakeUpKey ? { newWakeUp: wakeUp } : {}),
    events: deliveries.map(({ rowKey }) => rowKey),
  };
}

/** Due at once. What is posted is read when it is delivered, so that nothing of a person is kept twice. */
function deliveriesOf(invitation: Invitation, events: InvitationEvent[], context: TransactionContext): EventEntity[] {
  const { now, subscribers = [] } = context;
  return events.flatMap(({ type, sequence, status }) =>
    subscribers
      .filter((subscriber) => isWanted(subscriber, type, invitation, now))
      .map(({ id: subscriptionId }): EventEntity => {
        const key = { dueAt: now, invitationId: invitation.id, sequence, subscriptionId };
        return { rowKey: keys.eventKey(key), type, at: now, status, attempts: 0 };
      }),
  );
}

/**
 * The first transaction of an invitation that takes the claim of `giver`: in it the claim changes its holder and the giver
 * holds none any more, so there is never a moment without one.
 */
export function withClaimOf(giver: StoredInvitation, made: Transaction, context: TransactionContext): Transaction {
  const { invitation } = made.after;
  const claim = keys.claimKey(invitation);
  const others = made.actions.filter(([, { rowKey }]) => rowKey !== claim);
  const without = { ...giver.invitation, holdsClaim: false, replacedBy: invitation.id };
  const entity = { ...toInvitationEntity(without, context.changeId, giver.wakeUp) };
  return {
    ...made,
    actions: [
      ...others,
      writer(partitionOfId(invitation.id)).put(claim, { id: invitation.id }),
      ['update', entity, 'Replace', { etag: giver.etag }],
    ],
  };
}

type Writer = ReturnType<typeof writer>;

const writer = (partitionKey: string) => ({
  create: (rowKey: string, properties: object): TransactionAction => [
    'create',
    { partitionKey, rowKey, ...properties },
  ],
  put: (rowKey: string, properties: object): TransactionAction => [
    'upsert',
    { partitionKey, rowKey, ...properties },
    'Replace',
  ],
  remove: (rowKey: string): TransactionAction => ['delete', { partitionKey, rowKey }],
});

function claimActions(before: Invitation | undefined, after: Invitation, write: Writer): TransactionAction[] {
  const key = keys.claimKey(after);
  if (after.holdsClaim && !before?.holdsClaim) return [write.create(key, { id: after.id })];
  if (before?.holdsClaim && !after.holdsClaim) return [write.remove(key)];
  return [];
}

/** One send or removal of a guest at a time for one person, whichever of their invitations it is for. */
function lockActions(before: Invitation | undefined, after: Invitation, write: Writer): TransactionAction[] {
  const key = keys.personLockKey(after.person);
  if (after.intent && !before?.intent) {
    const { attemptId, leaseEndsAt } = after.intent;
    return [write.create(key, { id: after.id, attemptId, leaseEndsAt })];
  }
  return before?.intent && !after.intent ? [write.remove(key)] : [];
}

function indexActions(before: Invitation | undefined, after: Invitation, write: Writer): TransactionAction[] {
  if (!before) {
    return [write.put(keys.personIndexKey(after), {}), write.put(keys.statusIndexKey(after.status, after.id), {})];
  }
  if (before.status === after.status) return [];
  return [
    write.remove(keys.statusIndexKey(before.status, after.id)),
    write.put(keys.statusIndexKey(after.status, after.id), {}),
  ];
}
