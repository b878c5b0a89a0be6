import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  /** Path in the archive, parts separated by `/`. */
  name: string;
  data: Buffer;
}

/**
 * A zip archive of files, readable by all: the same entries give the same bytes on the same release of Node (others may
 * bring another zlib). Every file is of 1980-01-01, mode 644. No ZIP64: 65,535 files and 4 GiB at most.
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT 4.3.6
 */
export function zipOf(entries: ZipEntry[]): Buffer {
  const sorted = [...entries].sort((a, b) => (a.name < b.name ? -1 : 1));
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data } of sorted) {
    const compressed = deflateRawSync(data, { level: 9 });
    const fields = commonFields(name, data, compressed);
    const file = Buffer.concat([uint32(0x04034b50), fields, Buffer.from(name), compressed]);
    directory.push(directoryEntry(name, fields, offset));
    files.push(file);
    offset += file.length;
  }
  const central = Buffer.concat(directory);
  const disks = uint32(0);
  const count = uint16(sorted.length);
  const end = [uint32(0x06054b50), disks, count, count, uint32(central.length), uint32(offset), uint16(0)];
  return Buffer.concat([...files, central, ...end]);
}

const VERSION_NEEDED = 20;
const NAMES_ARE_UTF8 = 0x0800;
const DEFLATED = 8;
const MIDNIGHT = 0;
const FIRST_OF_1980 = (1 << 5) | 1;

/** What a file's own header and its entry in the directory have alike. */
const commonFields = (name: string, data: Buffer, compressed: Buffer): Buffer =>
  Buffer.concat([
    ...[VERSION_NEEDED, NAMES_ARE_UTF8, DEFLATED, MIDNIGHT, FIRST_OF_1980].map(uint16),
    ...[crc32(data), compressed.length, data.length].map(uint32),
    ...[Buffer.byteLength(name), 0].map(uint16),
  ]);

const MADE_ON_UNIX = (3 << 8) | VERSION_NEEDED;
const REGULAR_FILE_644 = 0o100644 * 0x10000;

const directoryEntry = (name: string, fields: Buffer, offset: number): Buffer =>
  Buffer.concat([
    uint32(0x02014b50),
    uint16(MADE_ON_UNIX),
    fields,
    ...[0, 0, 0].map(uint16),
    uint32(REGULAR_FILE_644),
    uint32(offset),
    Buffer.from(name),
  ]);

function uint16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeUInt16LE(value);
  return buffer;
}

function uint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value >>> 0);
  return buffer;
}
