import { type DrainOptions, drainTenant } from './tenantDrain';
import type { Steps } from './steps';

export interface PartitionsPoint {
  partitions: number;
  /** Entities read and written in the busiest second of the busiest partition: while bulk calls are stored, and after. */
  storing: number;
  draining: number;
  /** Requests of a tick that finds nothing. */
  tickRequests: number;
}

export const PARTITIONS = [1, 4, 16, 64, 256];

/** The same people by the same pace, over more and more partitions. */
export async function sweepPartitions(options: DrainOptions, steps: Steps): Promise<PartitionsPoint[]> {
  const points: PartitionsPoint[] = [];
  for (const partitions of PARTITIONS) {
    const { load, storedAfterSeconds } = await drainTenant({ ...options, partitions }, steps);
    const busiest = load.seconds().map(({ entities }) => Math.max(...entities));
    const stored = Math.ceil(storedAfterSeconds);
    points.push({
      partitions,
      storing: Math.max(...busiest.slice(0, stored)),
      draining: Math.max(...busiest.slice(stored)),
      tickRequests: 2 * partitions,
    });
  }
  return points;
}

export interface InstancesPoint {
  instances: number;
  drainPercent: number;
  refused: number;
  /** To the gate's entity: in the busiest second, and for an invitation. */
  gateRequestsPeak: number;
  gateRequests: number;
}

export const INSTANCES = [1, 4, 16, 40];

/** The same people through more and more instances, that all share the gate's one entity. */
export async function sweepInstances(options: DrainOptions, steps: Steps): Promise<InstancesPoint[]> {
  const points: InstancesPoint[] = [];
  for (const instances of INSTANCES) {
    const drained = await drainTenant({ ...options, instances }, steps);
    const { get, update } = drained.gateCalls;
    points.push({
      instances,
      drainPercent: (100 * idealSeconds(options)) / drained.seconds,
      refused: drained.refused,
      gateRequestsPeak: drained.load.peaks().gateRequests,
      gateRequests: (get + update) / drained.invited,
    });
  }
  return points;
}

/** With a full bucket at the start, at Graph's limit or the setting, whichever is lower. */
export const idealSeconds = ({ invitations, perSecond, graph }: DrainOptions): number =>
  Math.max(0, invitations - graph.burst) / Math.min(perSecond, graph.perSecond);
