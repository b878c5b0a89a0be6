import fc from 'fast-check';
import { canonical, differencesOf } from '../../../../shared/domain/canonical';
import { parseRequest } from '../../../../shared/domain/parseRequest';
import { aRequest } from '../../../support/invitations';
import { GRAPHS_BODY, askedFor, faultsOf, rules, understood } from '../../../support/requests';

const GUID = 'cbb896f9-8306-49d0-b56b-b8e39cd28825';
const CODES = ['invalidBody', 'invalidValue', 'required', 'unknownProperty', 'readOnlyProperty'];

describe('a request that is understood', () => {
  it('is Graph’s plain body, with every default filled in', () => {
    expect(askedFor(GRAPHS_BODY)).toEqual({
      person: 'admin@fabrikam.com',
      onDuplicate: 'return',
      warnings: [],
      request: {
        kind: 'guest',
        graphVersion: 'v1.0',
        invitedUserEmailAddress: 'admin@fabrikam.com',
        inviteRedirectUrl: 'https://myapp.contoso.com',
        invitedUserType: 'Guest',
        sendInvitationMessage: true,
        resetRedemption: false,
        reminders: { after: ['P3D', 'P7D'], timeZone: 'UTC' },
        expireAfter: 'P30D',
      },
    });
  });

  it('keeps the address as it was written and knows the person by its normal form', () => {
    const parsed = understood({ invitedUserEmailAddress: ' Ada.Lovelace@MÜNCHEN.example ' });
    expect(parsed.request.invitedUserEmailAddress).toBe('Ada.Lovelace@MÜNCHEN.example');
    expect(parsed.person).toBe('ada.lovelace@xn--mnchen-3ya.example');
  });

  it('hands on what to do with a duplicate, and leaves it out of the invitation', () => {
    const parsed = understood({ onDuplicate: 'reject' });
    expect(parsed.onDuplicate).toBe('reject');
    expect(parsed.request).not.toHaveProperty('onDuplicate');
  });

  it('reminds as the settings say, unless it says itself', () => {
    const settings = rules({ remindAfter: ['P1D'], expireAfter: 'P5D' });
    expect(understood({}, settings).request).toMatchObject({ reminders: { after: ['P1D'] }, expireAfter: 'P5D' });
    const own = { reminders: { after: [], timeZone: 'Europe/Berlin' }, expireAfter: 'P9D' };
    expect(understood(own, settings).request).toMatchObject(own);
    expect(understood({ reminders: { timeZone: 'Europe/Berlin' } }, settings).request.reminders).toEqual({
      after: ['P1D'],
      timeZone: 'Europe/Berlin',
    });
  });

  it('puts reminders into their order', () => {
    const { request } = understood({ reminders: { after: ['P1M', 'PT12H', 'P2W', 'P3D'] } });
    expect(request.reminders.after).toEqual(['PT12H', 'P3D', 'P2W', 'P1M']);
  });

  it('mails as the settings say, unless it says itself', () => {
    const silent = rules({ sendInvitationMessage: false });
    expect(understood({}, silent).request.sendInvitationMessage).toBe(false);
    expect(understood({ sendInvitationMessage: true }, silent).request.sendInvitationMessage).toBe(true);
    expect(understood({ sendInvitationMessage: false }).request.sendInvitationMessage).toBe(false);
  });
});

describe('warnings', () => {
  const withText = { invitedUserMessageInfo: { customizedMessageBody: 'Welcome!' } };

  it('says that Graph leaves a text of one’s own out of its mail', () => {
    expect(understood(withText).warnings).toEqual([
      {
        code: 'customizedMessageBodyNotMailed',
        target: 'invitedUserMessageInfo.customizedMessageBody',
        message: expect.stringContaining('leaves customizedMessageBody out of its mail') as string,
      },
    ]);
  });

  it('says that nothing is mailed, and plans no reminders then', () => {
    const { request, warnings } = understood({
      ...withText,
      sendInvitationMessage: false,
      reminders: { after: ['P1D'] },
    });
    expect(request.reminders.after).toEqual([]);
    expect(warnings).toEqual([
      {
        code: 'noMail',
        target: 'sendInvitationMessage',
        message: expect.stringContaining('no reminders go out') as string,
      },
    ]);
  });
});

