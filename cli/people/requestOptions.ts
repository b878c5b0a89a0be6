import { DateTime } from 'luxon';
import { isDuration } from '../../shared/domain/time';
import { usageFault } from '../cliFault';
import { type Entry, type People, type RequestBody, isReadable } from './people';

/** Flags of send and dry-run that fill in what a line leaves out. */
export interface RequestOptions {
  name?: string;
  redirectUrl?: string;
  language?: string;
  notBefore?: string;
  /** False for --no-message. */
  message?: boolean;
  remind?: string;
  timeZone?: string;
  expire?: string;
  approval?: boolean;
  group?: string[];
  source?: string;
  onDuplicate?: string;
}

/** The requests as they go out: what a line says itself stays. */
export function withOptions(people: People, options: RequestOptions): People {
  if (options.name !== undefined && people.isFile) {
    throw usageFault('--name is for one address. In a file, give the column invitedUserDisplayName.');
  }
  const filled = filling(options);
  return { ...people, entries: () => filledIn(people.entries(), filled) };
}

async function* filledIn(entries: AsyncIterable<Entry>, filled: RequestBody): AsyncGenerator<Entry> {
  for await (const entry of entries) {
    yield isReadable(entry) ? { ...entry, body: fill(entry.body, fitting(filled, entry.body)) } : entry;
  }
}

function filling(options: RequestOptions): RequestBody {
  const { remind, timeZone, language } = options;
  const reminders = withoutUndefined({
    after: remind === undefined ? undefined : durations(remind),
    timeZone,
  });
  return withoutUndefined({
    invitedUserDisplayName: options.name,
    inviteRedirectUrl: options.redirectUrl,
    sendInvitationMessage: options.message === false ? false : undefined,
    invitedUserMessageInfo: language === undefined ? undefined : { messageLanguage: language },
    groups: options.group,
    reminders: Object.keys(reminders).length > 0 ? reminders : undefined,
    notBefore: options.notBefore === undefined ? undefined : instantOf(options.notBefore, '--not-before'),
    expireAfter: options.expire === undefined ? undefined : durationOf(options.expire, '--expire'),
    approval: options.approval === true ? { required: true } : undefined,
    source: options.source,
    onDuplicate: options.onDuplicate,
  });
}

const GUEST_ONLY = ['invitedUserDisplayName', 'sendInvitationMessage', 'invitedUserMessageInfo', 'groups'];

/** What means something to the kind that a line asks for; a share calls the mail by another name. */
function fitting(filled: RequestBody, { kind }: RequestBody): RequestBody {
  if (kind === undefined || kind === 'guest') return filled;
  const { sendInvitationMessage: sendInvitation } = filled;
  const left = kind === 'driveItem' ? GUEST_ONLY : [...GUEST_ONLY, 'inviteRedirectUrl', 'reminders'];
  return withoutUndefined({
    ...Object.fromEntries(Object.entries(filled).filter(([name]) => !left.includes(name))),
    sendInvitation: kind === 'driveItem' ? sendInvitation : undefined,
  });
}

function fill(body: RequestBody, filled: RequestBody): RequestBody {
  const merged = Object.entries(filled).map(([name, value]) => {
    const own = body[name];
    return [name, isPlain(own) && isPlain(value) ? { ...value, ...own } : (own ?? value)];
  });
  return { ...body, ...(Object.fromEntries(merged) as RequestBody) };
}

const isPlain = (value: unknown): value is RequestBody =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const withoutUndefined = (value: RequestBody): RequestBody =>
  Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined));

const durations = (text: string): string[] =>
  text === 'none' ? [] : text.split(',').map((each) => durationOf(each, '--remind'));

const UNITS: Record<string, (count: string) => string> = {
  m: (count) => `PT${count}M`,
  h: (count) => `PT${count}H`,
  d: (count) => `P${count}D`,
  w: (count) => `P${count}W`,
};

/** ISO 8601, or short: 30m, 12h, 3d, 2w. */
export function durationOf(text: string, flag: string): string {
  const [, count = '', unit = ''] = /^(\d+)([mhdw])$/i.exec(text.trim()) ?? [];
  const iso = UNITS[unit.toLowerCase()]?.(count) ?? text.trim().toUpperCase();
  if (isDuration(iso)) return iso;
  throw usageFault(
    `${flag}: "${text}" is no duration. Write 3d, 12h, 2w, 30m, or ISO 8601 such as P3D; ten years at most.`,
  );
}

/** A date, or a date and time; by this machine's clock unless it says an offset. */
export function instantOf(text: string, flag: string): string {
  const iso = /^\d{4}-\d{2}-\d{2}/.test(text) ? DateTime.fromISO(text.trim().replace(' ', 'T')).toUTC().toISO() : null;
  if (iso !== null) return iso;
  throw usageFault(
    `${flag}: "${text}" is no date. Write 2026-12-01, 2026-12-01T09:00 (by this machine's clock) or 2026-12-01T09:00Z.`,
  );
}
