import type { GatePace } from '../domain/graphBucket';
import type { Limit } from '../domain/request';
import { bothGates } from '../graph/bothGates';
import { type Gate, type GateParts, makeGate } from '../graph/gate';
import { toldGate } from '../graph/toldGate';
import type { Settings } from '../settings';
import { makeGates } from '../tables/gates';
import type { Tables } from '../tables/openTables';

const BURST_MS = 5_000;
/** At 200 an hour a second holds no mail: a minute's worth lets three go out together. */
const SHARING_MAILS_BURST_MS = 60_000;
/** Where the limit of invitations isn't known: the rate to begin with, and the most that is ever tried. */
const UNKNOWN_LIMIT = { startPerSecond: 25, perSecond: 1000 };
/** Longer than an instance full of callers needs for them all at Graph's own limit. */
const MOST_WAIT_MS = 30_000;
/** At a limit of a few a minute nobody holds a message for it. */
const MOST_WAIT_FOR_SLOW_MS = 5_000;

/** A gate for each limit of Graph, of this instance. */
export function gatesOf(
  settings: Settings,
  tables: Tables,
  runtime: Pick<GateParts, 'monotonicMs' | 'sleep' | 'random'>,
): Record<Limit, Gate> {
  const every = { gates: makeGates(tables), now: tables.clock.now, ...runtime };
  const gate = (limit: string, pace: GatePace, mostWaitMs = MOST_WAIT_FOR_SLOW_MS) =>
    toldGate(limit, makeGate({ ...every, limit, pace, mostWaitMs }));
  const slow = (limit: string, perSecond: number, burstMs = BURST_MS) => gate(limit, { perSecond, burstMs });
  const shares = slow('shares', settings.GRAPH_SHARES_PER_SECOND);
  const mails = slow('sharingMails', settings.GRAPH_SHARING_MAILS_PER_HOUR / 3600, SHARING_MAILS_BURST_MS);
  return {
    invitations: gate('invitations', invitationsPace(settings), MOST_WAIT_MS),
    shares,
    mailedShares: bothGates(shares, mails),
    linkedIn: slow('linkedIn', settings.GRAPH_LINKEDIN_PER_SECOND),
  };
}

function invitationsPace(settings: Settings): GatePace {
  const { GRAPH_INVITATIONS_PER_SECOND: perSecond, GRAPH_INVITATIONS_BURST: burstMs } = settings;
  return perSecond === 'auto' ? { ...UNKNOWN_LIMIT, burstMs } : { perSecond, burstMs };
}
