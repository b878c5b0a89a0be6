import { type GateState, freshGate } from '../domain/gate';
import type { GatePace } from '../domain/graphBucket';
import type { Instant } from '../domain/time';
import type { Gates } from '../tables/gates';

export interface SharedGateParts {
  gates: Gates;
  limit: string;
  pace: GatePace;
  now: () => Instant;
  monotonicMs: () => number;
}

/** How long an instance trusts what it read of the gate when it only estimates. */
const STATE_KEPT_MS = 5_000;
export const MOST_TRIES = 10;

/** The one entity by which all instances know a limit. Throws `TablesUnavailableError`. */
export function makeSharedGate({ gates, limit, pace, now, monotonicMs }: SharedGateParts) {
  let seen: { state: GateState; at: number; turn: number } | undefined;
  let turns = 0;

  /** A read's, when it begins; a write's, when it is done. */
  const nextTurn = (): number => (turns += 1);

  /** A read that began before the last write was done may tell of a gate that is still open, after a refusal closed it. */
  const remember = (state: GateState, turn: number): GateState => {
    if (seen === undefined || turn > seen.turn) seen = { state, at: monotonicMs(), turn };
    return state;
  };

  const readFresh = async (): Promise<{ state: GateState; etag: string | undefined }> => {
    const turn = nextTurn();
    const found = await gates.read(limit);
    return { state: remember(found?.state ?? freshGate(now(), pace), turn), etag: found?.etag };
  };

  const known = async (): Promise<GateState> =>
    seen && monotonicMs() - seen.at < STATE_KEPT_MS ? seen.state : (await readFresh()).state;

  /** False when another instance was faster. */
  const write = async (state: GateState, etag: string | undefined): Promise<boolean> => {
    const isWritten = await gates.write(limit, state, etag);
    if (isWritten) remember(state, nextTurn());
    return isWritten;
  };

  /** Changes the entity, again when another instance was faster; gives up after a few tries, for it is only a pace. */
  const update = async (change: (state: GateState) => GateState): Promise<GateState> => {
    for (let attempt = 1; ; attempt += 1) {
      const { state, etag } = await readFresh();
      const changed = change(state);
      if (changed === state || (await write(changed, etag))) return changed;
      if (attempt === MOST_TRIES) return remember(changed, nextTurn());
    }
  };

  return { readFresh, known, write, update };
}

export type SharedGate = ReturnType<typeof makeSharedGate>;
