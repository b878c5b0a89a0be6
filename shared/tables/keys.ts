import { complementOf } from '../domain/ids';
import type { Invitation, Status } from '../domain/invitation';
import type { WakeUp } from '../domain/nextStep';
import { thingOf } from '../domain/request';
import { type Instant, toMs } from '../domain/time';

/** RowKeys of the table Invitations (docs/architecture.md lists what each holds). */
export const invitationKey = (id: string): string => `i-${complementOf(id)}`;

export const historyKey = (id: string, number: number): string => `h-${id}-${String(number).padStart(6, '0')}`;

export const wakeUpKey = (wakeUp: WakeUp, id: string): string => `w-${wakeUp.lane}-${wakeUp.at}-${id}`;

/** An uuid's length from the end: the due time before it holds dashes too. */
const UUID_LENGTH = 36;

export function parseWakeUpKey(rowKey: string): { lane: 0 | 1; at: Instant; id: string } {
  return {
    lane: rowKey.startsWith('w-0-') ? 0 : 1,
    at: rowKey.slice('w-0-'.length, -UUID_LENGTH - 1),
    id: rowKey.slice(-UUID_LENGTH),
  };
}

/** An event to be delivered to one subscription. */
export interface EventKey {
  dueAt: Instant;
  invitationId: string;
  /** Of the invitation's events. */
  sequence: number;
  subscriptionId: string;
}

export const EVENTS = 'e-';

export const eventKey = ({ dueAt, invitationId, sequence, subscriptionId }: EventKey): string =>
  `${EVENTS}${dueAt}-${invitationId}-${sequence}-${subscriptionId}`;

const EVENT_KEY = /^e-(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)-([0-9a-f-]{36})-(\d{1,9})-([0-9a-f-]{36})$/;

/** Undefined for whatever is no key of an event. */
export function parseEventKey(rowKey: string): EventKey | undefined {
  const [, dueAt, invitationId, sequence, subscriptionId] = EVENT_KEY.exec(rowKey) ?? [];
  if (dueAt === undefined || invitationId === undefined || subscriptionId === undefined) return undefined;
  return { dueAt, invitationId, sequence: Number(sequence), subscriptionId };
}

export const claimKey = ({ person, request }: Pick<Invitation, 'person' | 'request'>): string =>
  `p-${person}-${thingOf(request)}`;

export const personLockKey = (person: string): string => `l-${person}`;

export const actionKey = (id: string, hash: string): string => `k-${id}-${hash}`;

export const personIndexKey = ({ person, id }: Invitation): string => `a-${person}-${complementOf(id)}`;

export const statusIndexKey = (status: Status, id: string): string => `s-${status}-${complementOf(id)}`;

/** What the RowKeys of a list begin with; the complement of an id follows, so the newest come first. */
export const INVITATIONS = 'i-';

export const personIndex = (person: string): string => `a-${person}-`;

export const statusIndex = (status: Status): string => `s-${status}-`;

/**
 * Where a list's keys divide in time: those of invitations made at `at` or later lie below `prefix` with this behind it,
 * those of earlier ones at or above. The time of an id is that of the request's first try.
 */
export function complementAt(at: Instant): string {
  const lastBefore = Math.max(0, toMs(at) - 1)
    .toString(16)
    .padStart(12, '0');
  return complementOf(`${lastBefore.slice(0, 8)}-${lastBefore.slice(8)}`);
}

/** The invitation that a key other than a claim's or a lock's names; undefined for those. */
export function idOfKey(rowKey: string): string | undefined {
  switch (rowKey.slice(0, 2)) {
    case 'i-':
    case 'a-':
    case 's-':
      return complementOf(rowKey.slice(-UUID_LENGTH));
    case 'w-':
      return rowKey.slice(-UUID_LENGTH);
    case 'h-':
    case 'k-':
      return rowKey.slice(2, 2 + UUID_LENGTH);
    case 'e-':
      return parseEventKey(rowKey)?.invitationId;
    default:
      return undefined;
  }
}
