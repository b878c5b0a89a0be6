/**
 * What a person sees of what was written to a terminal: a small one of its kind, with the movements and erasures of this
 * program. Throws for a sequence that it does not know, so that nothing unseen slips through.
 */
export function screenOf(written: string, columns = 90): string[] {
  const lines: string[][] = [[]];
  let [row, column] = [0, 0];
  const down = (): void => {
    row += 1;
    lines[row] ??= [];
  };
  const put = (character: string): void => {
    if (column === columns) {
      column = 0;
      down();
    }
    const line = (lines[row] ??= []);
    while (line.length < column) line.push(' ');
    line[column] = character;
    column += 1;
  };
  const act = (sequence: string): void => {
    const [, text = '', kind = ''] = /^\u001b\[([?\d;]*)([A-Za-z])$/.exec(sequence) ?? [];
    const count = Number(text) || 1;
    const line = (lines[row] ??= []);
    if (kind === 'm' || text === '?25' || text === '?7') return;
    if (kind === 'G') column = count - 1;
    else if (kind === 'K' && text === '2') line.length = 0;
    else if (kind === 'K') line.length = Math.min(line.length, column);
    else if (kind === 'J') lines.splice(row, Infinity, line.slice(0, column));
    else if (kind === 'A') row = Math.max(0, row - count);
    else throw new Error(`The test's terminal does not know ${JSON.stringify(sequence)}.`);
  };
  for (const [token] of written.matchAll(/\u001b(?:\[[?\d;]*[A-Za-z]|[78])|[^]/gu)) {
    if (token === '\r') column = 0;
    else if (token === '\n') down();
    else if (token.startsWith('\u001b')) act(token);
    else put(token);
  }
  return lines.map((line) => line.join('').trimEnd());
}
