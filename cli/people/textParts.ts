/** Reads on until there is enough to tell something by, or the end; `all` begins with that. */
export async function peek(
  text: AsyncGenerator<string, void>,
  isEnough: (head: string) => boolean,
): Promise<{ head: string; all: AsyncGenerator<string, void> }> {
  let head = '';
  while (!isEnough(head)) {
    const { value, done } = await text.next();
    if (done) break;
    head += value;
  }
  return { head, all: joined(head, text) };
}

async function* joined(head: string, rest: AsyncGenerator<string, void>): AsyncGenerator<string, void> {
  if (head !== '') yield head;
  yield* rest;
}

/** With \n for every line end, also where a piece ends between \r and \n. */
export async function* withLineFeeds(text: AsyncIterable<string>): AsyncGenerator<string, void> {
  let held = '';
  for await (const piece of text) {
    const all = held + piece;
    held = all.endsWith('\r') ? '\r' : '';
    yield all.slice(0, all.length - held.length).replace(/\r\n?/g, '\n');
  }
  if (held !== '') yield '\n';
}

/** The lines of a text whose line ends are \n; throws what `tooLong` gives for one of more than `most` characters. */
export async function* linesOf(
  text: AsyncIterable<string>,
  most: number,
  tooLong: () => Error,
): AsyncGenerator<string, void> {
  let parts: string[] = [];
  let length = 0;
  for await (const piece of text) {
    const [first = '', ...others] = piece.split('\n');
    parts.push(first);
    length += first.length;
    for (const next of others) {
      yield parts.join('');
      parts = [next];
      ({ length } = next);
    }
    if (length > most) throw tooLong();
  }
  yield parts.join('');
}
