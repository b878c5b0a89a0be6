import { faultsOf, understood } from '../../../support/requests';

const GUID = 'cbb896f9-8306-49d0-b56b-b8e39cd28825';

/** What the property is worth once understood. */
const valueOf = (property: string, value: unknown): unknown =>
  Reflect.get(understood({ [property]: value }).request, property);

/** The one fault of a body whose one property is wrong. */
function faultOf(property: string, value: unknown) {
  const faults = faultsOf({ [property]: value });
  expect(faults).toHaveLength(1);
  return faults[0]!;
}

describe('properties that are taken as they are', () => {
  it.each<[property: string, value: unknown]>([
    ['kind', 'guest'],
    ['invitedUserEmailAddress', "O'Neil@Fabrikam.com"],
    ['inviteRedirectUrl', 'https://myapp.contoso.com/start?from=mail#top'],
    ['inviteRedirectUrl', 'http://localhost:3000/start'],
    ['inviteRedirectUrl', 'http://127.0.0.1:3000/start'],
    ['invitedUserDisplayName', 'Ada Lovelace'],
    ['invitedUserDisplayName', '李小龍 🐉'],
    ['invitedUserType', 'Member'],
    ['sendInvitationMessage', true],
    ['invitedUserMessageInfo', { messageLanguage: 'de-DE' }],
    ['invitedUserMessageInfo', { ccRecipients: [{ emailAddress: { name: 'Bob', address: 'bob@contoso.com' } }] }],
    ['invitedUserMessageInfo', { customizedMessageBody: 'Welcome!\r\n\tSee you.' }],
    ['invitedUserSponsors', [{ '@odata.type': '#microsoft.graph.user', id: GUID }, { id: GUID }]],
    ['notBefore', '2026-12-01T09:00:00.000Z'],
    ['reminders', { after: ['PT12H', 'P3D', 'P1M'], timeZone: 'Europe/Berlin' }],
    ['expireAfter', 'P1Y'],
    ['source', 'hr'],
    ['externalId', 'employee 4711'],
    ['metadata', { costCenter: '42', 'a.b-c_d': 'x', constructor: 'y' }],
  ])('%s: %j', (property, value) => {
    expect(valueOf(property, value)).toEqual(value);
  });

  it('reads a date with an offset as the instant it is', () => {
    expect(valueOf('notBefore', '2026-12-01T09:00:00+02:00')).toBe('2026-12-01T07:00:00.000Z');
    expect(valueOf('notBefore', '2026-12-01T09:00:00.1239Z')).toBe('2026-12-01T09:00:00.123Z');
  });

  it('takes null in the message info for not given, as Graph does', () => {
    expect(understood({ invitedUserMessageInfo: null }).request).not.toHaveProperty('invitedUserMessageInfo');
    const nulls = { messageLanguage: null, ccRecipients: null, customizedMessageBody: null };
    expect(understood({ invitedUserMessageInfo: nulls }).request).not.toHaveProperty('invitedUserMessageInfo');
    expect(valueOf('invitedUserMessageInfo', { ...nulls, messageLanguage: 'de-DE' })).toEqual({
      messageLanguage: 'de-DE',
    });
  });
});

