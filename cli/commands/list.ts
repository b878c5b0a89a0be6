import { stringifyExactly } from '../../shared/domain/exactJson';
import type { GivenInvitation } from '../api/shownInvitation';
import { EXIT, type ExitCode, usageFault } from '../cliFault';
import { instantOf } from '../people/requestOptions';
import { invitationList } from '../screen/invitationView';
import type { Session } from '../session';

export interface ListOptions {
  status?: string;
  kind?: string;
  email?: string;
  source?: string;
  externalId?: string;
  createdAfter?: string;
  createdBefore?: string;
  limit?: string;
  csv?: boolean;
}

/** What a person reads; programs get everything. */
const LIMIT_FOR_PEOPLE = 50;
const PAGE = 1000;

/** `b2b-invite list`: a table of the newest, or all of them as CSV or JSON lines. */
export async function list(session: Session, options: ListOptions): Promise<ExitCode> {
  const { isJson } = session;
  if (options.csv && isJson) throw usageFault('Give --csv or --json, not both.');
  const limit = limitOf(options, isJson);
  const query = queryOf(options, Math.min(limit, PAGE));
  if (options.csv) await printCsv(session, query);
  else if (isJson)
    await eachPage(session, query, limit, (page) =>
      page.forEach(({ raw }) => session.terminal.print(stringifyExactly(raw))),
    );
  else await printTable(session, query, limit);
  return EXIT.ok;
}

function limitOf({ limit, csv }: ListOptions, isJson: boolean): number {
  if (limit === undefined) return csv || isJson ? Infinity : LIMIT_FOR_PEOPLE;
  if (csv) throw usageFault('--csv gives the whole list: leave --limit out, or use "head".');
  if (/^[1-9]\d{0,6}$/.test(limit)) return Number(limit);
  throw usageFault(`--limit: "${limit}" is no number from 1 to 9999999.`);
}

function queryOf(options: ListOptions, pageSize: number): string {
  const { status, kind, email, source, externalId, createdAfter, createdBefore } = options;
  const plain = Object.entries({ status, kind, email, source, externalId }).filter(([, value]) => value !== undefined);
  const filters = {
    ...(Object.fromEntries(plain) as Record<string, string>),
    ...(createdAfter === undefined ? {} : { createdAfter: instantOf(createdAfter, '--created-after') }),
    ...(createdBefore === undefined ? {} : { createdBefore: instantOf(createdBefore, '--created-before') }),
    maxpagesize: String(pageSize),
  };
  return `?${new URLSearchParams(filters).toString()}`;
}

/** Gives pages as they come, `limit` invitations at most; says whether there are more. */
async function eachPage(
  { invitations }: Session,
  query: string,
  limit: number,
  onPage: (page: GivenInvitation[]) => void,
): Promise<boolean> {
  let left = limit;
  for (let next: string | undefined = query; next !== undefined;) {
    const page = await invitations.page(next);
    onPage(page.value.slice(0, left));
    if (page.value.length > left) return true;
    left -= page.value.length;
    next = page.next;
    if (left === 0 && next !== undefined) return true;
  }
  return false;
}

async function printTable(session: Session, query: string, limit: number): Promise<void> {
  const { terminal } = session;
  const found: GivenInvitation[] = [];
  const isCut = await eachPage(session, query, limit, (page) => found.push(...page));
  if (found.length === 0) {
    terminal.say('No invitation is like that.');
    return;
  }
  terminal.print(
    invitationList(
      found.map(({ shown }) => shown),
      terminal.look,
    ),
  );
  if (isCut)
    terminal.say(
      `These are the newest ${found.length}; there may be more: --limit ${found.length * 10} shows them, --csv all.`,
    );
}

/** The pages' CSV as one: the header line once. */
async function printCsv({ invitations, terminal }: Session, query: string): Promise<void> {
  let isFirst = true;
  for (let next: string | undefined = query; next !== undefined;) {
    const page = await invitations.csvPage(next);
    const text = isFirst ? page.value : page.value.slice(page.value.indexOf('\r\n') + 2);
    if (text !== '') terminal.print(text.replace(/\r\n$/, ''));
    isFirst = false;
    next = page.next;
  }
}
