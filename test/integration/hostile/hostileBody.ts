import fc from 'fast-check';
import { badAddress, nastyText, nastyValue, soundAddress } from './hostileText';

const GUID = 'cbb896f9-8306-49d0-b56b-b8e39cd28825';

/** Text that is odd and yet allowed: it must come through, not be refused. */
const ODD_BUT_SOUND = [
  'Érica 李 نور',
  "Miles O'Brien",
  '=cmd|calc!A0',
  'a,"b";c',
  '<b>x</b>',
  '__proto__',
  '%27%20or%201',
  '../..',
  '{"$ne":null}',
  'x'.repeat(256),
];

const oddText = fc.constantFrom(...ODD_BUT_SOUND);
const optionally = (properties: Record<string, fc.Arbitrary<unknown>>) => fc.record(properties, { requiredKeys: [] });

/** Bodies that are taken. A far date keeps most of them from Graph, whose pace is not what is tried here. */
export const soundBody: fc.Arbitrary<object> = fc
  .tuple(
    soundAddress,
    optionally({
      inviteRedirectUrl: fc.constantFrom('https://myapp.contoso.com', "https://myapp.contoso.com/a'b?c=%27#d"),
      invitedUserDisplayName: oddText,
      invitedUserType: fc.constantFrom('Guest', 'Member'),
      sendInvitationMessage: fc.boolean(),
      invitedUserMessageInfo: optionally({
        messageLanguage: fc.constantFrom('de-DE', null),
        ccRecipients: fc.constantFrom(null, [], [{ emailAddress: { name: 'Boss', address: "b'oss@fabrikam.com" } }]),
        customizedMessageBody: fc.constantFrom('Hello\n=1+1', '"'.repeat(5_000), null),
      }),
      reminders: fc.constantFrom({ after: [] }, { after: ['P2D', 'P1D'], timeZone: 'Europe/Berlin' }),
      expireAfter: fc.constantFrom('P10Y', 'PT1S'),
      source: oddText.map((text) => text.slice(0, 64)),
      externalId: oddText,
      metadata: fc.dictionary(fc.constantFrom('constructor', 'toString', 'a.b-c', 'valueOf'), oddText),
    }),
    fc.constantFrom(undefined, 'return', 'reject'),
  )
  .map(([invitedUserEmailAddress, more, onDuplicate]) => ({
    invitedUserEmailAddress,
    ...more,
    notBefore: '2999-01-01T00:00:00+01:00',
    ...(onDuplicate === undefined ? {} : { onDuplicate }),
  }));

/** One property each that is wrong, by its rules or by anything at all. */
const WRONG: Record<string, fc.Arbitrary<unknown>> = {
  invitedUserEmailAddress: badAddress,
  inviteRedirectUrl: fc.oneof(
    nastyValue,
    fc.constantFrom(
      'javascript:alert(1)',
      'http://contoso.com',
      'https://evil.example/',
      'https://myapp.contoso.com@evil.example',
      'https:\\\\evil.example',
      'https://myapp.contoso.com.evil.example',
      '//evil.example',
    ),
  ),
  invitedUserDisplayName: nastyValue,
  invitedUserType: nastyValue,
  sendInvitationMessage: nastyValue,
  resetRedemption: fc.oneof(nastyValue, fc.constant(true)),
  invitedUser: fc.oneof(
    nastyValue,
    fc.constantFrom<unknown>({ id: GUID }, { id: '../x' }, { id: GUID, mail: 'a@b.c' }),
  ),
  invitedUserMessageInfo: fc.oneof(
    nastyValue,
    fc.record({ messageLanguage: nastyValue }),
    fc.record({ customizedMessageBody: nastyValue }),
    fc.record({ ccRecipients: nastyValue }),
    fc.record({ ccRecipients: fc.constant(Array(2).fill({ emailAddress: { address: 'a@fabrikam.com' } })) }),
    fc.record({ address: badAddress, name: nastyValue }).map((emailAddress) => ({ ccRecipients: [{ emailAddress }] })),
  ),
  invitedUserSponsors: fc.oneof(
    nastyValue,
    fc.array(fc.record({ id: nastyText, '@odata.type': nastyText }), { maxLength: 7 }),
  ),
  notBefore: fc.oneof(nastyValue, fc.constantFrom('2999-01-01', '2999-13-01T00:00:00Z', '+999999-01-01T00:00:00Z')),
  reminders: fc.oneof(
    nastyValue,
    fc.record({ after: fc.array(nastyText, { maxLength: 12 }) }),
    fc.record({ after: fc.constant(['P-1D', 'PT0S', 'P99999Y', `P${'0'.repeat(500)}1D`]) }),
    fc.record({ after: fc.constant(Array(11).fill('P1D')) }),
    fc.record({ timeZone: nastyText }),
  ),
  expireAfter: nastyValue,
  onDuplicate: nastyValue,
  kind: nastyValue,
  source: nastyValue,
  externalId: nastyValue,
  metadata: fc.oneof(nastyValue, fc.dictionary(nastyText, nastyText, { maxKeys: 25 })),
  id: fc.constant('1'),
  status: fc.constant('Completed'),
  inviteRedeemUrl: fc.constant('https://login.microsoftonline.com/redeem?rd=x'),
};

