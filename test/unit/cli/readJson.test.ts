import type { Entry } from '../../../cli/people/people';
import { readJson } from '../../../cli/people/readJson';
import { collect, cut } from '../../support/pieces';

const entries = (text: string, size = text.length): Promise<Entry[]> => collect(readJson(cut(text, size), 'p'));

const A = { invitedUserEmailAddress: 'a@x.org' };
const B = { invitedUserEmailAddress: 'b@x.org' };

describe('readJson', () => {
  it.each([
    ['an array', JSON.stringify([A, B], undefined, 2)],
    ['the body of the bulk route', JSON.stringify({ invitations: [A, B] })],
    ['JSON lines', `${JSON.stringify(A)}\n\n${JSON.stringify(B)}\n`],
  ])('takes %s, in whatever pieces', async (_, text) => {
    for (let size = 1; size <= text.length; size += 1) {
      expect((await entries(text, size)).map((entry) => 'body' in entry && entry.body)).toEqual([A, B]);
    }
  });

  it('takes one object alone', async () => {
    expect(await entries(JSON.stringify(A, undefined, 2))).toEqual([{ line: 1, body: A }]);
  });

  it('keeps every digit of a long number', async () => {
    expect(await entries('{"created":9007199254740993}')).toEqual([{ line: 1, body: { created: 9007199254740993n } }]);
  });

  it('takes a bad line among good ones for a fault of that line alone', async () => {
    expect(await entries(`${JSON.stringify(A)}\n{"invited\n[1]\n${JSON.stringify(B)}`)).toEqual([
      { line: 1, body: A },
      { line: 2, fault: expect.stringMatching(/^is no valid JSON: .* at column 2\.$/) as string },
      { line: 3, fault: 'is no JSON object: {"invitedUserEmailAddress": "…"}.' },
      { line: 4, body: B },
    ]);
  });

  it.each([
    ['[{"a":1},', 'p is no valid JSON: value expected at column 10.'],
    ['{"a":\n', 'p is no valid JSON: value expected at line 2, column 1.'],
    ['[]', 'p holds nobody.'],
    ['['.repeat(20_000), 'p is no valid JSON: it is nested too deep.'],
  ])('refuses a whole file that is none (%.12s)', async (text, message) => {
    await expect(entries(text)).rejects.toThrow(message);
  });
});
