import { checkEmailAddress, isDomainListed } from '../../../../shared/domain/emailAddress';

/** Every character that Graph's page says the address may not hold. */
const FORBIDDEN = Array.from('~!#$%^&*()+=[]{}\\/|;:"<>?,');

describe('checkEmailAddress', () => {
  it.each([
    ['ada@fabrikam.example', 'ada@fabrikam.example', 'fabrikam.example'],
    ['Ada.Lovelace@Fabrikam.Example', 'ada.lovelace@fabrikam.example', 'fabrikam.example'],
    ["o'neil_2@mail.fabrikam.example", "o'neil_2@mail.fabrikam.example", 'mail.fabrikam.example'],
    ['a@b.co', 'a@b.co', 'b.co'],
    ['ada@münchen.example', 'ada@xn--mnchen-3ya.example', 'xn--mnchen-3ya.example'],
    ['ada@MÜNCHEN.example', 'ada@xn--mnchen-3ya.example', 'xn--mnchen-3ya.example'],
    ['ada@例え.テスト', 'ada@xn--r8jz45g.xn--zckzah', 'xn--r8jz45g.xn--zckzah'],
  ])('takes %s', (address, normalised, domain) => {
    expect(checkEmailAddress(address)).toEqual({ ok: true, address, normalised, domain });
  });

  it('leaves out the space around an address', () => {
    expect(checkEmailAddress(' \tada@fabrikam.example\r\n')).toMatchObject({
      ok: true,
      address: 'ada@fabrikam.example',
    });
  });

  it.each(FORBIDDEN)('refuses %s wherever it stands', (character) => {
    const why = `holds ${character} which Microsoft Graph does not permit in an address`;
    for (const address of [
      `a${character}b@fabrikam.example`,
      `${character}ab@fabrikam.example`,
      `ada@fabrikam.example${character}x`,
      `ada@fabri${character}kam.example`,
    ]) {
      expect(checkEmailAddress(address)).toEqual({ ok: false, why });
    }
  });

  it.each([
    ['no @', 'ada', 'has no name before or no domain after its @'],
    ['nothing', '', 'has no name before or no domain after its @'],
    ['nothing before the @', '@fabrikam.example', 'has no name before or no domain after its @'],
    ['nothing after the @', 'ada@', 'has no name before or no domain after its @'],
    ['two @', 'ada@home@fabrikam.example', 'holds more than one @'],
    ['a dot at the front', '.ada@fabrikam.example', 'begins or ends with . or - before the @'],
    ['a dot before the @', 'ada.@fabrikam.example', 'begins or ends with . or - before the @'],
    ['a hyphen at the front', '-ada@fabrikam.example', 'begins or ends with . or - before the @'],
    ['a hyphen before the @', 'ada-@fabrikam.example', 'begins or ends with . or - before the @'],
    ['two dots in a row', 'ada..l@fabrikam.example', 'holds two dots in a row'],
    ['a space inside', 'ada l@fabrikam.example', 'holds a space or a character outside printable ASCII before the @'],
    [
      'a look-alike letter',
      'аda@fabrikam.example',
      'holds a space or a character outside printable ASCII before the @',
    ],
    [
      'a line end inside',
      'ada\n@fabrikam.example',
      'holds a space or a character outside printable ASCII before the @',
    ],
    ['a tab in the domain', 'ada@fabri\tkam.example', 'has no valid domain after its @'],
    ['a line end in the domain', 'ada@fabri\nkam.example', 'has no valid domain after its @'],
    ['an invisible character in the domain', 'ada@fabri\u200bkam.example', 'has no valid domain after its @'],
    ['a mark that turns text around', 'ada@fabri\u202ekam.example', 'has no valid domain after its @'],
    ['half a surrogate pair', 'ada@fabri\ud800kam.example', 'has no valid domain after its @'],
    ['a domain of one name', 'ada@localhost', 'has no valid domain after its @'],
    ['an IP address', 'ada@127.0.0.1', 'has no valid domain after its @'],
    ['a dot at the end', 'ada@fabrikam.example.', 'has no valid domain after its @'],
    ['two dots in the domain', 'ada@fabrikam..example', 'has no valid domain after its @'],
    ['a hyphen at the front of the domain', 'ada@-fabrikam.example', 'has no valid domain after its @'],
    ['an underscore in the domain', 'ada@fabri_kam.example', 'has no valid domain after its @'],
  ])('refuses %s', (_what, address, why) => {
    expect(checkEmailAddress(address)).toEqual({ ok: false, why });
  });

  it('takes 64 characters before the @ and no more', () => {
    expect(checkEmailAddress(`${'a'.repeat(64)}@fabrikam.example`).ok).toBe(true);
    expect(checkEmailAddress(`${'a'.repeat(65)}@fabrikam.example`)).toEqual({
      ok: false,
      why: 'has more than 64 characters before the @',
    });
  });

  it('takes 254 characters in all and no more', () => {
    const domainOf = (length: number) => `${'d'.repeat(60)}.`.repeat(3) + `${'d'.repeat(length - 191)}.example`;
    const name = 'a'.repeat(20);
    expect(`${name}@${domainOf(233)}`).toHaveLength(254);
    expect(checkEmailAddress(`${name}@${domainOf(233)}`).ok).toBe(true);
    expect(checkEmailAddress(`${name}@${domainOf(234)}`)).toEqual({ ok: false, why: 'is longer than 254 characters' });
  });
});

describe('isDomainListed', () => {
  const list = ['fabrikam.example', '*.contoso.example'];

  it.each([
    ['fabrikam.example', true],
    ['mail.fabrikam.example', false],
    ['notfabrikam.example', false],
    ['mail.contoso.example', true],
    ['a.mail.contoso.example', true],
    ['contoso.example', false],
    ['notcontoso.example', false],
  ])('%s: %s', (domain, listed) => {
    expect(isDomainListed(domain, list)).toBe(listed);
  });

  it('finds nothing in an empty list', () => {
    expect(isDomainListed('fabrikam.example', [])).toBe(false);
  });
});