const wrongProperty = fc.constantFrom(...Object.keys(WRONG)).chain((name) => fc.tuple(fc.constant(name), WRONG[name]!));
const madeUpProperty = fc.tuple(nastyText, nastyValue);

const withWrong = fc
  .tuple(
    soundBody,
    fc.array(fc.oneof({ weight: 5, arbitrary: wrongProperty }, madeUpProperty), { minLength: 1, maxLength: 3 }),
  )
  .map(([body, wrong]) => JSON.stringify({ ...body, ...Object.fromEntries(wrong) }));

const EMAIL = '"invitedUserEmailAddress":"anna1@fabrikam.com"';

/** Bodies that only text can say: doubled keys, own `__proto__`, depths, numbers beyond a double. */
const ODD_JSON = [
  `{${EMAIL},"__proto__":{"kind":"guest"}}`,
  `{"__proto__":{${EMAIL}}}`,
  `{${EMAIL},"metadata":{"__proto__":"x"}}`,
  `{${EMAIL},"invitedUserEmailAddress":"b"}`,
  `{${EMAIL},"expireAfter":1e999}`,
  `{${EMAIL},"metadata":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
  `{${EMAIL},"metadata":${'{"a":'.repeat(8_000)}1${'}'.repeat(8_000)}}`,
  '['.repeat(60_000),
  '{"a":'.repeat(12_000),
  `{${Array.from({ length: 6_000 }, (_, index) => `"k${index}":1`).join(',')}}`,
  `{"${'k'.repeat(60_000)}":1}`,
  `{${EMAIL},"metadata":{${Array.from({ length: 4_000 }, (_, index) => `"1k${index}":1`).join(',')}}}`,
  `\ufeff{"invitedUserEmailAddress":"nobody"}`,
  '[]',
  'null',
  '"x"',
  '0',
  '',
  '   ',
  '{"a":1,}',
  "{'a':1}",
  '{"a":1} {"b":2}',
  '{"a":"\\ud83d"}',
  '{"a":"\u0001"}',
  'email;name\r\n"anna@fabrikam.com";"=1+1"',
];

const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
const cutShort = fc.tuple(soundBody, fc.nat({ max: 400 })).map(([body, at]) => JSON.stringify(body).slice(0, at));
const tooLarge = fc.constantFrom(64 * 1024 + 1, 200_000).map((size) => `{"a":"${'x'.repeat(size)}"}`);
/** A body whose text is sound but for one byte that UTF-8 never has. */
const badUtf8 = soundBody.map((body) =>
  Buffer.concat([Buffer.from(JSON.stringify(body).slice(0, -1)), Buffer.from([0xff, 0x7d])]),
);

export const badBody: fc.Arbitrary<string | Buffer> = fc.oneof(
  { weight: 12, arbitrary: withWrong },
  { weight: 3, arbitrary: fc.constantFrom(...ODD_JSON) },
  { weight: 1, arbitrary: nastyValue.map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: bytes },
  { weight: 1, arbitrary: cutShort },
  { weight: 1, arbitrary: tooLarge },
  { weight: 1, arbitrary: badUtf8 },
);
