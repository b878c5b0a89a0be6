import type { Invitation } from '../domain/invitation';
import { partitionOfId } from '../domain/ids';
import { invitationKey } from './keys';

/** An invitation as it was read, with what its next transaction needs. */
export interface StoredInvitation {
  invitation: Invitation;
  etag: string;
  /** Which change wrote it: tells after a lost answer whether one's own did. */
  changeId: string;
  /** RowKey of its wake-up, absent when nothing is left to do. */
  wakeUp?: string;
}

export interface InvitationEntity {
  partitionKey: string;
  rowKey: string;
  /** In the open for people who browse the table; the workflow reads `state`. */
  status: string;
  kind: string;
  createdAt: string;
  changeId: string;
  wakeUp: string;
  /** The request: the one place that holds addresses and names as they were sent. */
  request: string;
  state: string;
}

/** Azure Tables keeps at most this many UTF-16 units in a text property. */
const LONGEST_TEXT = 32_768;

/** Throws when a text outgrew its property: every part of an invitation is bounded, so that is a fault in the code. */
export function toInvitationEntity(
  invitation: Invitation,
  changeId: string,
  wakeUp: string | undefined,
): InvitationEntity {
  const { request, ...state } = invitation;
  const entity = {
    partitionKey: partitionOfId(invitation.id),
    rowKey: invitationKey(invitation.id),
    status: invitation.status,
    kind: invitation.kind,
    createdAt: invitation.createdAt,
    changeId,
    wakeUp: wakeUp ?? '',
    request: json(request),
    state: json(state),
  };
  for (const [name, value] of Object.entries(entity)) {
    if (value.length > LONGEST_TEXT)
      throw new RangeError(`Invitation ${invitation.id}: ${name} has ${value.length} characters.`);
  }
  return entity;
}

/** With U+2028 and U+2029 escaped: table servers take them for line ends and cut a transaction there. */
const json = (value: object): string =>
  JSON.stringify(value).replace(/[\u2028\u2029]/g, (each) => (each === '\u2028' ? '\\u2028' : '\\u2029'));

export function fromInvitationEntity(entity: InvitationEntity & { etag: string }): StoredInvitation {
  const request = JSON.parse(entity.request) as Invitation['request'];
  const invitation = { ...(JSON.parse(entity.state) as Omit<Invitation, 'request'>), request };
  return {
    invitation,
    etag: entity.etag,
    changeId: entity.changeId,
    ...(entity.wakeUp === '' ? {} : { wakeUp: entity.wakeUp }),
  };
}