describe('names that are refused', () => {
  it.each([
    ['id', { id: GUID }],
    ['inviteRedeemUrl', { inviteRedeemUrl: 'https://login.microsoftonline.com/redeem?rd=x' }],
    ['status', { status: 'Completed' }],
    [
      'invitedUser.userPrincipalName',
      { resetRedemption: true, invitedUser: { id: GUID, userPrincipalName: 'ada#EXT#@contoso.com' } },
    ],
  ])('%s, because it is read-only', (target, body) => {
    expect(faultsOf(body)).toEqual([
      {
        code: 'readOnlyProperty',
        target,
        message: `${target} is read-only: Microsoft Graph sets it. Leave it out.`,
      },
    ]);
  });

  it.each<[target: string, body: object]>([
    ['invitedUserEmail', { invitedUserEmail: 'ada@fabrikam.com' }],
    ['invitedUserMessageInfo.language', { invitedUserMessageInfo: { language: 'de' } }],
    ['invitedUserMessageInfo.id', { invitedUserMessageInfo: { id: 'x' } }],
    ['reminders.every', { reminders: { every: 'P1D' } }],
    ['constructor', { constructor: 1 }],
    ['toString', { toString: 1 }],
    ['hasOwnProperty', { hasOwnProperty: 1 }],
  ])('%s, because there is no such property', (target, body) => {
    expect(faultsOf(body)).toEqual([
      {
        code: 'unknownProperty',
        target,
        message: `${target} is not a property of an invitation. Leave it out or correct its name.`,
      },
    ]);
  });

  it('__proto__ in JSON, which changes nothing else', () => {
    const body: unknown = JSON.parse(
      '{"invitedUserEmailAddress":"ada@fabrikam.com","inviteRedirectUrl":"https://contoso.com","__proto__":{"kind":"guest"}}',
    );
    expect(parseRequest(body, rules())).toMatchObject({
      ok: false,
      faults: [{ code: 'unknownProperty', target: '__proto__' }],
    });
    expect(({} as Record<string, unknown>)['kind']).toBeUndefined();
  });

  it('__proto__ in the metadata, which would be dropped without a word', () => {
    const metadata: unknown = JSON.parse('{"__proto__":"x","costCenter":"42"}');
    expect(faultsOf({ metadata })).toEqual([
      {
        code: 'invalidValue',
        target: 'metadata.__proto__',
        message: 'metadata.__proto__ is no name: names start with a letter, 64 characters at most.',
      },
    ]);
  });

  it.each(['anna@fabrikam.com', 'two\nlines', 'etirw\u202e', 'x'.repeat(101), '"><script>'])(
    '%j, without repeating what is no name',
    (name) => {
      expect(faultsOf({ [name]: 1 })).toEqual([
        {
          code: 'unknownProperty',
          target: '(no name)',
          message: '(no name) is not a property of an invitation. Leave it out or correct its name.',
        },
      ]);
    },
  );

  it('fifty of them at most, and how many more there are', () => {
    const faults = faultsOf(Object.fromEntries(Array.from({ length: 9_000 }, (_, index) => [`k${index}`, 1])));
    expect(faults).toHaveLength(51);
    expect(faults.at(-1)).toEqual({
      code: 'moreFaults',
      target: 'body',
      message: 'There are 8950 faults more, not listed here.',
    });
  });
});

describe('a body that is no object', () => {
  it.each([[undefined], [null], [true], [7], ['{}'], [[]], [[GRAPHS_BODY]]])('%j', (body) => {
    expect(parseRequest(body, rules())).toEqual({
      ok: false,
      faults: [
        {
          code: 'invalidBody',
          target: 'body',
          message: 'The body must be a JSON object: {"invitedUserEmailAddress": "…"}.',
        },
      ],
    });
  });
});

