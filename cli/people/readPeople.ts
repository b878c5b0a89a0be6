import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { usageFault } from '../cliFault';
import { decodeText } from './decodeText';
import type { People } from './people';
import { readCsv } from './readCsv';
import { readJson } from './readJson';

const MOST_BYTES = 64 * 1024 * 1024;
const STANDARD_INPUT = '-';

export interface Place {
  /** Where relative names begin. */
  folder: string;
  /** Said where a person would wonder why nothing happens. */
  onTerminalInput: () => void;
}

/** Reads whom to invite: a file, `-` for standard input, or one address. */
export function readPeople(fileOrAddress: string, place: Place): People {
  return isAddress(fileOrAddress, place)
    ? oneAddress(fileOrAddress)
    : readPeopleFile(fileOrAddress, readBytes(fileOrAddress, place));
}

/** What the bytes of a file hold. */
export function readPeopleFile(file: string, bytes: Buffer): People {
  const name = file === STANDARD_INPUT ? 'standard input' : basename(file);
  const text = decodeText(bytes, name);
  const entries = /^\s*[[{]/.test(text) ? readJson(text, name) : readCsv(text, name);
  return { name, entries, digest: createHash('sha256').update(bytes).digest('hex') };
}

const oneAddress = (address: string): People => ({
  name: address,
  entries: [{ line: 1, body: { invitedUserEmailAddress: address } }],
});

/** A file that is there goes first; else what looks like the name of one is taken for a file that is missing. */
export const isAddress = (text: string, { folder }: Pick<Place, 'folder'>): boolean =>
  text.includes('@') && !/[\\/]|\.(csv|tsv|txt|json|jsonl|ndjson)$/i.test(text) && !existsSync(resolve(folder, text));

/** Throws a sentence for whatever is no readable file. */
export function readBytes(file: string, { folder, onTerminalInput }: Place): Buffer {
  if (file === STANDARD_INPUT) {
    if (process.stdin.isTTY) onTerminalInput();
    return readFileSync(0);
  }
  const path = resolve(folder, file);
  try {
    const found = statSync(path);
    if (found.isDirectory()) throw usageFault(`${file} is a folder. Give a file in it.`);
    if (found.size > MOST_BYTES) throw usageFault(`${file} has more than 64 MiB. Split it into several files.`);
    return readFileSync(path);
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(file: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return usageFault(`There is no file ${file}. (An address holds an @.)`);
    case 'EACCES':
    case 'EPERM':
      return usageFault(`${file} may not be read by this user.`);
    default:
      return usageFault(`${file} can’t be read (${String(error.code)}).`);
  }
}
