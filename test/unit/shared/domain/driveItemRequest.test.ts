import { type RequestRules, parseRequest } from '../../../../shared/domain/parseRequest';
import {
  addressOf,
  groupIdsOf,
  isMailed,
  isReset,
  limitOf,
  thingOf,
  userIdOf,
} from '../../../../shared/domain/request';
import { aRequest } from '../../../support/invitations';
import { askedFor, rules } from '../../../support/requests';

const GUID = 'CBB896F9-8306-49D0-B56B-B8E39CD28825';
const REDIRECT = 'https://myapp.contoso.com';

const body = (changes: object = {}) => ({
  kind: 'driveItem',
  target: '/drives/d/items/i',
  roles: ['read'],
  recipients: [{ email: 'ada@fabrikam.com' }],
  ...changes,
});

const given = (changes: Partial<RequestRules> = {}): RequestRules => rules({ inviteRedirectUrl: REDIRECT, ...changes });

const asked = (changes: object = {}, by = given()) => askedFor(body(changes), by);

const faultsOf = (changes: object, by = given()) => {
  const parsed = parseRequest(body(changes), by);
  if (parsed.ok) throw new Error('Nothing was refused.');
  return parsed.faults;
};

/** The example of the page "invite"; its placeholders are replaced where Graph itself takes no such value. */
const PAGE = {
  requireSignIn: true,
  roles: ['write'],
  sendInvitation: true,
  message: 'Message value',
  recipients: [{ '@odata.type': 'microsoft.graph.driveRecipient', alias: 'Alias value', objectId: GUID }],
  expirationDateTime: '2016-12-31T23:59:41.3794411+00:00',
  password: 'Password value',
};

it('understands the page’s example, and takes its annotation off', () => {
  const { request, person, onDuplicate } = askedFor(
    { kind: 'driveItem', target: '/me/drive/root/invite', ...PAGE },
    given({ graphPermissions: 'delegated', inviteGuestsFirst: false }),
  );
  expect(request).toEqual({
    kind: 'driveItem',
    target: '/me/drive/root',
    requireSignIn: true,
    roles: ['write'],
    sendInvitation: true,
    message: 'Message value',
    recipients: [{ alias: 'Alias value', objectId: 'cbb896f9-8306-49d0-b56b-b8e39cd28825' }],
    expirationDateTime: '2016-12-31T23:59:41.379Z',
    password: 'Password value',
    reminders: { after: ['P3D', 'P7D'], timeZone: 'UTC' },
    expireAfter: 'P30D',
  });
  expect(person).toBe('objectId:cbb896f9-8306-49d0-b56b-b8e39cd28825');
  expect(onDuplicate).toBe('return');
});

it('fills in what is left out: signing in is required, mail as the settings say', () => {
  expect(asked().request).toMatchObject({ requireSignIn: true, sendInvitation: true, inviteRedirectUrl: REDIRECT });
  expect(asked({}, given({ sendInvitationMessage: false })).request).toMatchObject({ sendInvitation: false });
  expect(asked({ requireSignIn: false, retainInheritedPermissions: false }).request).toMatchObject({
    requireSignIn: false,
    retainInheritedPermissions: false,
  });
});

it('says so where nothing is mailed, and plans no reminders then', () => {
  const { request, warnings } = asked({ sendInvitation: false, reminders: { after: ['P1D'] } });
  expect(request.reminders.after).toEqual([]);
  expect(warnings).toEqual([
    {
      code: 'noMail',
      target: 'sendInvitation',
      message:
        'Nothing is mailed and no reminders go out, because sendInvitation is false. Redemption is still followed.',
    },
  ]);
});

it('puts reminders in order and names a role once', () => {
  const { request } = asked({ reminders: { after: ['P7D', 'PT12H'] }, roles: ['write', 'read', 'write'] });
  expect(request).toMatchObject({ roles: ['write', 'read'], reminders: { after: ['PT12H', 'P7D'] } });
});

