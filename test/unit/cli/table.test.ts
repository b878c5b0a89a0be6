import { pairs, table } from '../../../cli/screen/table';

const PIPE = { width: undefined, isColoured: false };
const COLUMNS = [{ name: 'a' }, { name: 'extra', isOptional: true as const }, { name: 'why' }];
const WHY = 'because it was so and not otherwise';

describe('table', () => {
  it('is as wide as it needs to be in a pipe', () => {
    expect(
      table(
        COLUMNS,
        [
          ['1', '22', WHY],
          ['2', '', ''],
        ],
        PIPE,
      ),
    ).toBe(['a  extra  why', `─  ─────  ${'─'.repeat(WHY.length)}`, `1  22     ${WHY}`, '2'].join('\n'));
  });

  it('leaves the optional column out where there is no room, and breaks the last one', () => {
    expect(table(COLUMNS, [['1', '22', WHY]], { ...PIPE, width: 28 })).toBe(
      ['a  why', `─  ${'─'.repeat(25)}`, '1  because it was so and not', '   otherwise'].join('\n'),
    );
  });

  it('puts the last column below where it would have to be cut', () => {
    const id = '01a1fcca-e953-730a-b221-49ed61a1ca0b';
    expect(table([{ name: 'a' }, { name: 'id' }], [['a@example.com', id]], { ...PIPE, width: 40 })).toBe(
      ['a', '─────────────', 'a@example.com', `    ${id}`].join('\n'),
    );
  });

  it('leaves out a column that says nothing', () => {
    expect(table(COLUMNS, [['1', '22', '']], PIPE)).toBe('a  extra\n─  ─────\n1  22');
  });

  it('colours the words that say what became of somebody', () => {
    expect(table([{ name: 's' }], [['failed'], ['other']], { ...PIPE, isColoured: true })).toBe(
      's\n──────\n\u001b[31mfailed\u001b[39m\nother',
    );
  });

  it('lets nothing through that a terminal would act on', () => {
    expect(table([{ name: 's' }], [['a\u001b[2J\u202eb\nc']], PIPE)).toBe('s\n─────────\na [2J b c');
    expect(
      pairs(
        [
          ['x', 'a\u0007b'],
          ['long', 'c'],
          ['none', undefined],
        ],
        PIPE,
      ),
    ).toBe('x     a b\nlong  c');
  });
});
