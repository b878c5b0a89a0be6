import type { RequestRules } from '../../domain/parseRequest';
import type { Policy } from '../../domain/policy';
import type { Instant } from '../../domain/time';
import type { Tried } from '../../domain/webhookEvent';
import type { Invitations } from '../../tables/invitations';
import type { SourceLinks } from '../../tables/sourceLinks';
import type { makeDecide } from '../decide';
import type { Asked, RequestResult } from '../requestInvitation';

export interface ActionParts {
  requestInvitation: (asked: Asked) => Promise<RequestResult>;
  decide: ReturnType<typeof makeDecide>;
  invitations: Pick<Invitations, 'read'>;
  sourceLinks: SourceLinks;
  rules: RequestRules;
  policy: Policy;
  hashKey: string;
}

/** An event and one of its actions: whose it is, what it is called, when it came. */
export interface ActionOf {
  source: string;
  /** What the source calls the event, and the action's place in it. */
  name: string;
  askedAt: Instant;
}

/** In words, for outcomes and logs. */
export const DEEDS = {
  invited: 'invited',
  replaced: 'replaced',
  revoked: 'revoked',
  alreadyInvited: 'invited already',
  unchanged: 'unchanged',
  nothingOpen: 'without an open invitation',
  superseded: 'overtaken by a later event',
} as const;

export type Deed = keyof typeof DEEDS;

/** What one action came to: what was done and how often, or why it could not be. */
export type Acted = { deed: Deed; times?: number } | Exclude<Tried, { type: 'done' }>;

/** Who asked, as histories name it. No other caller's name looks like this. */
export const callerOf = (source: string): string => `source:${source}`;
