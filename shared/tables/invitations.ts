import { randomUUID } from 'node:crypto';
import { type TransactionAction, odata } from '@azure/data-tables';
import type { Change } from '../domain/history';
import { complementOf, partitionOfId } from '../domain/ids';
import type { HistoryEntry, Invitation } from '../domain/invitation';
import type { WakeUp } from '../domain/nextStep';
import type { Policy } from '../domain/policy';
import type { Subscriber } from '../domain/subscription';
import type { Instant } from '../domain/time';
import { makeCreateTogether } from './createTogether';
import { type InvitationEntity, type StoredInvitation, fromInvitationEntity } from './invitationEntity';
import * as keys from './keys';
import type { Tables } from './openTables';
import { type RecipientCount, countAction, makeRecipientCounts } from './recipientCounts';
import { TablesUnavailableError, calling, readOrUndefined, refusalOf } from './tablesError';
import { type Transaction, type TransactionContext, transactionOf, withClaimOf } from './transactionOf';

export type ChangeResult =
  | { type: 'changed'; stored: StoredInvitation; newWakeUp?: WakeUp }
  | { type: 'unchanged'; stored: StoredInvitation }
  | { type: 'notFound' }
  /** Another send or removal for the same person is under way until then at the latest. */
  | { type: 'personBusy'; until: Instant }
  /** Another open invitation holds the person's claim. */
  | { type: 'claimed'; by: string }
  /** The action's idempotency key was used before, for a request with this fingerprint. */
  | { type: 'repeated'; fingerprint: string; stored: StoredInvitation };

export type CreateResult =
  | { type: 'created'; stored: StoredInvitation; newWakeUp?: WakeUp }
  /** The id exists: an earlier try of the same request came through. */
  | { type: 'exists'; stored: StoredInvitation }
  | { type: 'claimed'; by: StoredInvitation }
  /** As many as may be were made for this person today. */
  | { type: 'recipientQuota' };

export interface ChangeOptions {
  action?: TransactionContext['action'];
  /** As it was read before: saves the first read. */
  from?: StoredInvitation;
}

export type Apply = (invitation: Invitation, now: Instant) => Change | undefined;

const MOST_TRIES = 10;

export interface EventsOut {
  /** Whom events go to. Throws `TablesUnavailableError`. */
  subscribers: () => Promise<readonly Subscriber[]>;
  /** Told of the keys of the events that a transaction wrote. Best effort: the next tick finds them. Never throws. */
  announce: (keys: string[]) => Promise<void>;
  /** Told of each change that is written, once, by whoever wrote it; undefined before the first. Never throws. */
  changed?: (before: Invitation | undefined, after: Invitation) => void;
}

const NO_EVENTS: EventsOut = { subscribers: () => Promise.resolve([]), announce: () => Promise.resolve() };

