import type { Invitation } from '../../shared/domain/invitation';
import { isOpen } from '../../shared/domain/invitation';
import {
  type InvitationEntity,
  type StoredInvitation,
  fromInvitationEntity,
} from '../../shared/tables/invitationEntity';
import { addMs } from '../../shared/domain/time';
import { claimKey, historyKey, parseWakeUpKey, statusIndexKey } from '../../shared/tables/keys';
import type { TableServer } from './tableServer';

export const storedInvitations = (server: TableServer): StoredInvitation[] =>
  server.tables.invitations
    .all()
    .filter(({ rowKey }) => rowKey.startsWith('i-'))
    .map((entity) => fromInvitationEntity(entity as unknown as InvitationEntity & { etag: string }));

/** Nobody is at it, and it is closed or was mailed so often. */
export const isSettled = ({ invitation }: StoredInvitation, mailsEach: number): boolean =>
  invitation.intent === undefined && (!isOpen(invitation.status) || invitation.sends.length >= mailsEach);

/**
 * Where the table breaks its own rules at rest: exactly one wake-up for whoever has something left to do and none for
 * others, claims and status indexes that agree with the invitations, and no person's lock.
 */
export function disagreements(server: TableServer): string[] {
  const entities = server.tables.invitations.all();
  const keys = new Set(entities.map(({ rowKey }) => rowKey));
  const stored = storedInvitations(server);
  const expected = new Set(stored.flatMap((each) => keysWanted(each)));
  const isChecked = (key: string) => /^[wpsl]-/.test(key);
  return [
    ...[...expected].filter((key) => !keys.has(key)).map((key) => `missing ${key}`),
    ...[...keys].filter((key) => isChecked(key) && !expected.has(key)).map((key) => `stray ${key}`),
    ...stored.filter(lacksWakeUp).map(({ invitation }) => `no wake-up for ${invitation.id}, ${invitation.status}`),
    ...stored.filter(needsNoWakeUp).map(({ invitation }) => `a wake-up for ${invitation.id}, ${invitation.status}`),
  ];
}

/** Mailed invitations whose history does not say that one reminder fell due together with the one that was mailed. */
export function withoutSkippedReminder(server: TableServer): string[] {
  const noted = new Set(
    server.tables.invitations
      .all()
      .filter(({ what, detail }) => what === 'reminderSkipped' && detail === '1 fell due together with send 1')
      .map(({ rowKey }) => rowKey),
  );
  return storedInvitations(server)
    .filter(({ invitation: { status } }) => status === 'pendingAcceptance')
    .filter(({ invitation: { id, historyCount } }) =>
      Array.from({ length: historyCount }, (_, index) => historyKey(id, index + 1)).every((key) => !noted.has(key)),
    )
    .map(({ invitation: { id } }) => `no skipped reminder noted for ${id}`);
}

const keysWanted = ({ invitation, wakeUp }: StoredInvitation): string[] => [
  ...(wakeUp === undefined ? [] : [wakeUp]),
  ...(invitation.holdsClaim ? [claimKey(invitation)] : []),
  statusIndexKey(invitation.status, invitation.id),
];

const lacksWakeUp = ({ invitation, wakeUp }: StoredInvitation): boolean =>
  isOpen(invitation.status) && wakeUp === undefined;

const NOTHING_LEFT: Invitation['status'][] = ['accepted', 'failed', 'rejected'];

/** Only what is kept until its addresses are erased (RETAIN_DAYS) may be looked at so late. */
const RETAINED_MS = 300 * 86_400_000;

const needsNoWakeUp = ({ invitation: { status, closedAt }, wakeUp }: StoredInvitation): boolean =>
  NOTHING_LEFT.includes(status) &&
  wakeUp !== undefined &&
  parseWakeUpKey(wakeUp).at < addMs(closedAt ?? '', RETAINED_MS);
