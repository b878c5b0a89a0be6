import { randomUUID } from 'node:crypto';
import { mergeBehaviour, type Behaviour } from './behaviour';
import { createDirectory, type Directory } from './directory';
import type { Group } from './groups';
import type { LinkedInInvitation } from './linkedInRequest';
import type { Mail } from './mail';
import { createRing, type Ring } from './ring';
import { createShares, type Shares } from './shares';
import { fullBucket, refill, type Bucket } from './throttle';
import { createTickets, type Tickets } from './tickets';

/** A call of Graph that was made; `status` is 0 when it never got an answer. */
export interface RequestRecord {
  at: string;
  /** When it was granted or refused: half of its latency after it came. */
  decidedAt: string;
  /** How long Graph took over it. */
  latencyMs: number;
  method: string;
  path: string;
  query: string;
  status: number;
  clientRequestId: string;
  email?: string;
}

export interface Tenant {
  id: string;
  /** 'contoso.com' */
  domain: string;
  /** 'contoso.onmicrosoft.com' */
  initialDomain: string;
  /** 'Contoso' */
  organisation: string;
}

/** All state of one simulator. Routes change it; nothing else holds any. */
export interface Simulation {
  readonly now: () => number;
  readonly random: () => number;
  readonly baseUrl: string;
  readonly tenant: Tenant;
  behaviour: Behaviour;
  bucket: Bucket;
  /** Undefined while `behaviour.sharing` is off. */
  sharingBuckets: { calls: Bucket; mails: Bucket } | undefined;
  directory: Directory;
  groups: Map<string, Group>;
  shares: Shares;
  /** By id. */
  linkedIn: Map<string, LinkedInInvitation>;
  tickets: Tickets;
  mails: Ring<Mail>;
  requests: Ring<RequestRecord>;
  /** Redeem URLs given out so far: what `alternate` goes by. */
  redeemUrlsIssued: number;
  /** Of which the tokens of /users/delta are: another one's have expired. */
  deltaEra: string;
  /** Forgets everything and goes back to the behaviour it was started with. */
  reset(): void;
}

export interface SimulationOptions {
  baseUrl: string;
  tenantDomain: string;
  behaviour: Behaviour;
  now: () => number;
  random: () => number;
}

const MAILS_KEPT = 200_000;
const REQUESTS_KEPT = 50_000;

export function createSimulation({ baseUrl, tenantDomain, behaviour, now, random }: SimulationOptions): Simulation {
  const initial = () => {
    // A copy: faults count down in place.
    const started = mergeBehaviour(behaviour, {});
    return {
      behaviour: started,
      bucket: fullBucket(started.throttle, now()),
      sharingBuckets: fullSharingBuckets(started.sharing, now()),
      directory: createDirectory(now),
      groups: new Map<string, Group>(),
      shares: createShares(),
      linkedIn: new Map<string, LinkedInInvitation>(),
      tickets: createTickets(),
      mails: createRing<Mail>(MAILS_KEPT),
      requests: createRing<RequestRecord>(REQUESTS_KEPT),
      redeemUrlsIssued: 0,
      deltaEra: randomUUID(),
    };
  };
  const simulation: Simulation = {
    now,
    random,
    baseUrl,
    tenant: toTenant(tenantDomain),
    ...initial(),
    reset: () => void Object.assign(simulation, initial()),
  };
  return simulation;
}

const fullSharingBuckets = (sharing: Behaviour['sharing'], nowMs: number) =>
  sharing ? { calls: fullBucket(sharing.calls, nowMs), mails: fullBucket(sharing.mails, nowMs) } : undefined;

/** Changes the behaviour; changed limits start with full buckets. Throws a ZodError for what it can't be. */
export function changeBehaviour(simulation: Simulation, patch: unknown): void {
  const before = simulation.behaviour;
  const after = mergeBehaviour(before, patch);
  refill(simulation.bucket, before.throttle, simulation.now(), before.otherAppsPerSecond);
  simulation.behaviour = after;
  if (!isSame(before.throttle, after.throttle)) simulation.bucket = fullBucket(after.throttle, simulation.now());
  if (!isSame(before.sharing, after.sharing)) {
    simulation.sharingBuckets = fullSharingBuckets(after.sharing, simulation.now());
  }
}

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

function toTenant(domain: string): Tenant {
  const [name = domain] = domain.toLowerCase().split('.');
  return {
    id: '69997834-fa40-45da-8c5f-382c3bdc66c3',
    domain: domain.toLowerCase(),
    initialDomain: `${name}.onmicrosoft.com`,
    organisation: name.charAt(0).toUpperCase() + name.slice(1),
  };
}
