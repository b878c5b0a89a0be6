import { faultsOf, parse, rules, understood } from '../../../support/requests';

const GUID = 'cbb896f9-8306-49d0-b56b-b8e39cd28825';
const cc = (address: string) => ({ invitedUserMessageInfo: { ccRecipients: [{ emailAddress: { address } }] } });

describe('email domains', () => {
  it('refuses a blocked domain, by the name of the setting', () => {
    expect(faultsOf({}, rules({ blockedEmailDomains: ['fabrikam.com'] }))).toEqual([
      {
        code: 'domainNotAllowed',
        target: 'invitedUserEmailAddress',
        message: 'invitedUserEmailAddress: fabrikam.com is blocked here (BLOCKED_EMAIL_DOMAINS).',
      },
    ]);
  });

  it('refuses a domain that is not among the allowed', () => {
    expect(faultsOf({}, rules({ allowedEmailDomains: ['contoso.com', '*.fabrikam.com'] }))).toEqual([
      {
        code: 'domainNotAllowed',
        target: 'invitedUserEmailAddress',
        message: 'invitedUserEmailAddress: fabrikam.com is not among the allowed domains (ALLOWED_EMAIL_DOMAINS).',
      },
    ]);
  });

  it('takes an allowed domain, and one that is not blocked', () => {
    expect(parse({}, rules({ allowedEmailDomains: ['fabrikam.com'] })).ok).toBe(true);
    expect(parse({}, rules({ blockedEmailDomains: ['contoso.com'] })).ok).toBe(true);
  });

  it('lets the block win over the permission', () => {
    const both = rules({ allowedEmailDomains: ['fabrikam.com'], blockedEmailDomains: ['fabrikam.com'] });
    expect(faultsOf({}, both).map(({ message }) => message)).toEqual([
      'invitedUserEmailAddress: fabrikam.com is blocked here (BLOCKED_EMAIL_DOMAINS).',
    ]);
  });

  it.each(['ada@FABRIKAM.com', 'ada@ＦＡＢＲＩＫＡＭ.com'])(
    'knows a blocked domain however it is written: %s',
    (address) => {
      const blocked = rules({ blockedEmailDomains: ['fabrikam.com'] });
      expect(faultsOf({ invitedUserEmailAddress: address }, blocked)).toHaveLength(1);
    },
  );

  it('holds for whoever gets a copy, too', () => {
    expect(faultsOf(cc('bob@evil.com'), rules({ blockedEmailDomains: ['evil.com'] }))).toEqual([
      {
        code: 'domainNotAllowed',
        target: 'invitedUserMessageInfo.ccRecipients.0.emailAddress.address',
        message:
          'invitedUserMessageInfo.ccRecipients.0.emailAddress.address: evil.com is blocked here (BLOCKED_EMAIL_DOMAINS).',
      },
    ]);
  });
});

describe('inviteRedirectUrl', () => {
  const allowed = rules({ allowedRedirectOrigins: ['https://myapp.contoso.com', 'https://contoso.com:8443'] });

  it('comes from the settings where it is not sent', () => {
    const { request } = understood(
      { inviteRedirectUrl: undefined },
      rules({ inviteRedirectUrl: 'https://portal.contoso.com/welcome' }),
    );
    expect(request.inviteRedirectUrl).toBe('https://portal.contoso.com/welcome');
  });

  it('is required where the settings name none', () => {
    expect(faultsOf({ inviteRedirectUrl: undefined })).toEqual([
      {
        code: 'required',
        target: 'inviteRedirectUrl',
        message: 'inviteRedirectUrl is required, because no default is set (INVITE_REDIRECT_URL).',
      },
    ]);
  });

  it.each(['https://myapp.contoso.com/any/path?x=1', 'https://MYAPP.contoso.com:443', 'https://contoso.com:8443/x'])(
    'may lead to an allowed origin: %s',
    (inviteRedirectUrl) => {
      expect(parse({ inviteRedirectUrl }, allowed).ok).toBe(true);
    },
  );

  it.each([
    ['https://evil.com', 'https://evil.com'],
    ['https://myapp.contoso.com.evil.com', 'https://myapp.contoso.com.evil.com'],
    ['https://myapp.contoso.com:444', 'https://myapp.contoso.com:444'],
    ['https://contoso.com', 'https://contoso.com'],
    ['http://localhost:3000/x', 'http://localhost:3000'],
  ])('may not lead to %s', (inviteRedirectUrl, origin) => {
    expect(faultsOf({ inviteRedirectUrl }, allowed)).toEqual([
      {
        code: 'redirectNotAllowed',
        target: 'inviteRedirectUrl',
        message: `inviteRedirectUrl: ${origin} is not an allowed origin (ALLOWED_REDIRECT_ORIGINS).`,
      },
    ]);
  });
});

describe('resetRedemption', () => {
  it('needs the id of the user', () => {
    expect(faultsOf({ resetRedemption: true })).toEqual([
      {
        code: 'required',
        target: 'invitedUser.id',
        message: 'invitedUser.id is required when resetRedemption is true.',
      },
    ]);
  });

  it('is the only reason to send invitedUser', () => {
    for (const body of [{ invitedUser: { id: GUID } }, { invitedUser: { id: GUID }, resetRedemption: false }]) {
      expect(faultsOf(body)).toEqual([
        {
          code: 'readOnlyProperty',
          target: 'invitedUser',
          message: 'invitedUser is read-only unless resetRedemption is true. Leave it out or set resetRedemption.',
        },
      ]);
    }
  });

  it('is taken with the id', () => {
    expect(understood({ resetRedemption: true, invitedUser: { id: GUID } }).request).toMatchObject({
      resetRedemption: true,
      invitedUser: { id: GUID },
    });
  });
});
