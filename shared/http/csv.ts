/** A cell that begins with one of these is a formula to spreadsheets, the full-width ones to some. */
const FORMULA = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

/**
 * CSV by RFC 4180: a header line, CRLF, quotes where they are needed. A text that a spreadsheet would take for a formula
 * gets a ' in front (https://owasp.org/www-community/attacks/CSV_Injection), so reading it back needs that taken off.
 */
export const csvOf = (header: string[], rows: string[][]): string =>
  [header, ...rows].map((cells) => `${cells.map(cellOf).join(',')}\r\n`).join('');

function cellOf(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
