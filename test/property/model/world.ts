import type { TransactionAction } from '@azure/data-tables';
import type { DriveItemRequest } from '../../../shared/domain/driveItemRequest';
import type { Change } from '../../../shared/domain/history';
import type { LinkedInRequest } from '../../../shared/domain/linkedInRequest';
import { newInvitation } from '../../../shared/domain/newInvitation';
import type { Policy } from '../../../shared/domain/policy';
import type { InvitationRequest } from '../../../shared/domain/request';
import { addMs, toMs } from '../../../shared/domain/time';
import { parseWakeUpKey } from '../../../shared/tables/keys';
import { transactionOf, withClaimOf } from '../../../shared/tables/transactionOf';
import { ID, REQUESTED_AT, aPendingInvitation, aQueuedInvitation, aRequest } from '../../support/invitations';
import { type Graph, START_MS } from './graph';
import { invitationsIn } from './invariants';
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

const DAY_MS = 24 * 3_600_000;

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

/** A person who has been in the directory for long, and still has to redeem an earlier invitation. */
export const KNOWN_GUEST: Graph = { mails: 0, mailsOf: {}, guestCreatedAtMs: START_MS - 300 * DAY_MS, underWay: [] };

const NEVER_REMINDED = { reminders: { after: [], timeZone: 'UTC' }, expireAfter: 'P10Y' };

/** A request to share the item. `message` names its mail. */
export const aShareRequest = (message: string): DriveItemRequest => ({
  kind: 'driveItem',
  target: '/drives/b!x/items/01ABC',
  requireSignIn: true,
  roles: ['read'],
  sendInvitation: true,
  message,
  recipients: [{ email: 'ada@fabrikam.example' }],
  inviteRedirectUrl: 'https://myapp.contoso.example',
  ...NEVER_REMINDED,
});

export const aLinkedInRequest = (): LinkedInRequest => ({
  kind: 'linkedIn',
  created: '1614556800000',
  lastModified: '1614556800000',
  inviter: 'urn:li:person:1',
  invitee: 'urn:li:person:2',
  message: {},
  trackingId: 'tracking',
  ...NEVER_REMINDED,
});

/** As the transaction of a request of any kind leaves it. */
export function requestedOf(request: InvitationRequest, id = ID): Change {
  const { person, caller } = aQueuedInvitation();
  const made = { id, person, caller, request, warnings: [], takesClaim: true, sendAt: REQUESTED_AT };
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

/** The rows of one invitation, written in the product's own transaction. */
export function rowsOf(change: Change, policy: Policy): Rows {
  const { actions } = transactionOf(undefined, change, { now: REQUESTED_AT, policy, changeId: 'start' });
  return written(new Map(), actions);
}

/** The rows of an invitation and of the one that takes its place, in the transactions that write them. */
export function replacedRowsOf(replaced: Change, replacing: Change, policy: Policy): Rows {
  const rows = rowsOf(replaced, policy);
  const [giver] = invitationsIn(rows);
  if (!giver) throw new Error('Nothing is there to be replaced.');
  const context = { now: REQUESTED_AT, policy, changeId: 'start again' };
  return written(rows, withClaimOf(giver, transactionOf(undefined, replacing, context), context).actions);
}

function written(before: Rows, actions: TransactionAction[]): Rows {
  const { rows, answer } = write(before, 'invitations', actions);
  if (answer.type !== 'value') throw new Error(`The start of the model can’t be written: ${JSON.stringify(answer)}`);
  return rows;
}
