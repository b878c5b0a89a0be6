import fc from 'fast-check';
import { decodeText } from '../../../cli/people/decodeText';
import { collect, cut, pieces } from '../../support/pieces';

const decoded = async (bytes: Buffer, size = bytes.length): Promise<string> =>
  (await collect(decodeText(size === 0 ? pieces() : cut(bytes, size), 'f'))).join('');

describe('decodeText', () => {
  it.each([
    ['UTF-8', Buffer.from('Müller')],
    ['UTF-8 with its mark', Buffer.from('\ufeffMüller')],
    ['UTF-16, as “Unicode text” of a spreadsheet', Buffer.from('\ufeffMüller', 'utf16le')],
    ['UTF-16 the other way', Buffer.from('\ufeffMüller', 'utf16le').swap16()],
  ])('reads %s', async (_, bytes) => {
    expect(await decoded(bytes)).toBe('Müller');
  });

  it.each([
    ['nothing', Buffer.alloc(0), 'f is empty.'],
    ['spaces alone', Buffer.from(' \r\n\t'), 'f is empty.'],
    ['a workbook', Buffer.from('PK\u0003\u0004…'), 'f is a workbook or an archive. Save the sheet as "CSV UTF-8"'],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1]), 'f is a binary file.'],
    ['Windows-1252', Buffer.from('M\u00fcller', 'latin1'), 'f is not UTF-8 text. Save it as "CSV UTF-8"'],
  ])('refuses %s, saying what to do', async (_, bytes, message) => {
    await expect(decoded(bytes)).rejects.toThrow(message);
  });

  it('refuses what turns out later to be no text', async () => {
    await expect(decoded(Buffer.from('ann\u0000bob'), 3)).rejects.toThrow('f is a binary file.');
    await expect(decoded(Buffer.from('ann M\u00fcller', 'latin1'), 3)).rejects.toThrow('f is not UTF-8 text.');
    await expect(decoded(Buffer.from('M\u00fc').subarray(0, 2), 2)).rejects.toThrow('f is not UTF-8 text.');
  });

  it('reads the same however it comes in pieces', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 }).filter((each) => !each.includes('\0'));
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 4, max: 9 }), async (each, size) => {
        const bytes = Buffer.from(`a${each}`);
        expect(await decoded(bytes, size)).toBe(bytes.toString());
        expect(await decoded(Buffer.from(`\ufeffa${each}`, 'utf16le'), size)).toBe(`a${each}`);
      }),
    );
  });
});
