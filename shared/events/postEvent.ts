import { type HostAnswer, type HostLimits, makeCallHost } from '../webhooks/callHost';
import { type EventUrlRules, eventUrlFault } from './eventUrl';

export interface EventPost {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** What came of one attempt. `reason`: for people; a fault of the network by its code, never what was answered. */
export type Posted =
  | { type: 'taken' }
  /** 410: the receiver wants no more, ever. */
  | { type: 'gone' }
  | { type: 'failed'; reason: string; retryAfterMs?: number };

export type PostOptions = EventUrlRules & Pick<HostLimits, 'timeoutMs' | 'resolve'>;

export type PostEvent = (post: EventPost) => Promise<Posted>;

/** Of an answer's body, of which nothing is wanted. */
const MOST_BYTES = 1024 * 1024;

const LONGEST_WAIT_MS = 3600_000;

/** Posts an event once, to a public address of its host; follows no redirect, never throws. */
export function makePostEvent({ allowedHosts, allowsLoopback, ...limits }: PostOptions): PostEvent {
  const call = makeCallHost({ ...limits, mostBytes: MOST_BYTES });
  return async ({ url, headers, body }) => {
    // The rules may have become stricter since the subscription was made.
    const fault = eventUrlFault(url, { allowedHosts, allowsLoopback });
    return fault === undefined
      ? postedOf(await call({ url, headers, body }))
      : { type: 'failed', reason: `its URL ${fault}` };
  };
}

function postedOf(answer: HostAnswer): Posted {
  if (!answer.ok) return { type: 'failed', reason: `its host ${answer.reason}` };
  const { status, retryAfterMs } = answer;
  if (status >= 200 && status < 300) return { type: 'taken' };
  if (status === 410) return { type: 'gone' };
  return {
    type: 'failed',
    reason: `status ${status}${status >= 300 && status < 400 ? ' (redirects are not followed)' : ''}`,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs: Math.min(retryAfterMs, LONGEST_WAIT_MS) }),
  };
}
