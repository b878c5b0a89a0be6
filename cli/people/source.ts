import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { type Readable, addAbortSignal } from 'node:stream';
import { usageFault } from '../cliFault';

const STANDARD_INPUT = '-';
/** What can't be read twice is kept in memory. */
const MOST_KEPT_MIB = 64;
const MIB = 2 ** 20;

export interface Place {
  /** Where relative names begin. */
  folder: string;
  /** Said where a person would wonder why nothing happens. */
  onTerminalInput: () => void;
  /** Ctrl-C. Reading that it breaks off rejects with its reason. */
  signal: AbortSignal;
}

/** Something to read, as often as it is wanted. */
export interface Source {
  name: string;
  bytes: () => AsyncIterable<Buffer>;
}

/**
 * Opens a file, or standard input for `-`. A file is read piece by piece each time; what comes through a pipe is kept, up
 * to 64 MiB. Throws a sentence for what is nothing to read.
 */
export async function openSource(file: string, place: Place): Promise<Source> {
  if (file === STANDARD_INPUT) {
    if (process.stdin.isTTY) place.onTerminalInput();
    return keep('standard input', piecesOf(process.stdin, 'standard input', place));
  }
  const path = resolve(place.folder, file);
  const found = await stat(path).catch((error: unknown) => {
    throw unreadable(file, error);
  });
  if (found.isDirectory()) throw usageFault(`${file} is a folder. Give a file in it.`);
  const read = () => piecesOf(createReadStream(path), file, place);
  return found.isFile() ? { name: basename(file), bytes: read } : keep(basename(file), read());
}

async function* piecesOf(stream: Readable, file: string, { signal }: Place): AsyncGenerator<Buffer> {
  try {
    yield* addAbortSignal(signal, stream) as AsyncIterable<Buffer>;
  } catch (error) {
    signal.throwIfAborted();
    throw unreadable(file, error);
  }
}

async function keep(name: string, pieces: AsyncIterable<Buffer>): Promise<Source> {
  const kept: Buffer[] = [];
  let size = 0;
  for await (const piece of pieces) {
    size += piece.length;
    if (size > MOST_KEPT_MIB * MIB) {
      throw usageFault(`${name} has more than ${MOST_KEPT_MIB} MiB. Save it as a file, which may be of any length.`);
    }
    kept.push(piece);
  }
  const all = Buffer.concat(kept);
  return { name, bytes: () => once(all) };
}

// eslint-disable-next-line @typescript-eslint/require-await -- read like a file
async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
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
