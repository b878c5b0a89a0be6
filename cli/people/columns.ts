import type { RequestBody } from './people';

type Reader = (text: string) => unknown;

const asText: Reader = (text) => text;
/** What is neither stays text, and the app's answer says what must be. */
const asBoolean: Reader = (text) => ({ true: true, false: false })[text.toLowerCase()] ?? text;
const listOf =
  (read: Reader): Reader =>
  (text) =>
    text
      .split(/[;\n]/)
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .map(read);
const asList = listOf(asText);

/** Where a cell goes in the request, and how its text is read. */
interface Column {
  path: string[];
  read: Reader;
}

const to = (path: string, read: Reader = asText): Column => ({ path: path.split('.'), read });

const INFO = 'invitedUserMessageInfo';

/** By the API's own names, dotted where they are nested; the bulk route takes the same in a CSV. */
const PROPERTIES = [
  to('kind'),
  to('graphVersion'),
  to('invitedUserEmailAddress'),
  to('invitedUserDisplayName'),
  to('inviteRedirectUrl'),
  to('invitedUserType'),
  to('sendInvitationMessage', asBoolean),
  to('resetRedemption', asBoolean),
  to('invitedUser.id'),
  to(`${INFO}.messageLanguage`),
  to(`${INFO}.customizedMessageBody`),
  to(
    `${INFO}.ccRecipients`,
    listOf((address) => ({ emailAddress: { address } })),
  ),
  to(
    'invitedUserSponsors',
    listOf((id) => ({ id })),
  ),
  to('groups', asList),
  to('target'),
  to(
    'recipients',
    listOf((email) => ({ email })),
  ),
  to('roles', asList),
  to('message'),
  to('requireSignIn', asBoolean),
  to('sendInvitation', asBoolean),
  to('retainInheritedPermissions', asBoolean),
  to('expirationDateTime'),
  to('password'),
  to('created'),
  to('lastModified'),
  to('inviter'),
  to('invitee'),
  to('message.invitationTemplateID'),
  to('message.invitationMessage.body'),
  to('trackingId'),
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
  const held = Object.hasOwn(body, name) ? body[name] : undefined;
  const inner: RequestBody = typeof held === 'object' && held !== null ? { ...held } : {};
  put(inner, rest, value);
  put(body, [name], inner);
}
