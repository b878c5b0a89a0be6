import { DECISION_OPERATIONS } from './decisionOperations';
import { INVITATION_OPERATIONS } from './invitationOperations';
import type { Operation } from './operation';
import { APP_OPERATIONS, SUBSCRIPTION_OPERATIONS, WEBHOOK_OPERATIONS } from './otherOperations';

/** Every method of every HTTP function. Tests hold it to the functions that are registered and to what they answer. */
export const OPERATIONS: readonly Operation[] = [
  ...INVITATION_OPERATIONS,
  ...DECISION_OPERATIONS,
  ...SUBSCRIPTION_OPERATIONS,
  ...WEBHOOK_OPERATIONS,
  ...APP_OPERATIONS,
];