describe('bounds', () => {
  it.each<[property: string, longest: number]>([
    ['invitedUserDisplayName', 256],
    ['source', 64],
    ['externalId', 256],
  ])('%s: %d characters and no more', (property, longest) => {
    expect(valueOf(property, 'x'.repeat(longest))).toHaveLength(longest);
    expect(faultOf(property, 'x'.repeat(longest + 1)).code).toBe('invalidValue');
    expect(faultOf(property, '').code).toBe('invalidValue');
  });

  it('inviteRedirectUrl: 2048 characters and no more', () => {
    const url = (length: number) => `https://contoso.com/${'x'.repeat(length - 20)}`;
    expect(valueOf('inviteRedirectUrl', url(2048))).toHaveLength(2048);
    expect(faultOf('inviteRedirectUrl', url(2049)).code).toBe('invalidValue');
  });

  it('customizedMessageBody: 5000 characters and no more', () => {
    const info = (length: number) => ({ customizedMessageBody: 'x'.repeat(length) });
    expect(valueOf('invitedUserMessageInfo', info(5000))).toEqual(info(5000));
    expect(faultOf('invitedUserMessageInfo', info(5001)).target).toBe('invitedUserMessageInfo.customizedMessageBody');
  });

  it('ten reminders, five sponsors, one copy, twenty names of metadata, and no more', () => {
    const many = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);
    const named = (count: number) => Object.fromEntries(many(count, 'x').map((value, index) => [`n${index}`, value]));
    const cc = { emailAddress: { address: 'bob@contoso.com' } };
    expect(valueOf('reminders', { after: many(10, 'P1D') })).toMatchObject({ after: many(10, 'P1D') });
    expect(faultOf('reminders', { after: many(11, 'P1D') }).message).toBe(
      'reminders.after takes ten reminders at most.',
    );
    expect(valueOf('invitedUserSponsors', many(5, { id: GUID }))).toHaveLength(5);
    expect(faultOf('invitedUserSponsors', many(6, { id: GUID })).target).toBe('invitedUserSponsors');
    expect(faultOf('invitedUserMessageInfo', { ccRecipients: [cc, cc] })).toEqual({
      code: 'invalidValue',
      target: 'invitedUserMessageInfo.ccRecipients',
      message: 'invitedUserMessageInfo.ccRecipients takes one recipient at most.',
    });
    expect(valueOf('metadata', named(20))).toEqual(named(20));
    expect(faultOf('metadata', named(21)).message).toBe('metadata takes 20 entries at most.');
  });
});

