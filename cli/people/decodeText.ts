import { usageFault } from '../cliFault';

const startsWith = (bytes: Buffer, ...start: number[]): boolean =>
  bytes.subarray(0, start.length).equals(Buffer.from(start));

/** Text of a file in UTF-8, or UTF-16 with its mark, as spreadsheets save it; throws for what is no text, saying what to do. */
export function decodeText(bytes: Buffer, name: string): string {
  if (bytes.length === 0) throw usageFault(`${name} is empty.`);
  if (startsWith(bytes, 0x50, 0x4b, 3, 4) || startsWith(bytes, 0xd0, 0xcf, 0x11, 0xe0)) {
    throw usageFault(`${name} is a workbook or an archive. Save the sheet as "CSV UTF-8" and send that.`);
  }
  if (startsWith(bytes, 0xff, 0xfe)) return new TextDecoder('utf-16le').decode(bytes);
  if (startsWith(bytes, 0xfe, 0xff)) return new TextDecoder('utf-16be').decode(bytes);
  if (bytes.includes(0)) throw usageFault(`${name} is a binary file. Give a CSV or JSON file.`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw usageFault(`${name} is not UTF-8 text. Save it as "CSV UTF-8": else names with accents would go out wrong.`);
  }
  if (text.trim() === '') throw usageFault(`${name} is empty.`);
  return text;
}
