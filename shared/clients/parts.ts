import { setTimeout as sleep } from 'node:timers/promises';
import { makeDriveItem } from '../graph/driveItem';
import { makeGuest } from '../graph/guest';
import { makeGuestChanges } from '../graph/guestChanges';
import { makeLinkedIn } from '../graph/linkedIn';
import { makeMonotonicClock } from '../monotonicClock';
import { type Settings, tickMs } from '../settings';
import { makeCallerQuotas } from '../tables/callerQuotas';
import { makeIdempotencyKeys } from '../tables/idempotencyKeys';
import { makeInvitations } from '../tables/invitations';
import { makeInvitedUsers } from '../tables/invitedUsers';
import type { Tables } from '../tables/openTables';
import { makeSourceLinks } from '../tables/sourceLinks';
import { makeCallerQuota } from '../workflow/callerQuota';
import type { Adapters } from './adapters';
import { gatesOf } from './gatesOf';
import { policyOf, rulesOf } from './policyOf';
import { subscribersOf } from './subscribersOf';

/** What several use cases are made from. */
export type Parts = ReturnType<typeof partsOf>;

/** The parts over given adapters. Makes no call. */
export function partsOf(settings: Settings, adapters: Adapters) {
  const { tables, callGraph } = adapters;
  const policy = policyOf(settings);
  const every = {
    now: tables.clock.now,
    monotonicMs: makeMonotonicClock(),
    tickMs: tickMs(settings.WAKE_SCHEDULE) ?? 60_000,
  };
  const subscribers = subscribersOf(settings, adapters, every);
  return {
    settings,
    ...adapters,
    ...every,
    sleep,
    policy,
    rules: rulesOf(settings),
    partitions: settings.PARTITIONS,
    hashKey: settings.HASH_KEY,
    subscribers,
    invitations: makeInvitations(tables, policy, subscribers.out),
    invitedUsers: makeInvitedUsers(tables),
    idempotencyKeys: makeIdempotencyKeys(tables),
    sourceLinks: makeSourceLinks(tables, settings.HASH_KEY),
    gates: gatesOf(settings, tables, { monotonicMs: every.monotonicMs, sleep, random: Math.random }),
    guest: makeGuest(callGraph),
    guestChanges: makeGuestChanges(callGraph),
    driveItem: makeDriveItem(callGraph),
    linkedIn: makeLinkedIn(callGraph, { add: settings.LINKEDIN_ADD, update: settings.LINKEDIN_UPDATE }),
    ...quotasOf(settings, tables),
  };
}

/** 0 is none: nothing is counted then. */
function quotasOf({ QUOTA_PER_CALLER: perCaller, QUOTA_PER_RECIPIENT: perRecipient }: Settings, tables: Tables) {
  const { now } = tables.clock;
  return {
    ...(perCaller === 0
      ? {}
      : { callerQuota: makeCallerQuota({ callerQuotas: makeCallerQuotas(tables), most: perCaller, now }) }),
    ...(perRecipient === 0 ? {} : { quotaPerRecipient: perRecipient }),
  };
}
