import { checkEmailAddress } from '../../shared/domain/emailAddress';
import { isInvitationId } from '../../shared/domain/ids';
import { CliFault, EXIT, usageFault } from '../cliFault';
import { inParallel } from '../inParallel';
import { decodeText } from '../people/decodeText';
import { nameOf } from '../people/people';
import { csvTable } from '../people/readCsv';
import { readJson } from '../people/readJson';
import { readBytes, readPeopleFile } from '../people/readPeople';
import type { Session } from '../session';
import { invitationsOf, isId } from './findInvitation';

/**
 * Ids of what shall be watched: given as ids or addresses, or in a file. The file is what `send --json` or
 * `list --csv` printed, or the one that was sent, whose people are then looked for one by one.
 */
export async function watchedIds(session: Session, given: string[], file: string | undefined): Promise<string[]> {
  const targets = [...given, ...(file === undefined ? [] : targetsIn(session, file))];
  if (targets.length === 0) throw usageFault('Name what to watch: ids, addresses, or --file FILE.');
  const ids = new Map<string, string | undefined>();
  await inParallel([...new Set(targets)], 8, async (target) => {
    ids.set(target, isId(target) ? target.toLowerCase() : await newestOf(session, target));
  });
  for (const [target, id] of ids) {
    if (id === undefined) session.terminal.say(`${target} has no invitation that this caller may see.`);
  }
  const found = [...ids.values()].filter((id) => id !== undefined);
  if (found.length === 0) throw new CliFault(EXIT.someFailed, 'There is nothing to watch.');
  return [...new Set(found)];
}

async function newestOf({ invitations }: Session, address: string): Promise<string | undefined> {
  // Of a line that the app has refused for it; asking would end everything.
  if (!checkEmailAddress(address).ok) return undefined;
  return (await invitationsOf(invitations, address, 1))[0]?.shown.id;
}

function targetsIn({ place }: Session, file: string): string[] {
  const bytes = readBytes(file, place);
  const text = decodeText(bytes, file);
  const targets = /^\s*[[{]/.test(text) ? fromJson(text, file) : (fromCsv(text, file) ?? addressesIn(bytes, file));
  if (targets.length > 0) return targets;
  throw usageFault(`${file} names no invitation and no address.`);
}

/** Lines that were refused have no id and are passed over. */
const fromJson = (text: string, file: string): string[] =>
  readJson(text, file).flatMap((entry) => {
    if (!('body' in entry)) return [];
    const { id, outcome } = entry.body;
    if (typeof id === 'string' && isInvitationId(id)) return [id];
    const name = nameOf(entry.body);
    return outcome === undefined && name.includes('@') ? [name] : [];
  });

/** Undefined for CSV that has no column of ids. */
function fromCsv(text: string, file: string): string[] | undefined {
  const [head, ...lines] = csvTable(text, file);
  const column = head?.cells.findIndex((name) => name.toLowerCase() === 'id') ?? -1;
  return column < 0 ? undefined : lines.flatMap(({ cells }) => cells[column] ?? []);
}

const addressesIn = (bytes: Buffer, file: string): string[] =>
  readPeopleFile(file, bytes).entries.flatMap((entry) => {
    const name = 'body' in entry ? nameOf(entry.body) : '';
    return name.includes('@') ? [name] : [];
  });
