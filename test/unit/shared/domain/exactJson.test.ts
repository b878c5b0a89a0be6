import { withoutTypes } from '../../../../shared/domain/annotations';
import { canonical, differencesOf } from '../../../../shared/domain/canonical';
import { parseExactly, stringifyExactly } from '../../../../shared/domain/exactJson';
import { aRequest } from '../../../support/invitations';
import { aLinkedInRequest, aShareRequest } from '../../../support/kinds';

const LONG = '12345678901234567890';

describe('parseExactly', () => {
  it.each<[string, unknown]>([
    ['{"a":[1,-2.5,"x",null,true]}', { a: [1, -2.5, 'x', null, true] }],
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', 9007199254740992n],
    ['-9007199254740993', -9007199254740993n],
    [`[${LONG},1e3,0.1234567890123456789]`, [12345678901234567890n, 1000, 0.12345678901234568]],
    [`{"${LONG}":"${LONG}"}`, { [LONG]: LONG }],
  ])('reads %s', (text, value) => {
    expect(parseExactly(text)).toEqual(value);
  });

  it.each(['{"a":1,"a":2}', '{"a":{"b":1},"a":[]}', '{"__proto__":{"kind":"x"},"a":1}', '{"a":"\\ud83d\\u0000"}'])(
    'reads %s beside a long number just as JSON.parse does',
    (text) => {
      const beside = parseExactly(text.replace('{', `{"n":${LONG},`));
      expect(beside).toEqual({ n: 12345678901234567890n, ...(JSON.parse(text) as object) });
      expect(Object.getPrototypeOf(beside)).toBe(Object.prototype);
    },
  );

  it.each(['', '{', '[1,]', `{"a":${LONG}`, `[0${LONG}]`, '"\u0001"'])('throws for %j as JSON.parse does', (text) => {
    expect(() => parseExactly(text)).toThrow(SyntaxError);
  });

  it('takes a hundred levels and no more, and counts no bracket within a text', () => {
    const levels = (count: number) => `${'[{"a":'.repeat(count / 2)}1${'}]'.repeat(count / 2)}`;
    expect(() => parseExactly(levels(100))).not.toThrow();
    expect(() => parseExactly(levels(102))).toThrow(RangeError);
    expect(parseExactly(`["${'['.repeat(200)}\\"${'{'.repeat(200)}"]`)).toHaveLength(1);
  });
});

it('writes bigints as numbers with every digit', () => {
  expect(stringifyExactly({ a: 9223372036854775807n, b: '1', c: 7 })).toBe('{"a":9223372036854775807,"b":"1","c":7}');
});

describe('canonical', () => {
  it('is the same for the same values, however they are written', () => {
    expect(canonical({ b: [1, { d: 2, c: 1 }], a: null })).toBe(canonical({ a: null, b: [1, { c: 1, d: 2 }] }));
    expect(canonical(undefined)).toBe('undefined');
  });

  it('tells long numbers apart that a double takes for the same', () => {
    expect(canonical({ created: 9007199254740992n })).not.toBe(canonical({ created: 9007199254740993n }));
    expect(canonical({ created: 9007199254740993n })).toBe(canonical({ created: 9007199254740993n }));
  });
});

describe('differencesOf', () => {
  it('knows a person by the normal form of the address, in either kind', () => {
    expect(differencesOf(aRequest({ invitedUserEmailAddress: 'ADA@Fabrikam.example' }), aRequest())).toEqual([]);
    expect(differencesOf(aShareRequest({ recipients: [{ email: 'ADA@Fabrikam.example' }] }), aShareRequest())).toEqual(
      [],
    );
  });

  it('names what differs, and no value of it', () => {
    const other = aShareRequest({ password: 'hunter2', roles: ['write'], recipients: [{ alias: 'ada' }] });
    expect(differencesOf(other, aShareRequest())).toEqual(['password', 'recipients', 'roles']);
    expect(differencesOf(aLinkedInRequest({ created: '8' }), aLinkedInRequest())).toEqual(['created']);
  });
});

it('takes annotations off at any level, but no deeper than any request goes', () => {
  const type = { '@odata.type': 'a', keep: [{ '@odata.type': 'a' }, { '@odata.type': 'b' }, { '@odata.type': 7 }] };
  expect(withoutTypes(type, /^a$/)).toEqual({ keep: [{}, { '@odata.type': 'b' }, { '@odata.type': 7 }] });
  let deep: unknown = { '@odata.type': 'a' };
  for (let level = 0; level < 50_000; level += 1) deep = [deep];
  expect(withoutTypes(deep, /^a$/)).toHaveLength(1);
});
