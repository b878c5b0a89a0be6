/** How the text of a cell becomes a value. What does not look like one stays text, and the schema says what it should be. */
type Reading = 'text' | 'flag' | 'list' | 'ids' | 'addresses' | 'recipients';

export interface Column {
  /** Where the value goes in the body of POST /invitations. */
  path: string[];
  reading: Reading;
}

const column = (path: string, reading: Reading = 'text'): Column => ({ path: path.split('.'), reading });

/** Property names as they are in JSON, dotted where they are nested. */
const PROPERTIES: Column[] = [
  column('kind'),
  column('graphVersion'),
  column('invitedUserEmailAddress'),
  column('invitedUserDisplayName'),
  column('inviteRedirectUrl'),
  column('invitedUserType'),
  column('sendInvitationMessage', 'flag'),
  column('resetRedemption', 'flag'),
  column('invitedUser.id'),
  column('invitedUserMessageInfo.messageLanguage'),
  column('invitedUserMessageInfo.customizedMessageBody'),
  column('invitedUserMessageInfo.ccRecipients', 'addresses'),
  column('invitedUserSponsors', 'ids'),
  column('groups', 'list'),
  column('target'),
  column('recipients', 'recipients'),
  column('roles', 'list'),
  column('message'),
  column('requireSignIn', 'flag'),
  column('sendInvitation', 'flag'),
  column('retainInheritedPermissions', 'flag'),
  column('expirationDateTime'),
  column('password'),
  column('created'),
  column('lastModified'),
  column('inviter'),
  column('invitee'),
  column('message.invitationTemplateID'),
  column('message.invitationMessage.body'),
  column('trackingId'),
  column('notBefore'),
  column('reminders.after', 'list'),
  column('reminders.timeZone'),
  column('expireAfter'),
  column('approval.required', 'flag'),
  column('onDuplicate'),
  column('replaces'),
  column('source'),
  column('externalId'),
];

/** For people, in the order of the documentation. */
export const COLUMN_NAMES = [...PROPERTIES.map(({ path }) => path.join('.')), 'metadata.…'];

/**
 * The columns of Microsoft's template for bulk invitations, by the name in brackets
 * (https://learn.microsoft.com/entra/external-id/tutorial-bulk-invite#understand-the-csv-template), and two properties
 * without what they are nested in.
 */
const SHORT: Record<string, Column> = {
  inviteeemail: column('invitedUserEmailAddress'),
  inviteredirecturl: column('inviteRedirectUrl'),
  sendemail: column('sendInvitationMessage', 'flag'),
  customizedmessagebody: column('invitedUserMessageInfo.customizedMessageBody'),
  messagelanguage: column('invitedUserMessageInfo.messageLanguage'),
};

const COLUMNS = new Map([
  ...PROPERTIES.map((each) => [each.path.join('.').toLowerCase(), each] as const),
  ...Object.entries(SHORT),
]);

const METADATA = /^metadata\.(.+)$/i;

/** `Item name [PropertyName] Required or blank`, as the template has it. */
const TEMPLATE = /^[^[\]]*\[(\w+)\][^[\]]*$/;

/** The column that a heading names; letters count alike in both cases. */
export function columnOf(heading: string): Column | undefined {
  const name = (TEMPLATE.exec(heading)?.[1] ?? heading).trim();
  const [, key] = METADATA.exec(name) ?? [];
  if (key !== undefined) return { path: ['metadata', key], reading: 'text' };
  return COLUMNS.get(name.toLowerCase());
}

/** Puts a cell into a body; an empty one says nothing. */
export function putCell(body: Record<string, unknown>, { path, reading }: Column, cell: string): void {
  if (cell.trim() === '') return;
  let at = body;
  for (const name of path.slice(0, -1)) at = objectIn(at, name);
  define(at, path.at(-1) ?? '', valueOf(cell, reading));
}

function objectIn(body: Record<string, unknown>, name: string): Record<string, unknown> {
  const held = Object.hasOwn(body, name) ? body[name] : undefined;
  if (typeof held === 'object' && held !== null) return held as Record<string, unknown>;
  const made: Record<string, unknown> = {};
  define(body, name, made);
  return made;
}

/** A name of metadata may be `__proto__`: that is to be refused, not to take effect. */
const define = (body: object, name: string, value: unknown): void =>
  void Object.defineProperty(body, name, { value, enumerable: true, configurable: true, writable: true });

function valueOf(cell: string, reading: Reading): unknown {
  switch (reading) {
    case 'text':
      return cell;
    case 'flag':
      return FLAGS.get(cell.trim().toLowerCase()) ?? cell;
    case 'list':
      return listOf(cell);
    case 'ids':
      return listOf(cell).map((id) => ({ id }));
    case 'addresses':
      return listOf(cell).map((address) => ({ emailAddress: { address } }));
    case 'recipients':
      return listOf(cell).map((email) => ({ email }));
  }
}

const FLAGS = new Map([
  ['true', true],
  ['false', false],
]);

const listOf = (cell: string): string[] =>
  cell
    .split(/[;\n]/)
    .map((each) => each.trim())
    .filter((each) => each !== '');