/** The one place that writes invitations. */
export function makeInvitations(tables: Tables, policy: Policy, eventsOut: EventsOut = NO_EVENTS) {
  const table = tables.invitations;
  const now = (): Instant => tables.clock.now();

  const read = async (id: string): Promise<StoredInvitation | undefined> => {
    const entity = await readOrUndefined('read invitation', () =>
      table.getEntity<InvitationEntity>(partitionOfId(id), keys.invitationKey(id)),
    );
    return entity && fromInvitationEntity(entity);
  };

  const submit = (actions: TransactionAction[]) => calling('write invitation', () => table.submitTransaction(actions));

  const contextOf = async (at: Instant, action?: TransactionContext['action']): Promise<TransactionContext> => ({
    now: at,
    policy,
    changeId: randomUUID(),
    subscribers: await eventsOut.subscribers(),
    ...(action ? { action } : {}),
  });

  /** Commits, or tells why not; a lost answer is settled by reading back who wrote last. */
  const commit = async (transaction: Transaction): Promise<Committed> => {
    const { invitation, changeId } = transaction.after;
    try {
      const { subResponses } = await submit(transaction.actions);
      // The invitation is the first action of every transaction.
      const etag = subResponses[0]?.etag;
      if (etag !== undefined) return { type: 'committed', stored: { ...transaction.after, etag } };
    } catch (error) {
      const found = await read(invitation.id);
      if (found?.changeId === changeId) return { type: 'committed', stored: found };
      const refusal = refusalOf(error);
      if (refusal === undefined) throw error;
      return { type: 'refused', refusal, found };
    }
    throw new TablesUnavailableError('write invitation', 'the answer holds no ETag');
  };

  /** Entries whose deletion met a 404 would fail the transaction for ever: drop those that are gone already. */
  const withoutGone = async (transaction: Transaction): Promise<Transaction> => {
    const kept: TransactionAction[] = [];
    for (const action of transaction.actions) {
      const [type, { partitionKey, rowKey }] = action;
      const exists =
        type !== 'delete' ||
        (await readOrUndefined('look for an entity', () => table.getEntity(partitionKey, rowKey))) !== undefined;
      if (exists) kept.push(action);
    }
    return { ...transaction, actions: kept };
  };

  const settle = async (transaction: Transaction, before?: Invitation): Promise<Committed> => {
    const first = await commit(transaction);
    const isGone = first.type === 'refused' && first.refusal === 404;
    const result = isGone ? await commit(await withoutGone(transaction)) : first;
    if (result.type !== 'committed') return result;
    eventsOut.changed?.(before, transaction.after.invitation);
    if (transaction.events.length > 0) await eventsOut.announce(transaction.events);
    return result;
  };

  /**
   * Reads, applies, commits in one transaction, and does it again when somebody else was faster. `apply` returning
   * undefined means that there is nothing to change any more. Throws `TablesUnavailableError`.
   */
  const change = async (id: string, apply: Apply, options: ChangeOptions = {}): Promise<ChangeResult> => {
    const { action } = options;
    for (let attempt = 1; attempt <= MOST_TRIES; attempt += 1) {
      const before = (attempt === 1 ? options.from : undefined) ?? (await read(id));
      if (!before) return { type: 'notFound' };
      const used = action && (await readAction(id, action.hash));
      if (used) return { type: 'repeated', fingerprint: used.fingerprint, stored: before };
      const at = now();
      const changed = apply(before.invitation, at);
      if (!changed) return { type: 'unchanged', stored: before };
      const transaction = transactionOf(before, changed, await contextOf(at, action));
      const result = await settle(transaction, before.invitation);
      if (result.type === 'committed') {
        return {
          type: 'changed',
          stored: result.stored,
          ...(transaction.newWakeUp ? { newWakeUp: transaction.newWakeUp } : {}),
        };
      }
      const hindered = await whoHinders(changed.invitation, before.invitation);
      if (hindered) return hindered;
    }
    throw new TablesUnavailableError('write invitation', `${MOST_TRIES} others were faster`);
  };

  const readAction = (id: string, hash: string) =>
    readOrUndefined('read action key', () =>
      table.getEntity<{ fingerprint: string }>(partitionOfId(id), keys.actionKey(id, hash)),
    );

  /** An insert that met what is there already: the person's lock or claim, held for another invitation. */
  const whoHinders = async (wanted: Invitation, before: Invitation): Promise<ChangeResult | undefined> => {
    if (wanted.holdsClaim && !before.holdsClaim) {
      const claim = await readClaim(wanted);
      return claim && claim.id !== wanted.id ? { type: 'claimed', by: claim.id } : undefined;
    }
    if (!wanted.intent || before.intent) return undefined;
    const lock = await readOrUndefined('read person lock', () =>
      table.getEntity<{ id: string; leaseEndsAt: string }>(partitionOfId(wanted.id), keys.personLockKey(wanted.person)),
    );
    return lock && lock.id !== wanted.id ? { type: 'personBusy', until: lock.leaseEndsAt } : undefined;
  };

  const readClaim = (invitation: Pick<Invitation, 'id' | 'person' | 'request'>) =>
    readOrUndefined('read claim', () =>
      table.getEntity<{ id: string }>(partitionOfId(invitation.id), keys.claimKey(invitation)),
    );

  /** The open invitation that holds the claim which this one would take. */
  const readHolder = async (wanted: Pick<Invitation, 'id' | 'person' | 'request'>) => {
    const claim = await readClaim(wanted);
    const holder = claim && (await read(claim.id));
    return holder?.invitation.holdsClaim ? holder : undefined;
  };

  const counts = makeRecipientCounts(tables);

  /**
   * First transaction of an invitation. A claim that is held by an open one is the answer; `giver` is the one whose claim
   * it takes over, as long as that holds it. `mostToday`: how many may be made a day for one person; without it nobody
   * counts.
   */
  const create = async (made: Change, giver?: StoredInvitation, mostToday?: number): Promise<CreateResult> => {
    const { id, person, createdAt: at, holdsClaim } = made.invitation;
    const partitionKey = partitionOfId(id);
    let count: RecipientCount | undefined;
    for (let attempt = 1; attempt <= MOST_TRIES; attempt += 1) {
      const from = attempt === 1 || !giver ? giver : await read(giver.invitation.id);
      const context = await contextOf(at);
      const fresh = transactionOf(undefined, made, context);
      const whole = from?.invitation.holdsClaim ? withClaimOf(from, fresh, context) : fresh;
      const counting = mostToday === undefined ? [] : [countAction({ partitionKey, person, at }, 1, count)];
      const result = await settle({ ...whole, actions: [...whole.actions, ...counting] });
      if (result.type === 'committed') {
        const { newWakeUp } = whole;
        return { type: 'created', stored: result.stored, ...(newWakeUp ? { newWakeUp } : {}) };
      }
      if (result.found) return { type: 'exists', stored: result.found };
      const holder = holdsClaim ? await readHolder(made.invitation) : undefined;
      if (holder && holder.invitation.id !== giver?.invitation.id) return { type: 'claimed', by: holder };
      if (mostToday === undefined) continue;
      count = await counts.read(partitionKey, person, at);
      if (count && count.made >= mostToday) return { type: 'recipientQuota' };
    }
    throw new TablesUnavailableError('create invitation', `${MOST_TRIES} others were faster`);
  };

  /** How many were made for the person on the day (UTC) that the invitation would be made. */
  const madeToday = async ({ id, person, createdAt }: Pick<Invitation, 'id' | 'person' | 'createdAt'>) =>
    (await counts.read(partitionOfId(id), person, createdAt))?.made ?? 0;

  const createTogether = makeCreateTogether({ submit, read, contextOf, ...eventsOut });

  /** Oldest first. Bounded by the domain's `MAX_HISTORY`. */
  const history = (id: string): Promise<HistoryEntry[]> =>
    calling('read history', async () => {
      const partition = partitionOfId(id);
      const filter = odata`PartitionKey eq ${partition} and RowKey ge ${`h-${id}-`} and RowKey lt ${`h-${id}.`}`;
      const entries: HistoryEntry[] = [];
      for await (const { at, what, by, detail, times, lastAt } of table.listEntities<HistoryEntry>({
        queryOptions: { filter },
      })) {
        entries.push({
          at,
          what,
          by,
          ...(detail === undefined ? {} : { detail }),
          ...(times === undefined ? {} : { times }),
          ...(lastAt === undefined ? {} : { lastAt }),
        });
      }
      return entries;
    });

  /** Every invitation of the same person, newest first. */
  const idsOfPerson = ({ id, person }: Pick<Invitation, 'id' | 'person'>): Promise<string[]> =>
    calling('read invitations of a person', async () => {
      const partition = partitionOfId(id);
      const filter = odata`PartitionKey eq ${partition} and RowKey ge ${`a-${person}-`} and RowKey lt ${`a-${person}.`}`;
      const ids: string[] = [];
      for await (const { rowKey } of table.listEntities<{ rowKey: string }>({
        queryOptions: { filter, select: ['RowKey'] },
      })) {
        ids.push(complementOf(rowKey.slice(`a-${person}-`.length)));
      }
      return ids;
    });

  return { read, readHolder, madeToday, create, createTogether, change, history, idsOfPerson, now };
}

export type Invitations = ReturnType<typeof makeInvitations>;

type Committed =
  | { type: 'committed'; stored: StoredInvitation }
  | { type: 'refused'; refusal: number; found: StoredInvitation | undefined };
