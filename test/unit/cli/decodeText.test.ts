import { decodeText } from '../../../cli/people/decodeText';

describe('decodeText', () => {
  it.each([
    ['UTF-8', Buffer.from('Müller')],
    ['UTF-8 with its mark', Buffer.from('\ufeffMüller')],
    ['UTF-16, as “Unicode text” of a spreadsheet', Buffer.from('\ufeffMüller', 'utf16le')],
    ['UTF-16 the other way', Buffer.from('\ufeffMüller', 'utf16le').swap16()],
  ])('reads %s', (_, bytes) => {
    expect(decodeText(bytes, 'f')).toBe('Müller');
  });

  it.each([
    ['nothing', Buffer.alloc(0), 'f is empty.'],
    ['spaces alone', Buffer.from(' \r\n\t'), 'f is empty.'],
    ['a workbook', Buffer.from('PK\u0003\u0004…'), 'f is a workbook or an archive. Save the sheet as "CSV UTF-8"'],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1]), 'f is a binary file.'],
    ['Windows-1252', Buffer.from('M\u00fcller', 'latin1'), 'f is not UTF-8 text. Save it as "CSV UTF-8"'],
  ])('refuses %s, saying what to do', (_, bytes, message) => {
    expect(() => decodeText(bytes, 'f')).toThrow(message);
  });
});
