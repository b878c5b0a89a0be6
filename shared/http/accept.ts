/**
 * Whether an Accept header (RFC 9110, section 12.5.1) likes CSV better than JSON; without a clear word it is JSON. Of
 * several ranges that match a type the most precise counts.
 */
export function prefersCsv(accept: string | null): boolean {
  const ranges = (accept ?? '').split(',').map(parseRange);
  return qualityOf('text', 'csv', ranges) > qualityOf('application', 'json', ranges);
}

interface MediaRange {
  type: string;
  quality: number;
}

function parseRange(text: string): MediaRange {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  const quality = weight === undefined ? 1 : Number(weight);
  return { type, quality: quality >= 0 && quality <= 1 ? quality : 0 };
}

function qualityOf(type: string, subtype: string, ranges: MediaRange[]): number {
  const byPrecision = [`${type}/${subtype}`, `${type}/*`, '*/*'];
  for (const wanted of byPrecision) {
    const found = ranges.find((range) => range.type === wanted);
    if (found) return found.quality;
  }
  return 0;
}
