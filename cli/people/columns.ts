import { type Column, columnOf as apiColumnOf, putCell } from '../../shared/domain/csvColumns';
import type { RequestBody } from './people';

/** Names that people have in their lists, beside those that POST /invitations/bulk takes in a CSV. */
const SHORT = new Map([
  ['email', 'invitedUserEmailAddress'],
  ['name', 'invitedUserDisplayName'],
  ['displayname', 'invitedUserDisplayName'],
  ['language', 'messageLanguage'],
]);

/** The column that a header names; undefined for one that is not known. */
export const columnOf = (header: string): Column | undefined =>
  apiColumnOf(SHORT.get(header.trim().toLowerCase()) ?? header);

/** The request that the cells of a line make; an empty cell gives nothing. */
export function requestOf(columns: Column[], cells: string[]): RequestBody {
  const body: RequestBody = {};
  columns.forEach((column, index) => putCell(body, column, cells[index] ?? ''));
  return body;
}
