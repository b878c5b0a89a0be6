import { addressesOf, isMatch, parseUserFilter } from '../../../../local/graph/userFilter';

const user = {
  id: '1',
  mail: "O'Hara@fabrikam.com",
  otherMails: ['ohara@home.net'],
  userPrincipalName: 'ohara#EXT#@contoso.onmicrosoft.com',
  displayName: null,
  userType: 'Guest',
  creationType: 'Invitation',
  createdDateTime: '2026-01-01T00:00:00Z',
  externalUserState: 'Accepted',
  externalUserStateChangeDateTime: '2026-01-01T00:00:00Z',
} as const;

const finds = (text: string) => {
  const filter = parseUserFilter(text);
  return filter && isMatch(filter, user);
};

describe('parseUserFilter and isMatch', () => {
  it.each([
    ["mail eq 'o''hara@FABRIKAM.com'", true],
    ["mail eq 'ohara@home.net'", false],
    ["otherMails/any(x:x eq 'OHARA@home.net')", true],
    ["otherMails/any( address : address eq 'ohara@home.net' )", true],
    ["userPrincipalName eq 'OHARA#ext#@contoso.onmicrosoft.com'", true],
    ["externalUserState eq 'Accepted'", true],
    ["externalUserState eq 'accepted'", false],
    ["(mail eq 'x' or externalUserState eq 'Accepted') and mail eq 'x'", false],
    ["mail eq 'x' and mail eq 'x' or externalUserState eq 'Accepted'", true],
    ["externalUserState eq 'Accepted' or mail eq 'x' and mail eq 'x'", true],
    ["mail eq ' or mail eq ' or externalUserState eq 'Accepted'", true],
  ])('reads %s', (text, expected) => {
    expect(finds(text)).toBe(expected);
  });

  it.each([
    '',
    "mail eq 'a",
    "mail eq 'a'b'",
    "mail ne 'a'",
    'mail eq null',
    "mail eq 'a' and",
    "and mail eq 'a'",
    "mail eq 'a' mail eq 'b'",
    "(mail eq 'a'",
    "mail eq 'a')",
    "otherMails/any(x:y eq 'a')",
    "displayName eq 'a'",
  ])('reads nothing in %p', (text) => {
    expect(parseUserFilter(text)).toBeUndefined();
  });
});

describe('addressesOf', () => {
  it.each([
    ["mail eq 'a'", ['a']],
    ["mail eq 'a' or otherMails/any(x:x eq 'b')", ['a', 'b']],
    ["externalUserState eq 'Accepted' and mail eq 'a'", ['a']],
    ["mail eq 'a' or externalUserState eq 'Accepted'", undefined],
    ["externalUserState eq 'Accepted'", undefined],
  ])('tells which addresses %s comes down to', (text, expected) => {
    expect(addressesOf(parseUserFilter(text)!)).toEqual(expected);
  });
});
