import type { RequestBody } from './people';

type Reader = (text: string) => unknown;

const asText: Reader = (text) => text;
/** What is neither stays text, and the app's answer says what must be. */
const asBoolean: Reader = (text) => ({ true: true, false: false })[text.toLowerCase()] ?? text;
const asList: Reader = (text) => text.split(/[;\s]+/).filter((part) => part !== '');
const asCc: Reader = (text) => [{ emailAddress: { address: text } }];

/** Where a cell goes in the request, and how its text is read. */
interface Column {
  path: string[];
  read: Reader;
}

const to = (path: string, read: Reader = asText): Column => ({ path: path.split('.'), read });

const INFO = 'invitedUserMessageInfo';

/** By the API's own names, dotted where they are nested. */
const PROPERTIES = [
  to('kind'),
  to('invitedUserEmailAddress'),
  to('invitedUserDisplayName'),
  to('inviteRedirectUrl'),
  to('invitedUserType'),
  to('sendInvitationMessage', asBoolean),
  to('resetRedemption', asBoolean),
  to(`${INFO}.messageLanguage`),
  to(`${INFO}.customizedMessageBody`),
  to(`${INFO}.ccRecipients`, asCc),
  to('groups', asList),
  to('notBefore'),
  to('reminders.after', asList),
  to('reminders.timeZone'),
  to('expireAfter'),
  to('approval.required', asBoolean),
  to('onDuplicate'),
  to('replaces'),
  to('source'),
  to('externalId'),
];

/** Shorter names, and those of Microsoft's template for inviting guests in bulk, which stand in brackets there. */
const OTHER_NAMES: Record<string, string> = {
  email: 'invitedUserEmailAddress',
  inviteeemail: 'invitedUserEmailAddress',
  name: 'invitedUserDisplayName',
  displayname: 'invitedUserDisplayName',
  sendemail: 'sendInvitationMessage',
  messagelanguage: `${INFO}.messageLanguage`,
  language: `${INFO}.messageLanguage`,
  customizedmessagebody: `${INFO}.customizedMessageBody`,
};

const BY_NAME = new Map(PROPERTIES.map((column) => [column.path.join('.').toLowerCase(), column]));

export const COLUMN_NAMES = [...PROPERTIES.map(({ path }) => path.join('.')), 'metadata.…'];

/** The column that a header names; undefined for one that is not known. */
export function columnOf(header: string): Column | undefined {
  const name = (/\[([^\]]+)\]/.exec(header)?.[1] ?? header).trim();
  const metadata = /^metadata\.(.+)$/i.exec(name)?.[1];
  if (metadata !== undefined) return { path: ['metadata', metadata], read: asText };
  const lower = name.toLowerCase();
  return BY_NAME.get(lower) ?? BY_NAME.get((OTHER_NAMES[lower] ?? '').toLowerCase());
}

/** The request that the cells of a line make; an empty cell gives nothing. */
export function requestOf(columns: Column[], cells: string[]): RequestBody {
  const body: RequestBody = {};
  columns.forEach(({ path, read }, index) => {
    const cell = cells[index]?.trim() ?? '';
    if (cell !== '') put(body, path, read(cell));
  });
  return body;
}

function put(body: RequestBody, [name = '', ...rest]: string[], value: unknown): void {
  if (rest.length === 0) {
    // A name such as __proto__ must become a property, which the app then refuses.
    Object.defineProperty(body, name, { value, enumerable: true, writable: true, configurable: true });
    return;
  }
  const inner = Object.hasOwn(body, name) ? (body[name] as RequestBody) : {};
  put(inner, rest, value);
  put(body, [name], inner);
}