describe('recipients', () => {
  it.each([
    ['an address', { email: 'Ada@FABRIKAM.com' }, { email: 'Ada@FABRIKAM.com' }, 'ada@fabrikam.com'],
    ['an alias', { alias: 'Ada.L' }, { alias: 'Ada.L' }, 'alias:ada.l'],
    ['an object id', { objectId: GUID }, { objectId: GUID.toLowerCase() }, `objectId:${GUID.toLowerCase()}`],
    [
      'all three',
      { email: 'ada@fabrikam.com', alias: 'ada', objectId: GUID },
      { email: 'ada@fabrikam.com', alias: 'ada', objectId: GUID.toLowerCase() },
      'ada@fabrikam.com',
    ],
    [
      'alias and object id',
      { alias: 'ada', objectId: GUID },
      { alias: 'ada', objectId: GUID.toLowerCase() },
      `objectId:${GUID.toLowerCase()}`,
    ],
  ])('by %s', (_how, named, understood, person) => {
    const { request, ...rest } = asked({ recipients: [named] });
    expect(request).toMatchObject({ recipients: [understood] });
    expect(rest.person).toBe(person);
  });

  it('become one invitation each, in order, the same person twice too', () => {
    const parsed = parseRequest(
      body({ recipients: [{ email: 'ada@fabrikam.com' }, { alias: 'bob' }, { email: 'ADA@fabrikam.com' }] }),
      given(),
    );
    if (!parsed.ok) throw new Error('refused');
    expect(parsed.asked.map(({ person }) => person)).toEqual(['ada@fabrikam.com', 'alias:bob', 'ada@fabrikam.com']);
    expect(parsed.asked.map(({ request }) => request.kind === 'driveItem' && request.recipients)).toEqual([
      [{ email: 'ada@fabrikam.com' }],
      [{ alias: 'bob' }],
      [{ email: 'ADA@fabrikam.com' }],
    ]);
  });

  it('are one to a hundred', () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => ({ alias: `a${index}` }));
    const parsed = parseRequest(body({ recipients: many(100) }), given());
    expect(parsed.ok && parsed.asked).toHaveLength(100);
    expect(faultsOf({ recipients: many(101) })).toEqual([
      { code: 'invalidValue', target: 'recipients', message: 'recipients takes 100 recipients at most.' },
    ]);
    expect(faultsOf({ recipients: [] })).toEqual([
      { code: 'invalidValue', target: 'recipients', message: 'recipients must name at least one recipient.' },
    ]);
  });

  it.each([
    [{}, 'recipients.0', 'must name a person by email, objectId or alias'],
    [{ email: 'ada' }, 'recipients.0.email', 'has no name before or no domain after its @'],
    [{ objectId: 'ada' }, 'recipients.0.objectId', 'must be a directory object id (a GUID)'],
    [{ alias: 'ada@fabrikam.com' }, 'recipients.0.alias', 'must be an alias, not an address or a path'],
    [{ alias: 'a/b' }, 'recipients.0.alias', 'must be an alias, not an address or a path'],
    [{ alias: 'a%2Fb' }, 'recipients.0.alias', 'must be an alias, not an address or a path'],
    [{ alias: 'a\nb' }, 'recipients.0.alias', 'must be one line'],
  ])('%j is refused', (recipient, target, why) => {
    expect(faultsOf({ recipients: [recipient] })).toEqual([
      { code: 'invalidValue', target, message: `${target} ${why}.` },
    ]);
  });

  it('with another annotation, or another property, are refused', () => {
    const annotated = { '@odata.type': 'microsoft.graph.user', email: 'ada@fabrikam.com' };
    expect(faultsOf({ recipients: [annotated] })).toMatchObject([
      { code: 'unknownProperty', target: 'recipients.0.@odata.type' },
    ]);
    expect(faultsOf({ recipients: [{ alias: 'ada', name: 'Ada' }] })).toMatchObject([
      { code: 'unknownProperty', target: 'recipients.0.name' },
    ]);
  });
});

