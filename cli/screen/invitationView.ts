import { type ShownInvitation, personOf } from '../api/shownInvitation';
import { type Column, pairs, table } from './table';
import type { Look } from './terminal';
import { localTime } from './text';

const LIST: Column[] = [
  { name: 'address' },
  { name: 'status' },
  { name: 'mails' },
  { name: 'requested', isOptional: true },
  { name: 'next', isOptional: true },
  { name: 'id' },
];

/** One line each. Times are this machine's. */
export const invitationList = (invitations: ShownInvitation[], look: Look): string =>
  table(
    LIST,
    invitations.map((shown) => [
      personOf(shown),
      shown.status,
      String(shown.sends.length),
      localTime(shown.createdAt),
      localTime(shown.nextAt),
      shown.id,
    ]),
    look,
  );

const HISTORY: Column[] = [{ name: 'when' }, { name: 'what' }, { name: 'by' }, { name: 'detail' }];

/** Everything that people want to know about one invitation. */
export function invitationDetails(shown: ShownInvitation, look: Look): string {
  const { sends, fault, guest, warnings, history } = shown;
  const name = shown.invitedUserDisplayName;
  const optionalTime = (instant: string | undefined) => (instant === undefined ? undefined : localTime(instant));
  const facts = pairs(
    [
      ['id', shown.id],
      ['status', shown.status],
      ['fault', fault && `${fault.code}: ${fault.message}`],
      ['invited', personOf(shown) + (name === undefined ? '' : ` (${name})`)],
      ['kind', shown.kind],
      ['target', shown.target],
      ['source', shown.source],
      ['external id', shown.externalId],
      ['requested', localTime(shown.createdAt)],
      ['mails', sends.map(({ cause, at }) => `${cause} ${localTime(at)}`).join(', ') || 'none yet'],
      ['accepted', optionalTime(shown.acceptedAt)],
      ['next', optionalTime(shown.nextAt)],
      ['expires', optionalTime(shown.expiresAt)],
      ['closed', optionalTime(shown.closedAt)],
      ['guest', guest?.message],
      ...warnings.map(({ message }): [string, string] => ['note', message]),
    ],
    look,
  );
  if (history.length === 0) return facts;
  const rows = history.map(({ at, what, by, detail = '', times = 1 }) => [
    localTime(at),
    times > 1 ? `${what} ×${times}` : what,
    by,
    detail,
  ]);
  return `${facts}\n\n${table(HISTORY, rows, look)}`;
}
