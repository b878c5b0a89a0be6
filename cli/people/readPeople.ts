import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { decodeText } from './decodeText';
import type { Entry, People } from './people';
import { readCsv } from './readCsv';
import { readJson } from './readJson';
import { type Place, type Source, openSource } from './source';
import { peek } from './textParts';

/** Whom to invite: a file, `-` for standard input, or one address. */
export async function readPeople(fileOrAddress: string, place: Place): Promise<People> {
  if (isAddress(fileOrAddress, place)) return oneAddress(fileOrAddress);
  const source = await openSource(fileOrAddress, place);
  return { name: source.name, isFile: true, entries: () => entriesOf(source) };
}

/** What a file holds, told by its first character. */
export async function* entriesOf(source: Source): AsyncGenerator<Entry> {
  const { text, isJson } = await openText(source);
  yield* isJson ? readJson(text, source.name) : readCsv(text, source.name);
}

export async function openText({
  name,
  bytes,
}: Source): Promise<{ text: AsyncGenerator<string, void>; isJson: boolean }> {
  const { head, all } = await peek(decodeText(bytes(), name), (text) => text.trim() !== '');
  return { text: all, isJson: /^\s*[[{]/.test(head) };
}

const oneAddress = (address: string): People => ({
  name: address,
  isFile: false,
  // eslint-disable-next-line @typescript-eslint/require-await -- read like a file
  entries: async function* () {
    yield { line: 1, body: { invitedUserEmailAddress: address } };
  },
});

/** A file that is there goes first; else what looks like the name of one is taken for a file that is missing. */
export const isAddress = (text: string, { folder }: Pick<Place, 'folder'>): boolean =>
  text.includes('@') && !/[\\/]|\.(csv|tsv|txt|json|jsonl|ndjson)$/i.test(text) && !existsSync(resolve(folder, text));
