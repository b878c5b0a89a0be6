import { crc32, inflateRawSync } from 'node:zlib';
import { zipOf } from '../../../../tools/package/zip';

const HEADER = 30;
const DIRECTORY_ENTRY = 46;
const END = 22;

/** Reads an archive the way unzip does: from its end to the directory, and from there to each file. */
function unzip(zip: Buffer) {
  const end = zip.length - END;
  expect(zip.readUInt32LE(end)).toBe(0x06054b50);
  let at = zip.readUInt32LE(end + 16);
  const files = [];
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    expect(zip.readUInt32LE(at)).toBe(0x02014b50);
    const nameLength = zip.readUInt16LE(at + 28);
    const name = zip.toString('utf8', at + DIRECTORY_ENTRY, at + DIRECTORY_ENTRY + nameLength);
    const from = zip.readUInt32LE(at + 42);
    expect(zip.readUInt32LE(from)).toBe(0x04034b50);
    expect(zip.toString('utf8', from + HEADER, from + HEADER + nameLength)).toBe(name);
    const start = from + HEADER + nameLength;
    const data = inflateRawSync(zip.subarray(start, start + zip.readUInt32LE(at + 20)));
    expect(data.length).toBe(zip.readUInt32LE(at + 24));
    expect(crc32(data)).toBe(zip.readUInt32LE(at + 16));
    files.push({ name, text: data.toString(), mode: zip.readUInt32LE(at + 38) >>> 16 });
    at += DIRECTORY_ENTRY + nameLength;
  }
  expect(at).toBe(end);
  return files;
}

it('gives back names and contents, sorted by name, readable by all', () => {
  const zip = zipOf([
    { name: 'packages/zod.js', data: Buffer.from('z'.repeat(10_000)) },
    { name: 'host.json', data: Buffer.from('{}') },
    { name: 'empty', data: Buffer.alloc(0) },
    { name: 'größe.txt', data: Buffer.from('ö') },
  ]);
  expect(zip.length).toBeLessThan(700);
  expect(unzip(zip)).toEqual([
    { name: 'empty', text: '', mode: 0o100644 },
    { name: 'größe.txt', text: 'ö', mode: 0o100644 },
    { name: 'host.json', text: '{}', mode: 0o100644 },
    { name: 'packages/zod.js', text: 'z'.repeat(10_000), mode: 0o100644 },
  ]);
});

it('gives the same bytes in whatever order the files come', () => {
  const a = { name: 'a', data: Buffer.from('1') };
  const b = { name: 'b', data: Buffer.from('2') };
  expect(zipOf([a, b]).equals(zipOf([b, a]))).toBe(true);
});
