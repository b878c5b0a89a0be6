import {
  type AskedInvitation,
  type OnDuplicate,
  type RequestFault,
  type RequestRules,
  parseRequest,
} from './parseRequest';

/** The most invitations that one call makes. */
export const MOST_IN_BULK = 1000;

/** One entry of a bulk request as it came. */
export interface BulkEntry {
  body: unknown;
  /** Of a CSV: the line that it begins on, from 1. */
  line?: number;
  /** What was wrong before it could be understood. */
  faults?: RequestFault[];
}

/** Where a result belongs: the entry by its number from 0, and the person where the entry names several. */
export interface Place {
  index: number;
  line?: number;
  recipient?: number;
}

/** One invitation that was asked for, or an entry that can't be understood, with how many it would have asked for. */
export type BulkItem = Place & {
  /** Among all that the call could ask for: the same for the same call whatever the settings say. */
  position: number;
} & ({ asked: AskedInvitation; onDuplicate: OnDuplicate } | { faults: RequestFault[]; size: number });

/** How many invitations an entry counts for: one for each recipient that it names. */
export function sizeOf(body: unknown): number {
  const recipients: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'recipients') : undefined;
  return Array.isArray(recipients) ? Math.max(1, recipients.length) : 1;
}

/** Understands every entry by itself, as POST /api/invitations would. */
export function itemsOf(entries: BulkEntry[], rules: RequestRules): BulkItem[] {
  let position = 0;
  return entries.flatMap(({ body, line, faults }, index): BulkItem[] => {
    const at = { index, ...(line === undefined ? {} : { line }) };
    const from = position;
    const size = sizeOf(body);
    position += size;
    if (faults) return [{ ...at, position: from, faults, size }];
    const parsed = parseRequest(body, rules);
    if (!parsed.ok) return [{ ...at, position: from, faults: parsed.faults, size }];
    const { asked, onDuplicate } = parsed;
    return asked.map((each, recipient) => ({
      ...at,
      ...(asked.length === 1 ? {} : { recipient }),
      position: from + recipient,
      asked: each,
      onDuplicate,
    }));
  });
}

export const placeOf = ({ index, line, recipient }: BulkItem): Place => ({
  index,
  ...(line === undefined ? {} : { line }),
  ...(recipient === undefined ? {} : { recipient }),
});
