import type { Cost } from '../../../../bench/simulate/cost';
import type { Steps } from '../../../../bench/simulate/steps';

/** A step that costs so many requests to table Invitations, one of them a transaction of so many entities. */
export const costing = (requests: number, entities: number): Cost => ({
  requests: { Invitations: { get: requests } },
  entities,
  messages: 0,
});

const stored = (entities: number, bytes: number) => ({ entities, bytes });

/** Round figures, so that sums can be done by heart. */
export const COSTS: Steps = {
  steps: {
    request: costing(1, 7),
    bulk: costing(0.1, 7),
    send: costing(4, 10),
    nothingDue: costing(1, 1),
    doubled: costing(3, 2),
    postponed: costing(2, 4),
    check: costing(2, 4),
    reminder: costing(4, 10),
    redeemed: costing(3, 8),
    expired: costing(2, 8),
    erased: costing(2, 4),
  },
  timers: {
    wakeInvitations: costing(32, 0),
    wakeEvents: costing(16, 0),
    wakeWebhookEvents: costing(1, 0),
    syncRedemptions: costing(2, 0),
    deleteExpiredKeys: costing(256, 0),
  },
  stored: {
    queued: stored(7, 700),
    pending: stored(9, 900),
    reminded: stored(10, 1000),
    accepted: stored(11, 1100),
    expired: stored(13, 1300),
    erased: stored(14, 1200),
  },
};

export const GRAPH = { perSecond: 30, burst: 150, callMedianMs: 350, callP99Ms: 2000 };
export const WORLD = {
  graph: GRAPH,
  tableCallMs: 8,
  queueCallMs: 20,
  instances: 2,
  partitions: 16,
  storedPerSecond: 1000,
  seed: 1,
};
