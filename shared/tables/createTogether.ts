import type { TransactionAction } from '@azure/data-tables';
import type { Change } from '../domain/history';
import { partitionOfId } from '../domain/ids';
import type { Invitation } from '../domain/invitation';
import type { Instant } from '../domain/time';
import type { StoredInvitation } from './invitationEntity';
import { countAction } from './recipientCounts';
import { TablesUnavailableError, refusalOf } from './tablesError';
import { type Transaction, type TransactionContext, transactionOf } from './transactionOf';

/** https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions */
const ENTITIES_A_TRANSACTION = 100;

export interface CreateTogetherParts {
  submit: (actions: TransactionAction[]) => Promise<{ subResponses: { etag?: string }[] }>;
  read: (id: string) => Promise<StoredInvitation | undefined>;
  contextOf: (at: Instant) => Promise<TransactionContext>;
  announce: (events: string[]) => Promise<void>;
  changed?: (before: undefined, made: Invitation) => void;
}

export interface CreatedTogether {
  /** So many from the front of what was given were tried. */
  tried: number;
  /** As they are stored; undefined where something stood in the way of one of them, so that none is. */
  stored: StoredInvitation[] | undefined;
}

interface Gathered {
  transactions: Transaction[];
  actions: TransactionAction[];
}

/**
 * First transactions of several invitations as one, of as many from the front as fit into it. All are of one partition,
 * take claims that differ, and those of one person stand together. `isCounted`: they count for their persons' quotas.
 * Reads nothing but to settle a lost answer. Throws `TablesUnavailableError`.
 */
export function makeCreateTogether({ submit, read, contextOf, announce, changed }: CreateTogetherParts) {
  return async (made: Change[], isCounted: boolean): Promise<CreatedTogether> => {
    const [first] = made;
    if (!first) return { tried: 0, stored: [] };
    const context = await contextOf(first.invitation.createdAt);
    const gathered = gather(made, context, isCounted);
    const tried = gathered.transactions.length;
    try {
      const { subResponses } = await submit(gathered.actions);
      const stored = withEtags(gathered.transactions, subResponses);
      await announceAll(gathered);
      return { tried, stored };
    } catch (error) {
      // One transaction: either all of it came through, and lost its answer, or nothing did.
      const found = await read(first.invitation.id);
      if (found?.changeId !== context.changeId) {
        if (refusalOf(error) === undefined) throw error;
        return { tried, stored: undefined };
      }
    }
    await announceAll(gathered);
    const stored = await Promise.all(gathered.transactions.map(({ after }) => read(after.invitation.id)));
    return { tried, stored: stored.flatMap((each) => each ?? []) };
  };

  async function announceAll({ transactions }: Gathered): Promise<void> {
    for (const { after } of transactions) changed?.(undefined, after.invitation);
    const events = transactions.flatMap((each) => each.events);
    if (events.length > 0) await announce(events);
  }
}

function gather(made: Change[], context: TransactionContext, isCounted: boolean): Gathered {
  const transactions: Transaction[] = [];
  const actions: TransactionAction[] = [];
  const perPerson = new Map<string, number>();
  for (const change of made) {
    const { person } = change.invitation;
    const transaction = transactionOf(undefined, change, context);
    const isNewPerson = isCounted && !perPerson.has(person);
    const size = actions.length + perPerson.size + transaction.actions.length + (isNewPerson ? 1 : 0);
    if (transactions.length > 0 && size > ENTITIES_A_TRANSACTION) break;
    transactions.push(transaction);
    actions.push(...transaction.actions);
    if (isCounted) perPerson.set(person, (perPerson.get(person) ?? 0) + 1);
  }
  const partitionKey = partitionOfId(made[0]?.invitation.id ?? '');
  const counting = [...perPerson].map(([person, more]) => countAction({ partitionKey, person, at: context.now }, more));
  return { transactions, actions: [...actions, ...counting] };
}

/** The invitation is the first action of each transaction. */
function withEtags(transactions: Transaction[], answers: { etag?: string }[]): StoredInvitation[] {
  let at = 0;
  return transactions.map(({ actions, after }) => {
    const { etag } = answers[at] ?? {};
    at += actions.length;
    if (etag === undefined) throw new TablesUnavailableError('write invitations', 'the answer holds no ETag');
    return { ...after, etag };
  });
}
