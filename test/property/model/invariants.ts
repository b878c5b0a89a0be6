import { type Invitation, phaseOf } from '../../../shared/domain/invitation';
import { wakeUpOf } from '../../../shared/domain/nextStep';
import type { Policy } from '../../../shared/domain/policy';
import { type Instant } from '../../../shared/domain/time';
import {
  type InvitationEntity,
  type StoredInvitation,
  fromInvitationEntity,
} from '../../../shared/tables/invitationEntity';
import * as keys from '../../../shared/tables/keys';
import { REQUESTED_AT } from '../../support/invitations';
import { type Rows, etagOf, rowKeyOf } from './table';
import type { Stored } from './world';

export const invitationsIn = (rows: Rows): StoredInvitation[] =>
  [...rows]
    .filter(([address]) => rowKeyOf(address).startsWith('i-'))
    .map(([, row]) => fromInvitationEntity({ ...(row.entity as unknown as InvitationEntity), etag: etagOf(row) }));

/** The check of a table, made once for tables that are the same. */
export function tableFaultOnce(policy: Policy): (tables: Stored) => string | undefined {
  const known = new WeakMap<Stored, { fault: string | undefined }>();
  return (tables) => {
    const checked = known.get(tables) ?? { fault: tableFault(tables.rows, REQUESTED_AT, policy) };
    known.set(tables, checked);
    return checked.fault;
  };
}

/**
 * Whether the table keeps the design's rule 2 and agrees with itself: exactly one wake-up, at the earliest thing due,
 * while something is left to do, none otherwise; claims, person locks and the status index say what the entities say.
 */
export function tableFault(rows: Rows, now: Instant, policy: Policy): string | undefined {
  const stored = invitationsIn(rows);
  const expected = stored.flatMap(({ invitation, wakeUp }) => expectedKeys(invitation, wakeUp, now, policy)).sort();
  const found = [...rows.keys()]
    .map(rowKeyOf)
    .filter((key) => /^[wpls]-/.test(key))
    .sort();
  if (expected.join() !== found.join()) return `expected ${expected.join(' ')}, found ${found.join(' ')}`;
  const wrongClaim = stored.find(
    ({ invitation: { holdsClaim, status } }) => holdsClaim && phaseOf(status) === 'closed',
  );
  if (wrongClaim) return `${wrongClaim.invitation.id} is ${wrongClaim.invitation.status} and holds its claim`;
  return [...rows].map(([address, { entity }]) => ownerFault(rowKeyOf(address), entity, stored)).find(Boolean);
}

function expectedKeys(invitation: Invitation, noted: string | undefined, now: Instant, policy: Policy): string[] {
  const { id, person, status, holdsClaim, intent } = invitation;
  const due = wakeUpOf(invitation, now, policy);
  const wakeUp = due && keys.wakeUpKey(due, id);
  return [
    ...(wakeUp === undefined ? [] : [wakeUp]),
    ...(wakeUp === noted ? [] : [`(the entity notes ${noted ?? 'none'})`]),
    ...(holdsClaim ? [keys.claimKey(invitation)] : []),
    ...(intent ? [keys.personLockKey(person)] : []),
    keys.statusIndexKey(status, id),
  ];
}

/** A claim and a lock name the invitation that holds them. */
function ownerFault(rowKey: string, { id }: Record<string, unknown>, stored: StoredInvitation[]): string | undefined {
  if (!/^[pl]-/.test(rowKey)) return undefined;
  const owner = stored.find(({ invitation }) => invitation.id === id)?.invitation;
  const holds = rowKey.startsWith('p-') ? owner?.holdsClaim === true : owner?.intent !== undefined;
  return holds ? undefined : `${rowKey} names ${String(id)}, which does not hold it`;
}
