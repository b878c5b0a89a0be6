import { parse } from 'csv-parse/sync';
import { csvOf } from '../../../../shared/http/csv';

it('writes a header line and ends each line with CRLF', () => {
  expect(csvOf(['id', 'email'], [['1', 'ada@fabrikam.example']])).toBe('id,email\r\n1,ada@fabrikam.example\r\n');
  expect(csvOf(['id'], [])).toBe('id\r\n');
});

it.each([
  ['a comma', 'Lovelace, Ada', '"Lovelace, Ada"'],
  ['quotes', 'Ada "the first"', '"Ada ""the first"""'],
  ['a line end', 'two\nlines', '"two\nlines"'],
  ['nothing', '', ''],
])('quotes a cell that holds %s, and only where it has to', (_what, text, cell) => {
  expect(csvOf([], [[text, 'x']])).toBe(`\r\n${cell},x\r\n`);
});

it.each(['=1+1', '+49 30', '-2+3', '@SUM(A1)', '\t=1', '\r=1', '=HYPERLINK("https://evil.example","x")', '＝1+1'])(
  'puts a mark before %j, which a spreadsheet would take for a formula',
  (text) => {
    const [row] = parse(csvOf([], [[text, 'x']]), { from: 2, relax_column_count: true });
    expect(row).toEqual([`'${text}`, 'x']);
  },
);

it('leaves a text alone that only holds such a character', () => {
  expect(csvOf([], [['a=b-c@d']])).toBe('\r\na=b-c@d\r\n');
});
