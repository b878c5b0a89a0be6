import type { Change } from '../../../shared/domain/history';
import { newInvitation } from '../../../shared/domain/newInvitation';
import type { Policy } from '../../../shared/domain/policy';
import { addMs, toMs } from '../../../shared/domain/time';
import { parseWakeUpKey } from '../../../shared/tables/keys';
import { transactionOf } from '../../../shared/tables/transactionOf';
import { ID, REQUESTED_AT, aPendingInvitation, aQueuedInvitation, aRequest } from '../../support/invitations';
import type { Graph } from './graph';
import type { Place } from './replay';
import type { Numberer, Renaming } from './symmetry';
import { type Rows, rowKeyOf, write } from './table';

/** Everything there is at one moment. Never changed: a move makes a new one. */
export interface World {
  nowMs: number;
  tables: Stored;
  graph: Graph;
  /** Invocations that are to begin, have begun, or stand still for ever: nobody can tell which. */
  working: Working[];
  /** What callers were told. */
  told: string[];
  /** How many more answers may be lost or refused. */
  faultsLeft: number;
}

export interface Working {
  what: string;
  place: Place;
}

/** Rows under numbers: equal rows have the same. */
export interface Stored {
  /** Under each renaming of the workers, its own first. */
  ids: number[];
  rows: Rows;
  /** When something becomes due, ascending. */
  deadlines: number[];
}

export const START_MS = toMs(REQUESTED_AT);

/** Keeps equal rows once, so that worlds can be told apart by small keys. */
export function makeInterner({ numbersOf }: Numberer) {
  const known = new Map<string, Stored>();
  const same = new WeakMap<Rows, Stored>();
  return (rows: Rows): Stored => {
    let stored = same.get(rows);
    if (stored) return stored;
    const text = JSON.stringify([...rows].sort(([a], [b]) => (a < b ? -1 : 1)));
    stored = known.get(text);
    if (!stored) {
      stored = { ids: numbersOf((renaming) => `rows ${renaming(text)}`), rows, deadlines: deadlinesIn(rows) };
      known.set(text, stored);
    }
    same.set(rows, stored);
    return stored;
  };
}

export type Intern = ReturnType<typeof makeInterner>;

/** Wake-ups, and when an idempotency key without an invitation counts as left behind. */
const deadlinesIn = (rows: Rows): number[] =>
  [...rows]
    .flatMap(([address, { entity }]) => {
      if (address.startsWith('idempotencyKeys/')) {
        return typeof entity.createdAt === 'string' ? [toMs(entity.createdAt) + KEY_IN_PROGRESS_MS] : [];
      }
      const rowKey = rowKeyOf(address);
      return rowKey.startsWith('w-') ? [toMs(parseWakeUpKey(rowKey).at)] : [];
    })
    .sort((a, b) => a - b);

const KEY_IN_PROGRESS_MS = 60_000;

/** Worlds with the same key go on in the same ways, but for the names of the workers. */
export function keyOf({ nowMs, tables, graph, working, told, faultsLeft }: World, all: Renaming[]): string {
  const graphText = JSON.stringify(graph);
  const keys = tables.ids.map((rowsId, index) => {
    const places = working.map(({ place }) => place.ids[index] ?? 0).sort((a, b) => a - b);
    const names = graph.underWay.length === 0 ? graphText : (all[index]?.(graphText) ?? graphText);
    return `${rowsId}|${places.join()}|${names}`;
  });
  const least = keys.reduce((best, key) => (key < best ? key : best));
  return `${nowMs - START_MS}|${faultsLeft}|${[...told].sort().join()}|${least}`;
}

/** As the request's transaction leaves it. Checks and expiry lie far beyond the horizon of the model. */
export function requested(): Change {
  const request = aRequest({ reminders: { after: [], timeZone: 'UTC' }, expireAfter: 'P10Y' });
  const { person, caller } = aQueuedInvitation();
  const made = { id: ID, person, caller, request, warnings: [], takesClaim: true, sendAt: REQUESTED_AT };
  return newInvitation(made, REQUESTED_AT);
}

/** Mailed three days ago, so that its one reminder is due. */
export const reminderIsDue = (): Change => ({
  invitation: aPendingInvitation({
    request: aRequest({ reminders: { after: ['P3D'], timeZone: 'UTC' } }),
    firstSentAt: addMs(REQUESTED_AT, -3 * DAY_MS),
    expiresAt: addMs(REQUESTED_AT, 27 * DAY_MS),
    nextCheckAt: addMs(REQUESTED_AT, DAY_MS),
  }),
  history: [],
});

const DAY_MS = 24 * 3_600_000;

/** The rows of one invitation, written in the product's own transaction. */
export function rowsOf(change: Change, policy: Policy): Rows {
  const { actions } = transactionOf(undefined, change, { now: REQUESTED_AT, policy, changeId: 'start' });
  const { rows, answer } = write(new Map(), 'invitations', actions);
  if (answer.type !== 'value') throw new Error(`The start of the model can’t be written: ${JSON.stringify(answer)}`);
  return rows;
}
