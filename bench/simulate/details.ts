import type { Bill, Usage } from './bill';
import type { Prices, Profile } from './inputs';
import type { ManyTenants } from './manyTenants';
import type { Measured } from './measured';
import type { Peaks } from './load';
import type { Steps } from './steps';
import type { InstancesPoint, PartitionsPoint } from './sweeps';
import type { Cost } from './cost';
import type { Year } from './year';

/** A drain as a result keeps it. */
export interface DrainDetails {
  invitations: number;
  perSecond: number;
  instances: number;
  seconds: number;
  idealSeconds: number;
  storedAfterSeconds: number;
  refused: number;
  accepted: number;
  waiting: number;
  /** Of all instances together, with a message in hand. */
  activeSeconds: number;
  /** Looks at an invitation that found nothing to do, and those that came second. */
  inVain: number;
  messages: number;
  mostQueued: number;
  requests: Cost['requests'];
  requestsTotal: number;
  storing: Peaks;
  draining: Peaks;
  acceptedByMinute: number[];
}

/** What `npm run bench -- simulate` keeps: docs/capacity.md is made from it. */
export interface SimulateDetails {
  inputs: { profile: Profile; prices: Prices };
  measured: Measured;
  costs: Steps;
  drains: DrainDetails[];
  partitions: PartitionsPoint[];
  instances: InstancesPoint[];
  sweptInvitations: number;
  tenants: ManyTenants;
  year: Year;
  bills: Record<'drain' | 'year', { usage: Usage; bill: Bill }>;
}
