import type { Circumstances } from './circumstances';
import { perSecondOf } from './options';
import type { Setup } from './ours';
import type { PeerName } from './peers';

/** What is measured together under one name. */
export interface Arm {
  what: string;
  setup: Setup;
  /** The limit has to be learned: `runs` pairs, of which the second run starts from what the gate learned in the first. */
  isLearned: boolean;
  runs: number;
  /** Nothing runs beside it: two setups at once leave neither enough of two cores for what has to be noticed in time. */
  isAlone: boolean;
}

export interface Plan {
  /** The most telling first: what there is no time for is left out from the end. */
  arms: Arm[];
  /** Arms that run beside each other, each against a Graph of its own. */
  armsAtOnce: number;
  peers: PeerName[];
  /** Peers that run beside each other, each against a Graph of its own. */
  peersAtOnce: number;
  peerProcesses: number;
  /** No run of ours begins later. */
  deadlineMs: number;
  /** Aims are of the full size: a small run is over before its start and its last answers weigh little. */
  hasAims: boolean;
}

const PER_SECOND = 40;
/** Five seconds of it, as Graph has it: 150 calls in 5 s. */
const BURST = 200;

/** The arm that peers are compared with, and whose costs are told. */
export const MAIN_ARM = '4 workers, limit known';

const usual = (invitations: number): Circumstances => ({
  invitations,
  limit: { perSecond: PER_SECOND, burst: BURST },
  bucket: 'drain',
  saysRetryAfter: true,
  hasOtherApp: false,
});

const PEERS: PeerName[] = ['sequential', 'pool16', 'pool64', 'promiseAll', 'batch20', 'queueFunction'];
const MINUTE_MS = 60_000;

export function smallPlan(seed: number): Plan {
  const arm = armsOf(usual(800), seed);
  return {
    arms: [arm.known(4, 2), arm.learned(4, 1), arm.known(1, 1)],
    armsAtOnce: 2,
    peers: PEERS,
    peersAtOnce: 3,
    peerProcesses: 4,
    deadlineMs: 3 * MINUTE_MS,
    hasAims: false,
  };
}

export function fullPlan(seed: number): Plan {
  const arm = armsOf(usual(5000), seed);
  return {
    arms: [
      arm.known(4, 2),
      alone(arm.known(1, 1)),
      arm.learned(4, 2),
      alone(arm.learned(1, 1)),
      alone(arm.known(16, 1)),
      alone(arm.learned(16, 1)),
      alone(arm.known(4, 1, 'another app in between', { hasOtherApp: true })),
      // How many are refused varies most here.
      alone(arm.learned(4, 2, 'another app in between', { hasOtherApp: true })),
      alone(arm.known(4, 1, 'refused calls free', { bucket: 'free' })),
      arm.learned(4, 1, 'refused calls free', { bucket: 'free' }),
      arm.learned(4, 1, 'no Retry-After', { saysRetryAfter: false }),
    ],
    armsAtOnce: 2,
    peers: PEERS,
    peersAtOnce: 3,
    peerProcesses: 16,
    deadlineMs: 48 * MINUTE_MS,
    hasAims: true,
  };
}

const alone = (arm: Arm): Arm => ({ ...arm, isAlone: true });

function armsOf(circumstances: Circumstances, seed: number) {
  const arm = (workers: number, runs: number, isLearned: boolean, also: string, more: Partial<Circumstances>): Arm => {
    const count = workers === 1 ? '1 worker' : `${workers} workers`;
    const perSecond = isLearned ? 'auto' : perSecondOf(circumstances.limit.perSecond);
    return {
      what: [`${count}, limit ${isLearned ? 'unknown' : 'known'}`, also].filter(Boolean).join(', '),
      setup: { ...circumstances, ...more, workers, perSecond, settings: {}, seed },
      isLearned,
      runs,
      isAlone: false,
    };
  };
  return {
    known: (workers: number, runs: number, also = '', more: Partial<Circumstances> = {}) =>
      arm(workers, runs, false, also, more),
    learned: (workers: number, runs: number, also = '', more: Partial<Circumstances> = {}) =>
      arm(workers, runs, true, also, more),
  };
}
