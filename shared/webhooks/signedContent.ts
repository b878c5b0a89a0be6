/** A part of what a sender signs: text as it stands, the body's bytes, the timestamp, or a header, as they were sent. */
type Part =
  { type: 'text'; text: string } | { type: 'body' } | { type: 'timestamp' } | { type: 'header'; header: string };

/**
 * How the signed bytes are put together, from a template such as `{header:webhook-id}.{timestamp}.{body}`. Whatever
 * stands outside braces stands for itself.
 */
export type SignedContent = Part[];

const PLACEHOLDER = /\{(body|timestamp|header:([\w-]+))\}/g;

/** Gives the template's parts, or a sentence that says what is wrong with it. */
export function parseSignedContent(template: string): SignedContent | string {
  const parts: Part[] = [];
  let from = 0;
  for (const match of template.matchAll(PLACEHOLDER)) {
    if (match.index > from) parts.push({ type: 'text', text: template.slice(from, match.index) });
    const [all, name, header] = match;
    if (name === 'body' || name === 'timestamp') parts.push({ type: name });
    else if (header !== undefined) parts.push({ type: 'header', header: header.toLowerCase() });
    from = match.index + all.length;
  }
  if (from < template.length) parts.push({ type: 'text', text: template.slice(from) });
  if (parts.some((part) => part.type === 'text' && /[{}]/.test(part.text))) {
    return 'must hold no braces but {body}, {timestamp} and {header:NAME}';
  }
  if (parts.filter(({ type }) => type === 'body').length !== 1) return 'must name {body} once';
  return parts;
}

export const isTimestampSigned = (content: SignedContent): boolean => content.some(({ type }) => type === 'timestamp');

export const isHeaderSigned = (content: SignedContent, header: string): boolean =>
  content.some((part) => part.type === 'header' && part.header === header.toLowerCase());

/** The signed bytes of a request; undefined when a header that belongs to them is missing. */
export function signedBytes(
  content: SignedContent,
  request: { headers: Pick<Headers, 'get'>; rawBody: Uint8Array; timestamp: string | undefined },
): Uint8Array[] | undefined {
  const bytes = content.map((part) => {
    if (part.type === 'body') return request.rawBody;
    const text = textOf(part, request);
    return text === undefined ? undefined : Buffer.from(text);
  });
  return bytes.every((part) => part !== undefined) ? bytes : undefined;
}

function textOf(
  part: Exclude<Part, { type: 'body' }>,
  { headers, timestamp }: { headers: Pick<Headers, 'get'>; timestamp: string | undefined },
): string | undefined {
  switch (part.type) {
    case 'text':
      return part.text;
    case 'timestamp':
      return timestamp;
    case 'header':
      return headers.get(part.header) ?? undefined;
  }
}
