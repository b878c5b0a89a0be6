import type { TransactionAction } from '@azure/data-tables';

/** The tables that the model keeps. InvitedUsers and Gates decide nothing of the protocol. */
export type TableName = 'invitations' | 'idempotencyKeys';

/** What a worker asks of the world, one at a time; between two of them it may be paused, killed or overtaken. */
export type Effect =
  /** Before a worker does anything: whoever has not begun may do so at any time. */
  | { type: 'begin' }
  | { type: 'read'; table: TableName; partitionKey: string; rowKey: string }
  /** Everything whose address begins with `prefix`, in the order of keys. */
  | { type: 'list'; table: TableName; prefix: string }
  | { type: 'write'; table: TableName; actions: TransactionAction[] }
  | { type: 'lookUp'; of: 'person' | 'permissions' | 'permission' }
  /** Right before the lease is checked: a moment, not a request. */
  | { type: 'checkLease' }
  /** `mail` names the mail that is asked for: the text of the request's message where it has one. */
  | { type: 'post'; of: 'guest' | 'share' | 'linkedIn'; mail: string; attemptId: string }
  | { type: 'deletePermission'; attemptId: string };

/** What came back. `lost`: nothing did, whatever happened there. */
export type Answer =
  { type: 'value'; value: unknown } | { type: 'refused'; status: number; retryAfterMs?: number } | { type: 'lost' };
