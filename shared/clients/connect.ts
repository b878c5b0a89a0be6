import { randomUUID } from 'node:crypto';
import { eventUrlFault } from '../events/eventUrl';
import { makePatience } from '../events/patience';
import { makePostEvent } from '../events/postEvent';
import { pooledRandomBytes } from '../randomPool';
import type { Settings } from '../settings';
import { makeRecipientCounts } from '../tables/recipientCounts';
import { makeSyncState } from '../tables/syncState';
import { makeSandbox } from '../webhooks/sandbox';
import { makeAdvanceInvitation } from '../workflow/advanceInvitation';
import { makeBulkInvitations } from '../workflow/bulkInvitations';
import { makeCheckHealth } from '../workflow/checkHealth';
import { makeCompareRedemptions } from '../workflow/compareRedemptions';
import { makeDecide } from '../workflow/decide';
import { makeDeleteExpiredKeys } from '../workflow/deleteExpiredKeys';
import { makeDeleteOldCounts } from '../workflow/deleteOldCounts';
import { makeDeliverEvent } from '../workflow/deliverEvent';
import { makeErasePerson } from '../workflow/erasePerson';
import { makeForeseeInvitations } from '../workflow/foreseeInvitations';
import { makeGiveRedeemUrl } from '../workflow/giveRedeemUrl';
import { makeKinds } from '../workflow/kinds/kinds';
import { makeListInvitations } from '../workflow/listInvitations';
import { makePatchInvitation } from '../workflow/patchInvitation';
import { makeRecordDeadLetter } from '../workflow/recordDeadLetter';
import { makeRequestInvitation } from '../workflow/requestInvitation';
import { makeSubscribe } from '../workflow/subscribe';
import { makeSyncRedemptions } from '../workflow/syncRedemptions';
import { makeTellPaces } from '../workflow/tellPaces';
import { makeWakeEvents } from '../workflow/wakeEvents';
import { makeWakeInvitations } from '../workflow/wakeInvitations';
import { connectWebhooks } from '../workflow/webhooks/connectWebhooks';
import type { Adapters } from './adapters';
import { type Parts, partsOf } from './parts';
import { usesSimulator } from './usesSimulator';

/** The workflow over given adapters: every use case, made from its parts. Throws `SettingsError` where SOURCES is not right. */
export function connect(settings: Settings, adapters: Adapters) {
  const parts = partsOf(settings, adapters);
  const { policy, invitations, hints } = parts;
  const requests = requestsOf(parts);
  const webhooks = webhooksOf(parts, requests);
  return {
    settings,
    policy,
    invitations,
    hints,
    ...requests,
    ...advancingOf(parts),
    ...redemptionsOf(parts),
    ...eventsOf(parts),
    webhooks,
    ...upkeepOf(parts, webhooks.keptEvents.count),
  };
}

/** What callers ask for. */
function requestsOf(parts: Parts) {
  const keyed = { ...parts, randomBytes: pooledRandomBytes };
  return {
    requestInvitation: makeRequestInvitation(keyed),
    bulkInvitations: makeBulkInvitations(keyed),
    foreseeInvitations: makeForeseeInvitations(keyed),
    listInvitations: makeListInvitations(parts),
    patchInvitation: makePatchInvitation(parts),
    decide: makeDecide(parts),
    giveRedeemUrl: makeGiveRedeemUrl({ ...parts, gate: parts.gates.invitations }),
    erasePerson: makeErasePerson(parts),
  };
}

/** What wakes invitations and does what is due for them. */
const advancingOf = (parts: Parts) => ({
  advanceInvitation: makeAdvanceInvitation({
    ...parts,
    kinds: makeKinds(parts),
    callTimeoutMs: parts.settings.GRAPH_CALL_TIMEOUT,
  }),
  wakeInvitations: makeWakeInvitations(parts),
  recordDeadLetter: makeRecordDeadLetter(parts),
});

/** What finds out who redeemed. */
function redemptionsOf(parts: Parts) {
  const compareRedemptions = makeCompareRedemptions(parts);
  const syncState = makeSyncState(parts.tables);
  return { compareRedemptions, syncRedemptions: makeSyncRedemptions({ ...parts, compareRedemptions, syncState }) };
}

/** How long a receiver may take to answer. */
const EVENT_TIMEOUT_MS = 15_000;

/** Subscriptions, and what goes to them. */
function eventsOf(parts: Parts) {
  const { settings, subscribers, monotonicMs, now } = parts;
  const urlRules = { allowedHosts: settings.ALLOWED_EVENT_HOSTS, allowsLoopback: usesSimulator(settings) };
  return {
    subscriptions: subscribers.subscriptions,
    eventUrlFault: (url: string) => eventUrlFault(url, urlRules),
    ...makeSubscribe({ ...subscribers, now, newId: randomUUID }),
    deliverEvent: makeDeliverEvent({
      ...parts,
      ...subscribers,
      patience: makePatience(monotonicMs),
      post: makePostEvent({ ...urlRules, timeoutMs: EVENT_TIMEOUT_MS }),
      announce: subscribers.out.announce,
      random: Math.random,
    }),
    wakeEvents: makeWakeEvents({ ...parts, ...subscribers }),
  };
}

const webhooksOf = (
  parts: Parts,
  { requestInvitation, decide }: Pick<ReturnType<typeof requestsOf>, 'requestInvitation' | 'decide'>,
) =>
  connectWebhooks({
    ...parts,
    hints: parts.webhookHints,
    requestInvitation,
    decide,
    sandbox: makeSandbox(),
    sources: parts.settings.SOURCES,
    environment: process.env,
    retainMs: parts.policy.retainMs,
  });

/** What looks after the app itself. */
const upkeepOf = (parts: Parts, keptEvents: () => Promise<Map<string, number>>) => ({
  checkHealth: makeCheckHealth({ ...parts, subscriptions: parts.subscribers.known, keptEvents }),
  tellPaces: makeTellPaces(parts),
  deleteExpiredKeys: makeDeleteExpiredKeys(parts),
  deleteOldCounts: makeDeleteOldCounts({ ...parts, recipientCounts: makeRecipientCounts(parts.tables) }),
});
