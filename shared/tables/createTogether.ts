import type { TransactionAction } from '@azure/data-tables';
import type { Change } from '../domain/history';
import { partitionOfId } from '../domain/ids';
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
}

export interface CreatedTogether {
  /** So many from the front of what was given were tried. */
  tried: number;
  /** Undefined where something stood in the way of one of them, so that none is stored. */
  created: Created[] | undefined;
}

/** One of them: as it is stored, and what its part of the transaction was. */
export interface Created {
  stored: StoredInvitation;
  transaction: Transaction;
}

interface Gathered {
  transactions: Transaction[];
  actions: TransactionAction[];
}

/**
 * First transactions of several invitations as one, of as many from the front as fit into it. All are of one partition,
 * take claims that differ, and those of one person stand together: otherwise none is stored. `isCounted`: they count for their persons' quotas.
 * Reads nothing but to settle a lost answer. Throws `TablesUnavailableError`.
 */
export function makeCreateTogether({ submit, read, contextOf }: CreateTogetherParts) {
  return async (made: readonly Change[], isCounted: boolean): Promise<CreatedTogether> => {
    const [first] = made;
    if (!first) return { tried: 0, created: [] };
    const context = await contextOf(first.invitation.createdAt);
    const { transactions, actions } = gather(made, context, isCounted);
    const tried = transactions.length;
    try {
      const { subResponses } = await submit(actions);
      return { tried, created: withEtags(transactions, subResponses) };
    } catch (error) {
      // One transaction: either all of it came through, and lost its answer, or nothing did.
      const found = await read(first.invitation.id);
      if (found?.changeId !== context.changeId) {
        if (refusalOf(error) === undefined) throw error;
        return { tried, created: undefined };
      }
    }
    const found = await Promise.all(
      transactions.map(async (transaction) => ({ transaction, stored: await read(transaction.after.invitation.id) })),
    );
    return { tried, created: found.flatMap(({ transaction, stored }) => (stored ? { transaction, stored } : [])) };
  };
}

function gather(made: readonly Change[], context: TransactionContext, isCounted: boolean): Gathered {
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
function withEtags(transactions: Transaction[], answers: { etag?: string }[]): Created[] {
  let at = 0;
  return transactions.map((transaction) => {
    const { etag } = answers[at] ?? {};
    at += transaction.actions.length;
    if (etag === undefined) throw new TablesUnavailableError('write invitations', 'the answer holds no ETag');
    return { transaction, stored: { ...transaction.after, etag } };
  });
}
