import { randomUUID } from 'node:crypto';
import { policyOf, rulesOf } from '../../shared/clients/policyOf';
import { gatesOf } from '../../shared/clients/gatesOf';
import { addMs, toInstant } from '../../shared/domain/time';
import type { CallGraph } from '../../shared/graph/callGraph';
import type { HintSender } from '../../shared/queue/hintSender';
import { fromMessage } from '../../shared/queue/hints';
import { type Settings, tickMs } from '../../shared/settings';
import { makeIdempotencyKeys } from '../../shared/tables/idempotencyKeys';
import { makeInvitations } from '../../shared/tables/invitations';
import { makeInvitedUsers } from '../../shared/tables/invitedUsers';
import type { Tables } from '../../shared/tables/openTables';
import { advanceParts } from '../support/advanceParts';
import { TablesUnavailableError } from '../../shared/tables/tablesError';
import { makeAdvanceInvitation } from '../../shared/workflow/advanceInvitation';
import { makeRecordDeadLetter } from '../../shared/workflow/recordDeadLetter';
import { makeRequestInvitation } from '../../shared/workflow/requestInvitation';
import { makeWakeInvitations } from '../../shared/workflow/wakeInvitations';
import type { VirtualClock } from './virtualClock';

export interface WorkerParts {
  settings: Settings;
  tables: Tables;
  hints: HintSender;
  callGraph: CallGraph;
  clock: VirtualClock;
  monotonicMs: () => number;
  random: () => number;
  randomBytes: (size: number) => Uint8Array;
  /** Told after each look how long it held its message while Graph was not working on it. */
  onHeld: (ms: number) => void;
}

export type Worker = ReturnType<typeof makeWorker>;

/** As in functions/advanceInvitation.ts. */
const LOOK_AGAIN_MS = 15_000;

/** One instance of the app: the real workflow with a gate of its own, on the virtual clock. */
export function makeWorker(parts: WorkerParts) {
  const { settings, tables, hints, clock, monotonicMs } = parts;
  const { now } = tables.clock;
  const policy = policyOf(settings);
  const invitations = makeInvitations(tables, policy);
  const shared = {
    invitations,
    gates: gatesOf(settings, tables, { monotonicMs, sleep: clock.sleep, random: parts.random }),
    hints,
    policy,
    now,
    monotonicMs,
    tickMs: tickMs(settings.WAKE_SCHEDULE) ?? 60_000,
    partitions: settings.PARTITIONS,
    sleep: clock.sleep,
  };
  const given = {
    ...shared,
    invitedUsers: makeInvitedUsers(tables),
    callTimeoutMs: settings.GRAPH_CALL_TIMEOUT,
  };
  const recordDeadLetter = makeRecordDeadLetter(shared);
  const wakeInvitations = makeWakeInvitations({ ...shared, tables });

  const lookAgain = async (id: string, wakeUp: string | undefined): Promise<void> => {
    if (wakeUp === undefined) return;
    await hints.send([{ id, wakeUp, at: addMs(now(), LOOK_AGAIN_MS) }], `copy-${randomUUID()}`, now());
  };

  /** The function advanceInvitation. */
  const handle = async (body: unknown, enqueuedAtMs: number): Promise<void> => {
    const startedAtMs = clock.nowMs();
    let graphMs = 0;
    const metered: CallGraph = async (call) => {
      const calledAtMs = clock.nowMs();
      const result = await parts.callGraph(call);
      graphMs += clock.nowMs() - calledAtMs;
      return result;
    };
    const hint = fromMessage(body);
    if (!hint.ok) return;
    try {
      const advance = makeAdvanceInvitation(advanceParts(given, metered));
      await advance(hint.id, hint.wakeUp, toInstant(enqueuedAtMs));
    } catch (error) {
      if (!(error instanceof TablesUnavailableError)) throw error;
      await lookAgain(hint.id, hint.wakeUp);
    }
    parts.onHeld(clock.nowMs() - startedAtMs - graphMs);
  };

  return {
    /** The function requestInvitation. */
    request: makeRequestInvitation({
      ...shared,
      idempotencyKeys: makeIdempotencyKeys(tables),
      rules: rulesOf(settings),
      hashKey: settings.HASH_KEY,
      randomBytes: parts.randomBytes,
    }),
    handle,
    /** The function recordDeadLetter: never throws. */
    handleDeadLetter: async (body: unknown): Promise<void> => {
      await recordDeadLetter(body).catch(unlessTablesAreAway);
    },
    /** The function wakeInvitations. */
    tick: async (): Promise<void> => {
      await wakeInvitations().catch(unlessTablesAreAway);
    },
  };
}

function unlessTablesAreAway(error: unknown): undefined {
  if (!(error instanceof TablesUnavailableError)) throw error;
  return undefined;
}