describe('faults', () => {
  const targets = (body: object, given = rules()) => {
    const parsed = parseRequest(body, given);
    return parsed.ok ? [] : parsed.faults.map(({ code, target }) => `${code} ${target}`).sort();
  };

  it('are told of an empty body: the address and the redirect are required', () => {
    expect(targets({})).toEqual(['required inviteRedirectUrl', 'required invitedUserEmailAddress']);
  });

  it('are required deep inside, too', () => {
    const body = {
      ...GRAPHS_BODY,
      resetRedemption: true,
      invitedUser: {},
      invitedUserMessageInfo: { ccRecipients: [{}] },
    };
    expect(targets(body)).toEqual([
      'required invitedUser.id',
      'required invitedUserMessageInfo.ccRecipients.0.emailAddress',
    ]);
  });

  it('are all listed at once, the schema’s and the settings’', () => {
    const body = {
      invitedUserEmailAddress: 'ada@evil.com',
      inviteRedirectUrl: 'https://evil.com',
      sendInvitationMessage: 'yes',
      resetRedemption: true,
      expireAfter: 'soon',
      reminders: { after: ['P0D', 'P3D', 'x'], timeZone: 'Berlin' },
      status: 'Completed',
      colour: 'green',
    };
    const given = rules({ blockedEmailDomains: ['evil.com'], allowedRedirectOrigins: ['https://contoso.com'] });
    expect(targets(body, given)).toEqual([
      'domainNotAllowed invitedUserEmailAddress',
      'invalidValue expireAfter',
      'invalidValue reminders.after.0',
      'invalidValue reminders.after.2',
      'invalidValue reminders.timeZone',
      'invalidValue sendInvitationMessage',
      'readOnlyProperty status',
      'redirectNotAllowed inviteRedirectUrl',
      'required invitedUser.id',
      'unknownProperty colour',
    ]);
  });

  it('claim nothing that depends on a property which is itself at fault', () => {
    expect(targets({ ...GRAPHS_BODY, inviteRedirectUrl: 'contoso' })).toEqual(['invalidValue inviteRedirectUrl']);
    expect(targets({ ...GRAPHS_BODY, resetRedemption: 'yes', invitedUser: { id: GUID } })).toEqual([
      'invalidValue resetRedemption',
    ]);
    expect(targets({ ...GRAPHS_BODY, resetRedemption: true, invitedUser: { id: 'x' } })).toEqual([
      'invalidValue invitedUser.id',
    ]);
  });

  it('are told once, however many checks fail for the same reason', () => {
    const faults = faultsOf({ invitedUserDisplayName: '\u0000\u202e\ud800' });
    expect(faults).toHaveLength(1);
  });

  it('are values, never errors, whatever JSON is sent', () => {
    const names = fc.constantFrom(
      ...Object.keys(aRequest()),
      'invitedUser',
      'invitedUserMessageInfo',
      'invitedUserSponsors',
      'notBefore',
      'metadata',
      'onDuplicate',
      '__proto__',
      'constructor',
    );
    const bodies = fc.oneof(fc.jsonValue(), fc.dictionary(names, fc.jsonValue()));
    fc.assert(
      fc.property(bodies, (body) => {
        const parsed = parseRequest(body, rules());
        if (parsed.ok) return;
        expect(parsed.faults.length).toBeGreaterThan(0);
        for (const { code, message } of parsed.faults) {
          expect(CODES).toContain(code);
          expect(message).toMatch(/\.$/);
        }
      }),
    );
  });
});

describe('differencesOf', () => {
  it('names nothing where nothing differs, however the address is written', () => {
    expect(differencesOf(aRequest(), aRequest())).toEqual([]);
    const upper = aRequest({ invitedUserEmailAddress: 'ADA@Fabrikam.example' });
    expect(differencesOf(upper, aRequest())).toEqual([]);
    expect(
      differencesOf(
        aRequest({ invitedUserEmailAddress: 'ada@münchen.example' }),
        aRequest({ invitedUserEmailAddress: 'ada@xn--mnchen-3ya.example' }),
      ),
    ).toEqual([]);
  });

  it('names what was changed, added and left out, in order', () => {
    const asked = aRequest({ inviteRedirectUrl: 'https://other.example', externalId: '1', metadata: { a: '1' } });
    const open = aRequest({ source: 'hr', metadata: { a: '2' } });
    expect(differencesOf(asked, open)).toEqual(['externalId', 'inviteRedirectUrl', 'metadata', 'source']);
  });

  it('minds the order of reminders, not the order of names', () => {
    const one = aRequest({ metadata: { a: '1', b: '2' } });
    const other = aRequest({ metadata: { b: '2', a: '1' } });
    expect(differencesOf(one, other)).toEqual([]);
    const swapped = aRequest({ reminders: { timeZone: 'UTC', after: ['P7D', 'P3D'] } });
    expect(differencesOf(swapped, aRequest())).toEqual(['reminders']);
  });
});

describe('canonical', () => {
  it.each<[value: unknown, text: string]>([
    [{ b: 1, a: { d: [2, 1], c: null } }, '{"a":{"c":null,"d":[2,1]},"b":1}'],
    [{ a: undefined }, '{}'],
    [[{ b: 1, a: 2 }], '[{"a":2,"b":1}]'],
    ['x', '"x"'],
    [null, 'null'],
    [undefined, 'undefined'],
  ])('of %j', (value, text) => {
    expect(canonical(value)).toBe(text);
  });

  it('keeps __proto__ apart from everything else', () => {
    expect(canonical(JSON.parse('{"a":1,"__proto__":{"b":2}}'))).toBe('{"__proto__":{"b":2},"a":1}');
  });

  it('is the same for the same JSON, whatever the order of its names', () => {
    const turned = (value: unknown): unknown =>
      typeof value !== 'object' || value === null
        ? value
        : Array.isArray(value)
          ? value.map(turned)
          : Object.fromEntries(
              Object.entries(value)
                .reverse()
                .map(([name, inner]) => [name, turned(inner)]),
            );
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonical(turned(value))).toBe(canonical(value));
        expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
