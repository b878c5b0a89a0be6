import { usageFault } from '../cliFault';

const startsWith = (bytes: Buffer, ...start: number[]): boolean =>
  bytes.subarray(0, start.length).equals(Buffer.from(start));

/**
 * Text of a file in UTF-8, or UTF-16 with its mark, as spreadsheets save it, piece by piece; throws for what is no text,
 * saying what to do. The first piece holds the mark, if there is one.
 */
export async function* decodeText(pieces: AsyncIterable<Buffer>, name: string): AsyncGenerator<string, void> {
  let decode: ((bytes?: Buffer) => string) | undefined;
  let isBlank = true;
  for await (const bytes of pieces) {
    if (bytes.length === 0) continue;
    decode ??= decoderFor(bytes, name);
    const text = decode(bytes);
    isBlank &&= text.trim() === '';
    yield text;
  }
  if (decode) yield decode();
  if (isBlank) throw usageFault(`${name} is empty.`);
}

/** Without an argument the decoder is told that this was all: a character may be cut off. */
function decoderFor(start: Buffer, name: string): (bytes?: Buffer) => string {
  if (startsWith(start, 0x50, 0x4b, 3, 4) || startsWith(start, 0xd0, 0xcf, 0x11, 0xe0)) {
    throw usageFault(`${name} is a workbook or an archive. Save the sheet as "CSV UTF-8" and send that.`);
  }
  if (startsWith(start, 0xff, 0xfe)) return streaming(new TextDecoder('utf-16le'));
  if (startsWith(start, 0xfe, 0xff)) return streaming(new TextDecoder('utf-16be'));
  const decode = streaming(new TextDecoder('utf-8', { fatal: true }));
  return (bytes) => {
    if (bytes?.includes(0)) throw usageFault(`${name} is a binary file. Give a CSV or JSON file.`);
    try {
      return decode(bytes);
    } catch {
      throw usageFault(
        `${name} is not UTF-8 text. Save it as "CSV UTF-8": else names with accents would go out wrong.`,
      );
    }
  };
}

const streaming =
  (decoder: InstanceType<typeof TextDecoder>) =>
  (bytes?: Buffer): string =>
    decoder.decode(bytes, { stream: bytes !== undefined });
