import { lineScreen } from '../../../../local/demo/screen';

const TOTALS = { accepted: 25, sent: 23, closed: 23 };

function screen() {
  let now = 0;
  const lines: string[] = [];
  const shown = lineScreen(
    (line) => lines.push(line),
    () => now,
  );
  const at = (ms: number, accepted: number, closed = 0) => {
    now = ms;
    shown.update({ accepted, sent: 0, closed }, TOTALS);
  };
  return { at, lines, end: shown.end };
}

describe('lineScreen', () => {
  it('prints a line every two seconds at most, and only when something has changed', () => {
    const { at, lines } = screen();
    at(100, 1);
    at(1900, 2);
    at(2000, 3);
    at(3900, 4);
    at(4100, 5);
    at(9000, 5);
    expect(lines).toEqual([
      '  2.0 s  requests answered 3/25, invitations mailed 0/23, brought to an end 0/23',
      '  4.1 s  requests answered 5/25, invitations mailed 0/23, brought to an end 0/23',
    ]);
  });

  it('prints how it ended, once', () => {
    const { at, lines, end } = screen();
    at(500, 25, 23);
    end();
    end();
    expect(lines).toEqual(['  0.5 s  requests answered 25/25, invitations mailed 0/23, brought to an end 23/23']);
  });
});
