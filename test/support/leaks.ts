/** A text and where it was found. */
export interface Evidence {
  where: string;
  text: string;
  /** Callers may read addresses in their own answers, and the invitation's entity holds its request. */
  mayHoldAddresses?: boolean;
}

export interface Canaries {
  tickets: string[];
  addresses: string[];
}

export interface Leak {
  where: string;
  what: 'ticket' | 'address';
  canary: string;
}

/** Enough of a ticket to tell it from chance; a log may cut the rest off. */
const TICKET_PART = 16;

/**
 * Where a canary is to be read in the evidence: as it is, percent-encoded up to twice, in JSON escapes, in base64, and
 * these inside one another; an address also as the user principal name that Graph makes of it.
 */
export function findLeaks(evidence: Evidence[], { tickets, addresses }: Canaries): Leak[] {
  const parts = tickets.map((ticket) => ({ canary: ticket, text: ticket.slice(0, TICKET_PART) }));
  const names = addresses.flatMap((address) => [
    { canary: address, text: address.toLowerCase() },
    { canary: address, text: address.toLowerCase().replace('@', '_') },
  ]);
  return evidence.flatMap(({ where, text, mayHoldAddresses = false }) => {
    const forms = [...formsOf(text)];
    const small = mayHoldAddresses ? [] : forms.map((form) => form.toLowerCase());
    const leaks: Leak[] = [
      ...parts
        .filter((part) => forms.some((form) => form.includes(part.text)))
        .map(({ canary }) => ({ where, what: 'ticket' as const, canary })),
      ...names
        .filter((name) => small.some((form) => form.includes(name.text)))
        .map(({ canary }) => ({ where, what: 'address' as const, canary })),
    ];
    return leaks;
  });
}

const MOST_LAYERS = 3;

/** The text and what is left of it when up to three layers of encoding are taken off. */
function formsOf(text: string): Set<string> {
  const forms = new Set([text]);
  let last = [text];
  for (let layer = 0; layer < MOST_LAYERS; layer += 1) {
    last = last
      .flatMap((form) => [percentDecoded(form), jsonUnescaped(form), ...base64Decoded(form)])
      .filter((form) => !forms.has(form));
    for (const form of last) forms.add(form);
  }
  return forms;
}

/** Byte by byte, so that one escape that is none does not hide the others. */
const percentDecoded = (text: string): string =>
  text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => Buffer.from(escapes.replaceAll('%', ''), 'hex').toString());

const jsonUnescaped = (text: string): string =>
  text.replace(/\\(?:u([0-9a-f]{4})|(["\\/]))/gi, (_, hex: string | undefined, character: string) =>
    hex === undefined ? character : String.fromCharCode(parseInt(hex, 16)),
  );

/** What looks like base64 of a few words or more, in the usual and the URL alphabet. */
const base64Decoded = (text: string): string[] =>
  [...text.matchAll(/[A-Za-z0-9+/_-]{20,}/g)].map(([found]) => Buffer.from(found, 'base64').toString());
