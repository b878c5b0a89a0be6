import type { InvocationContext } from '@azure/functions';

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
/** What shared/queue names its messages by: a wake-up's key, a hash, or a source and a hash; then who sent it. */
const OURS = new RegExp(
  `^(?:w-[01]-[0-9T:.Z-]{24}-${UUID}|[0-9a-f]{32}|[a-z0-9][a-z0-9-]{0,63}-[0-9a-f]{32})~(?:copy-)?${UUID}$`,
);

/** The MessageId that set a function off; undefined for one that we have not made, for it may hold anything, an address even. */
export function messageIdOf({ triggerMetadata }: Pick<InvocationContext, 'triggerMetadata'>): string | undefined {
  const messageId = triggerMetadata?.['messageId'];
  return typeof messageId === 'string' && OURS.test(messageId) ? messageId : undefined;
}
