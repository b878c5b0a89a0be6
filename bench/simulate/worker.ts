import type { Instant } from '../../shared/domain/time';
import type { Gate } from '../../shared/graph/gate';
import type { Clock } from './clock';
import type { Queued } from './queued';

/** As in host.json. */
export const MAX_CONCURRENT_CALLS = 64;

export interface WorkerParts {
  clock: Clock;
  now: () => Instant;
  queued: Queued;
  gate: Gate;
  /** Milliseconds that a call of Graph takes. */
  callMs: () => number;
  tableCallMs: number;
  /** Undefined: let through; otherwise the Retry-After. */
  callGraph: (nowMs: number) => number | undefined;
  /** Hears what was done. `doubled`: two looked at once, and another's intent came first. */
  onStep: (nth: number, step: 'nothingDue' | 'postponed' | 'doubled' | 'send') => void;
  /** It waits until then. `refused`: by Graph, so the intent is this worker's. */
  onPostponed: (nth: number, until: Instant, refused: boolean) => void;
  onRefused: () => void;
  onAccepted: (nth: number) => void;
}

export interface Worker {
  /** Messages in hand. */
  busy: () => number;
  /** Milliseconds with a message in hand at least. */
  activeMs: () => number;
  take: (nth: number, done: () => void) => void;
}

/**
 * An instance with its own gate: takes messages and does what sendStep does, in the time that it takes: the entity is read,
 * the person looked up, a token taken, the intent written, Graph called, the outcome written.
 */
export function makeWorker(parts: WorkerParts): Worker {
  const { clock, now, queued, gate, callMs, tableCallMs } = parts;
  let busy = 0;
  let activeMs = 0;
  let activeSinceMs = 0;

  const take = (nth: number, done: () => void): void => {
    if (busy === 0) activeSinceMs = clock.nowMs();
    busy += 1;
    const end = () => {
      busy -= 1;
      if (busy === 0) activeMs += clock.nowMs() - activeSinceMs;
      done();
    };
    clock.at(clock.nowMs() + tableCallMs, () => look(nth, end));
  };

  const look = (nth: number, end: () => void): void => {
    if (!queued.isDue(nth, now())) {
      parts.onStep(nth, 'nothingDue');
      end();
      return;
    }
    settled(gate.shutUntil(), (shutUntil) => {
      if (shutUntil !== undefined) postpone(nth, shutUntil, end);
      else clock.at(clock.nowMs() + callMs(), () => takeToken(nth, end));
    });
  };

  const takeToken = (nth: number, end: () => void): void =>
    settled(gate.take(0), (token) => {
      if (!token.ok) postpone(nth, token.until, end);
      else clock.at(clock.nowMs() + tableCallMs, () => begin(nth, end));
    });

  const begin = (nth: number, end: () => void): void => {
    if (queued.begin(nth)) {
      call(nth, now(), end);
      return;
    }
    clock.stir();
    gate.giveBack();
    parts.onStep(nth, 'doubled');
    end();
  };

  const call = (nth: number, beganAt: Instant, end: () => void): void => {
    const tookMs = callMs();
    clock.at(clock.nowMs() + tookMs / 2, () => {
      const refusedForMs = parts.callGraph(clock.nowMs());
      if (refusedForMs === undefined) {
        parts.onAccepted(nth);
        clock.at(clock.nowMs() + tookMs / 2 + 2 * tableCallMs, () => finish(nth, beganAt, end));
        return;
      }
      parts.onRefused();
      const refusal = { beganAt, retryAfterMs: refusedForMs, why: 'TooManyRequests' };
      settled(
        gate.refused(refusal).then(() => gate.retryPlace(now())),
        (until) => postpone(nth, until, end, true),
      );
    });
  };

  const postpone = (nth: number, until: Instant, end: () => void, refused = false): void => {
    parts.onStep(nth, 'postponed');
    clock.at(clock.nowMs() + tableCallMs, () => {
      parts.onPostponed(nth, until, refused);
      end();
    });
  };

  const finish = (nth: number, beganAt: Instant, end: () => void): void => {
    parts.onStep(nth, 'send');
    settled(gate.answered(beganAt, undefined), end);
  };

  /** Goes on when the gate has answered; what it throws ends the simulation. */
  const settled = <T>(promise: Promise<T>, then: (value: T) => void): void => {
    clock.stir();
    promise.then(then).catch(clock.fail);
  };

  return {
    busy: () => busy,
    activeMs: () => activeMs + (busy > 0 ? clock.nowMs() - activeSinceMs : 0),
    take,
  };
}