describe('values that are refused, with the reason', () => {
  const URL_FAULT = 'must be an absolute https URL without a name or password in it (http only for localhost)';
  const DURATION_FAULT = 'must be an ISO 8601 duration above zero and at most ten years, such as P3D or PT12H';
  const DATE_FAULT = 'must be a date and time with offset, such as 2026-12-01T09:00:00Z';
  const HIDDEN_FAULT = 'holds control characters, U+2028, U+2029 or marks that change the direction of text';

  it.each<[property: string, value: unknown, why: string]>([
    ['inviteRedirectUrl', 'http://contoso.com', URL_FAULT],
    ['inviteRedirectUrl', 'contoso.com', URL_FAULT],
    ['inviteRedirectUrl', '/start', URL_FAULT],
    ['inviteRedirectUrl', 'javascript:alert(1)', URL_FAULT],
    ['inviteRedirectUrl', 'https://ada@contoso.com', URL_FAULT],
    ['inviteRedirectUrl', 'https://:secret@contoso.com', URL_FAULT],
    ['inviteRedirectUrl', 'http://localhost.evil.com', URL_FAULT],
    ['inviteRedirectUrl', 'https://contoso.com\\@evil.com', URL_FAULT],
    ['inviteRedirectUrl', 'https:\\\\evil.com', URL_FAULT],
    ['inviteRedirectUrl', ' https://contoso.com', URL_FAULT],
    ['inviteRedirectUrl', 'https://con\ttoso.com', URL_FAULT],
    ['invitedUserDisplayName', 'Ada\nLovelace', 'must be one line'],
    ['invitedUserDisplayName', 'Ada\tLovelace', 'must be one line'],
    ['invitedUserDisplayName', 'Ada\u0000', HIDDEN_FAULT],
    ['invitedUserDisplayName', 'Ada\u202elecalevoL', HIDDEN_FAULT],
    ['invitedUserDisplayName', 'Ada\u2066', HIDDEN_FAULT],
    ['invitedUserDisplayName', 'Ada\u0085', HIDDEN_FAULT],
    ['invitedUserDisplayName', 'Ada\u2028Lovelace', HIDDEN_FAULT],
    ['invitedUserDisplayName', 'Ada\u2029Lovelace', HIDDEN_FAULT],
    ['invitedUserDisplayName', 'Ada\ud83d', HIDDEN_FAULT],
    ['notBefore', '2026-12-01', DATE_FAULT],
    ['notBefore', '2026-12-01T09:00:00', DATE_FAULT],
    ['notBefore', '2026-02-30T09:00:00Z', DATE_FAULT],
    ['notBefore', 'tomorrow', DATE_FAULT],
    ['notBefore', '9999-12-31T23:59:59-01:00', 'must lie within the years 0 to 9999 in UTC'],
    ['notBefore', '0000-01-01T00:00:00+01:00', 'must lie within the years 0 to 9999 in UTC'],
    ['expireAfter', 'P0D', DURATION_FAULT],
    ['expireAfter', 'P11Y', DURATION_FAULT],
    ['expireAfter', '30 days', DURATION_FAULT],
  ])('%s: %j', (property, value, why) => {
    expect(faultOf(property, value)).toEqual({
      code: 'invalidValue',
      target: property,
      message: `${property} ${why}.`,
    });
  });

  it.each<[target: string, body: object, why: string]>([
    ['reminders.after.1', { reminders: { after: ['P3D', 'weekly'] } }, DURATION_FAULT],
    ['reminders.timeZone', { reminders: { timeZone: 'Berlin' } }, 'must be an IANA time zone such as Europe/Berlin'],
    [
      'invitedUserMessageInfo.messageLanguage',
      { invitedUserMessageInfo: { messageLanguage: 'de_DE' } },
      'must be a language tag such as en-US',
    ],
    [
      'invitedUserMessageInfo.messageLanguage',
      {
        invitedUserMessageInfo: {
          messageLanguage: `en-${'x'.repeat(8)}-${'a'.repeat(8)}-${'b'.repeat(8)}-${'c'.repeat(8)}`,
        },
      },
      'must be a language tag such as en-US',
    ],
    [
      'invitedUserMessageInfo.ccRecipients.0.emailAddress.address',
      { invitedUserMessageInfo: { ccRecipients: [{ emailAddress: { address: 'bob' } }] } },
      'has no name before or no domain after its @',
    ],
    ['invitedUserSponsors.0.id', { invitedUserSponsors: [{ id: 'ada' }] }, 'must be a directory object id (a GUID)'],
    [
      'invitedUserEmailAddress',
      { invitedUserEmailAddress: 'a+b@fabrikam.com' },
      'holds + which Microsoft Graph does not permit in an address',
    ],
  ])('%s', (target, body, why) => {
    expect(faultsOf(body)).toEqual([{ code: 'invalidValue', target, message: `${target} ${why}.` }]);
  });

  it.each<[property: string, value: unknown]>([
    ['kind', 'DriveItem'],
    ['invitedUserType', 'Owner'],
    ['sendInvitationMessage', 'yes'],
    ['resetRedemption', 1],
    ['invitedUserEmailAddress', null],
    ['invitedUserEmailAddress', ['ada@fabrikam.com']],
    ['invitedUserDisplayName', 7],
    ['invitedUserMessageInfo', []],
    ['invitedUserSponsors', {}],
    ['reminders', 'P3D'],
    ['onDuplicate', 'ignore'],
    ['metadata', ['x']],
  ])('%s of another type or name: %j', (property, value) => {
    const fault = faultOf(property, value);
    expect(fault).toMatchObject({ code: 'invalidValue', target: property });
    expect(fault.message).toMatch(new RegExp(`^${property} is not valid: .+\\.$`));
  });

  it.each(['1st', 'has space', 'ümlaut', '', 'x'.repeat(65)])('metadata under the name %j', (name) => {
    expect(faultsOf({ metadata: { [name]: 'x' } })).toEqual([
      {
        code: 'invalidValue',
        target: `metadata.${name}`,
        message: `The name of metadata.${name} is not valid: names start with a letter, 64 characters at most.`,
      },
    ]);
  });

  it('metadata that is no text', () => {
    expect(faultOf('metadata', { costCenter: 42 }).target).toBe('metadata.costCenter');
  });
});
