import fc from 'fast-check';

/** Text that has broken other programs: controls, marks that turn the line around, homographs, formulas, queries, paths. */
export const NASTY = [
  '',
  ' ',
  '\u0000',
  'a\u0007b',
  'two\r\nlines: x',
  'etirw\u202eotpyrc',
  '\u2066isolated\u2069',
  '\u200e\u200f\u061c',
  '\u0085\u009f',
  '\u2028\u2029',
  'аdmin', // Cyrillic а
  '𝖆𝖉𝖒𝖎𝖓',
  'e\u0301'.repeat(200),
  '\ud83d',
  '👩‍👩‍👧‍👦',
  '\ufeff\ufffe\uffff',
  '＠',
  "o'brien",
  "' or 1 eq 1 or '",
  "x') or startswith(mail,'a",
  '"; DROP TABLE x; --',
  "=cmd|' /C calc'!A0",
  '@SUM(1+9)*cmd',
  'a,"b;c"\t|d',
  '../../etc/passwd',
  '..%2f..%2f',
  '%00',
  '%c0%ae',
  'a/b\\c#d?e',
  '{{7*7}}${7*7}<%= 7*7 %>',
  '<script>alert(1)</script>',
  '__proto__',
  'constructor',
  'toString',
  'x'.repeat(300),
  'x'.repeat(6_000),
  '1e999',
  'NaN',
  'null',
];

export const nastyText = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NASTY) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 80 }) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...NASTY), fc.constantFrom(...NASTY)).map((parts) => parts.join('')),
  },
);

/** Anything that JSON can say, and what JavaScript makes odd numbers of. */
export const nastyValue: fc.Arbitrary<unknown> = fc.oneof(
  nastyText,
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -0,
    1e308,
    -1,
    2 ** 53,
    [],
    {},
    [[]],
    [null],
    { constructor: 1 },
    { length: 3 },
  ),
);

/** What Node lets into a header: no control but a tab, and one byte a character. */
export const headerText = nastyText.map((text) => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '?').slice(0, 2_000));

const BAD_ADDRESSES = [
  'nobody',
  '@fabrikam.com',
  'a@',
  'a@b',
  'a@@fabrikam.com',
  'a b@fabrikam.com',
  'a\u202eb@fabrikam.com',
  'аdmin@fabrikam.com',
  'admin@fаbrikam',
  'admin@fabrikam.com\u0000',
  'admin@fabrikam.com\r\nBcc: x@evil.example',
  '"a b"@fabrikam.com',
  'a+b@fabrikam.com',
  '.a@fabrikam.com',
  'a..b@fabrikam.com',
  `${'a'.repeat(65)}@fabrikam.com`,
  `a@${'b'.repeat(260)}.com`,
  'a@fabrikam.com/../x',
  'a@%66abrikam.com',
  'a@[127.0.0.1]',
  "x' or mail ne '@fabrikam.com",
  'a@fabrikam.com,b@fabrikam.com',
  'Anna <a@fabrikam.com>',
  'a@blocked.fabrikam.com',
  'a@woodgrove.example',
];

export const badAddress: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...BAD_ADDRESSES) },
  { weight: 1, arbitrary: nastyValue },
);

/**
 * Sound addresses, quotes and look-alikes among them; few enough persons that many are asked for twice, and no number
 * more often than others, or too few of them would be new.
 */
export const soundAddress = fc
  .tuple(
    fc.noBias(fc.nat({ max: 550 })),
    fc.constantFrom("o'brien", 'anna', 'x_y', 'ANNA', 'a.b-c', '`tick`', 'null', '__proto__'),
  )
  .map(([number, name]) => `${name}${number}@${number % 7 === 0 ? 'münchen.fabrikam.com' : 'fabrikam.com'}`);
