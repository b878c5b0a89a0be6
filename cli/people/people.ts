/** One request of a file, or a line that can't be understood. Lines count from 1, as editors do. */
export type Entry = { line: number; body: RequestBody } | { line: number; fault: string };

export type RequestBody = Record<string, unknown>;

export type ReadableEntry = Extract<Entry, { body: RequestBody }>;

export const isReadable = (entry: Entry): entry is ReadableEntry => 'body' in entry;

export interface People {
  /** What the file is called in messages. */
  name: string;
  entries: Entry[];
  /** SHA-256 of the bytes; undefined for an address on the command line. */
  digest?: string;
}

/** Whom a request names, for people to recognise it. */
export function nameOf({ invitedUserEmailAddress, recipients, invitee }: RequestBody): string {
  const [recipient] = Array.isArray(recipients) ? (recipients as unknown[]) : [];
  const named: Record<string, unknown> = typeof recipient === 'object' && recipient !== null ? { ...recipient } : {};
  const names = [invitedUserEmailAddress, named['email'], named['alias'], named['objectId'], invitee];
  const others = Array.isArray(recipients) && recipients.length > 1 ? ` and ${recipients.length - 1} more` : '';
  return (names.find((name) => typeof name === 'string') ?? '(nobody named)') + others;
}
