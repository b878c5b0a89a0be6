import type { InvocationContext } from '@azure/functions';

/** What a log calls a message: the broker's own number. A MessageId is whatever its sender wrote, an address even. */
export const messageName = ({ triggerMetadata }: Pick<InvocationContext, 'triggerMetadata'>): string =>
  `message ${String(triggerMetadata?.['sequenceNumber'])}`;
