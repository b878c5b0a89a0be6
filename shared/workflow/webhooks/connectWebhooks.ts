import type { RequestRules } from '../../domain/parseRequest';
import type { Policy } from '../../domain/policy';
import type { Instant } from '../../domain/time';
import type { WebhookHintSender } from '../../queue/hintSender';
import type { Invitations } from '../../tables/invitations';
import type { Tables } from '../../tables/openTables';
import type { SourceLinks } from '../../tables/sourceLinks';
import { makeWebhookEvents } from '../../tables/webhookEvents';
import type { CallHost } from '../../webhooks/callHost';
import { makeFetchData } from '../../webhooks/fetchData';
import { readSources } from '../../webhooks/readSources';
import type { Sandbox } from '../../webhooks/sandbox';
import type { Environment } from '../../webhooks/secretKeys';
import type { makeDecide } from '../decide';
import type { makeRequestInvitation } from '../requestInvitation';
import { makeDoActions } from './doActions';
import { makeHandleWebhookEvent } from './handleWebhookEvent';
import { makeKeptEvents } from './keptEvents';
import { makeReceiveWebhook } from './receiveWebhook';
import { makeWakeWebhookEvents } from './wakeWebhookEvents';

export interface WebhookParts {
  /** The setting SOURCES, and the settings that its secrets are in. */
  sources: string | undefined;
  environment: Environment;
  tables: Tables;
  hints: WebhookHintSender;
  callHost: CallHost;
  sandbox: Sandbox;
  invitations: Invitations;
  sourceLinks: SourceLinks;
  requestInvitation: ReturnType<typeof makeRequestInvitation>;
  decide: ReturnType<typeof makeDecide>;
  rules: RequestRules;
  policy: Policy;
  hashKey: string;
  retainMs: number;
  tickMs: number;
  now: () => Instant;
  monotonicMs: () => number;
  sleep: (ms: number) => Promise<unknown>;
}

/** Everything about webhooks over its adapters. Throws `SettingsError` where SOURCES is not right. */
export function connectWebhooks(given: WebhookParts) {
  const sources = readSources(given.sources, given.environment);
  const webhookEvents = makeWebhookEvents(given.tables, given.hashKey);
  const parts = { ...given, sources, webhookEvents };
  return {
    receiveWebhook: makeReceiveWebhook(parts),
    handleWebhookEvent: makeHandleWebhookEvent({
      ...parts,
      fetchData: makeFetchData(given),
      doActions: makeDoActions(given),
    }),
    wakeWebhookEvents: makeWakeWebhookEvents(parts),
    keptEvents: makeKeptEvents(parts),
  };
}
