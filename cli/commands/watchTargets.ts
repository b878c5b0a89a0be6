import { checkEmailAddress } from '../../shared/domain/emailAddress';
import { isInvitationId } from '../../shared/domain/ids';
import { CliFault, EXIT, usageFault } from '../cliFault';
import { inParallel } from '../inParallel';
import { type Entry, nameOf } from '../people/people';
import { csvLines } from '../people/readCsv';
import { readJson } from '../people/readJson';
import { entriesOf, openText } from '../people/readPeople';
import { type Source, openSource } from '../people/source';
import type { Session } from '../session';
import { invitationsOf, isId } from './findInvitation';

/**
 * Ids of what shall be watched: given as ids or addresses, or in a file. The file is what `send --json` or
 * `list --csv` printed, or the one that was sent, whose people are then looked for one by one.
 */
export async function watchedIds(session: Session, given: string[], file: string | undefined): Promise<string[]> {
  const targets = [...given, ...(file === undefined ? [] : await targetsIn(session, file))];
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

async function targetsIn({ place }: Session, file: string): Promise<string[]> {
  const source = await openSource(file, place);
  const { text, isJson } = await openText(source);
  const targets = isJson
    ? await collect(readJson(text, source.name), invitationOrAddress)
    : ((await idsOf(text, source.name)) ?? (await addressesIn(source)));
  if (targets.length > 0) return targets;
  throw usageFault(`${file} names no invitation and no address.`);
}

/** Lines that were refused have no id and are passed over. */
function invitationOrAddress(entry: Entry): string[] {
  if (!('body' in entry)) return [];
  const { id, outcome } = entry.body;
  if (typeof id === 'string' && isInvitationId(id)) return [id];
  return outcome === undefined ? addressOf(entry) : [];
}

function addressOf(entry: Entry): string[] {
  const name = 'body' in entry ? nameOf(entry.body) : '';
  return name.includes('@') ? [name] : [];
}

/** Undefined for CSV that has no column of ids. */
async function idsOf(text: AsyncGenerator<string, void>, name: string): Promise<string[] | undefined> {
  let column: number | undefined;
  const ids: string[] = [];
  for await (const { cells } of csvLines(text, name)) {
    if (column !== undefined) ids.push(cells[column] ?? '');
    else column = cells.findIndex((heading) => heading.toLowerCase() === 'id');
    if (column < 0) return undefined;
  }
  return ids.filter((id) => id !== '');
}

const addressesIn = (source: Source): Promise<string[]> => collect(entriesOf(source), addressOf);

async function collect<T, U>(items: AsyncIterable<T>, pick: (item: T) => U[]): Promise<U[]> {
  const found: U[] = [];
  for await (const item of items) found.push(...pick(item));
  return found;
}