describe('what is refused', () => {
  it.each<[string, object, string, string]>([
    ['no role', { roles: [] }, 'roles', 'roles must name at least one role.'],
    [
      'a message of 2,001 characters',
      { message: 'x'.repeat(2001) },
      'message',
      'message is not valid: Too big: expected string to have <=2000 characters.',
    ],
    ['a password of two lines', { password: 'a\nb' }, 'password', 'password must be one line.'],
    [
      'a date that is none',
      { expirationDateTime: 'Expiration Date Time value' },
      'expirationDateTime',
      'expirationDateTime must be a date and time with offset, such as 2026-12-01T09:00:00Z.',
    ],
    [
      'groups, which only guests join',
      { groups: [GUID] },
      'groups',
      'groups is not a property of an invitation. Leave it out or correct its name.',
    ],
    ['what Graph sets', { id: 'x' }, 'id', 'id is read-only: Microsoft Graph sets it. Leave it out.'],
  ])('%s', (_what, changes, target, message) => {
    expect(faultsOf(changes)).toMatchObject([{ target, message }]);
  });

  it('tells all that is wrong at once, and the rules’ faults beside the schema’s', () => {
    const by = given({ blockedEmailDomains: ['fabrikam.com'], allowedRedirectOrigins: ['https://other.com'] });
    expect(
      faultsOf({ target: '/me/drive/root', roles: ['admin'] }, by).map(({ code, target }) => [code, target]),
    ).toEqual([
      ['invalidValue', 'roles.0'],
      ['delegatedPermissionNeeded', 'target'],
      ['domainNotAllowed', 'recipients.0.email'],
      ['redirectNotAllowed', 'inviteRedirectUrl'],
    ]);
  });

  it('claims nothing of what was not sound', () => {
    const by = given({ inviteRedirectUrl: undefined });
    expect(
      faultsOf({ target: 7, inviteRedirectUrl: 'ftp://x', recipients: 'ada' }, by).map(({ target }) => target),
    ).toEqual(['target', 'recipients', 'inviteRedirectUrl']);
  });

  it('never ends the stack, however deep a body is nested', () => {
    let deep: unknown = 'x';
    for (let level = 0; level < 20_000; level += 1) deep = [deep];
    expect(faultsOf({ target: deep })).toMatchObject([{ target: 'target' }]);
    expect(faultsOf({ graphVersion: deep })).toMatchObject([{ code: 'unknownProperty' }]);
  });
});

describe('inviteRedirectUrl', () => {
  const none = given({ inviteRedirectUrl: undefined });

  it('is needed where a guest may have to be invited first', () => {
    expect(faultsOf({}, none)).toEqual([
      {
        code: 'required',
        target: 'inviteRedirectUrl',
        message: 'inviteRedirectUrl is required, because no default is set (INVITE_REDIRECT_URL).',
      },
    ]);
  });

  it.each([
    ['guests are not invited first', {}, { inviteGuestsFirst: false }],
    ['the person is in the directory', { recipients: [{ objectId: GUID }] }, {}],
  ])('is not where %s', (_why, changes, by) => {
    const { request } = asked(changes, given({ inviteRedirectUrl: undefined, ...by }));
    expect(request).not.toHaveProperty('inviteRedirectUrl');
  });

  it('is held to the allowed origins wherever it is given', () => {
    const by = given({ inviteGuestsFirst: false, allowedRedirectOrigins: ['https://other.com'] });
    expect(faultsOf({ inviteRedirectUrl: 'https://evil.com' }, by)).toMatchObject([{ code: 'redirectNotAllowed' }]);
    expect(asked({}, by).request).not.toHaveProperty('inviteRedirectUrl');
  });
});

describe('what the rest of the workflow asks of a request', () => {
  const share = asked({ recipients: [{ email: 'ada@fabrikam.com', objectId: GUID }] }).request;
  const silent = asked({ sendInvitation: false }).request;

  it('tells mail, limit, person and thing', () => {
    expect([isMailed(share), isMailed(silent)]).toEqual([true, false]);
    expect([limitOf(share), limitOf(silent)]).toEqual(['mailedShares', 'shares']);
    expect([addressOf(share), userIdOf(share)]).toEqual(['ada@fabrikam.com', GUID.toLowerCase()]);
    expect([isReset(share), groupIdsOf(share)]).toEqual([false, undefined]);
  });

  it('tells them of a guest too', () => {
    const guest = aRequest({ invitedUser: { id: GUID }, groups: [GUID] });
    expect([limitOf(guest), addressOf(guest), userIdOf(guest)]).toEqual(['invitations', 'ada@fabrikam.example', GUID]);
    expect([isReset(guest), groupIdsOf(guest), thingOf(guest)]).toEqual([false, [GUID], 'guest']);
  });

  it('is another thing for another item, the same for the same item', () => {
    expect(thingOf(share)).toBe(thingOf(silent));
    expect(thingOf(asked({ target: '/drives/d/items/i/invite' }).request)).toBe(thingOf(share));
    expect(thingOf(asked({ target: '/drives/d/items/j' }).request)).not.toBe(thingOf(share));
    expect(thingOf(share)).toMatch(/^driveItem-[0-9a-f]{32}$/);
  });
});
