import { randomUUID } from 'node:crypto';
import { mergeBehaviour, type Behaviour } from './behaviour';
import { createDirectory, type Directory } from './directory';
import type { Group } from './groups';
import { createRing, type Ring } from './ring';
import { fullBucket, type Bucket } from './throttle';
import { createTickets, type Tickets } from './tickets';

/** A mail that was really sent. */
export interface Mail {
  to: string;
  cc: string[];
  at: string;
  invitationId: string;
  userId: string;
  sendInvitationMessage: true;
  customizedMessageBody: string | null;
  messageLanguage: string;
  redeemUrl: string;
  clientRequestId: string;
}

/** A call of Graph that was made; `status` is 0 when it never got an answer. */
export interface RequestRecord {
  at: string;
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
  directory: Directory;
  groups: Map<string, Group>;
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
      directory: createDirectory(now),
      groups: new Map<string, Group>(),
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

/** Changes the behaviour; a changed throttle starts with a full bucket. Throws a ZodError for what it can't be. */
export function changeBehaviour(simulation: Simulation, patch: unknown): void {
  const before = simulation.behaviour.throttle;
  simulation.behaviour = mergeBehaviour(simulation.behaviour, patch);
  const after = simulation.behaviour.throttle;
  if (JSON.stringify(before) !== JSON.stringify(after)) simulation.bucket = fullBucket(after, simulation.now());
}

function toTenant(domain: string): Tenant {
  const [name = domain] = domain.toLowerCase().split('.');
  return {
    id: '69997834-fa40-45da-8c5f-382c3bdc66c3',
    domain: domain.toLowerCase(),
    initialDomain: `${name}.onmicrosoft.com`,
    organisation: name.charAt(0).toUpperCase() + name.slice(1),
  };
}
