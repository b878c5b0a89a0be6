/** One request of a file, or a line that can't be understood. Lines count from 1, as editors do. */
export type Entry = { line: number; body: RequestBody } | { line: number; fault: string };

export type RequestBody = Record<string, unknown>;

export type ReadableEntry = Extract<Entry, { body: RequestBody }>;

export type UnreadableEntry = Exclude<Entry, ReadableEntry>;

export const isReadable = (entry: Entry): entry is ReadableEntry => 'body' in entry;

export interface People {
  /** What the file is called in messages. */
  name: string;
  /** False for an address on the command line. */
  isFile: boolean;
  /** From the first line on, each time anew: a file of any length is read as it is needed. Throws what keeps it from being read. */
  entries: () => AsyncIterable<Entry>;
}

/** Whom a request names, for people to recognise it. */
export function nameOf({ invitedUserEmailAddress, recipients, invitee }: RequestBody): string {
  const [recipient] = Array.isArray(recipients) ? (recipients as unknown[]) : [];
  const named: Record<string, unknown> = typeof recipient === 'object' && recipient !== null ? { ...recipient } : {};
  const names = [invitedUserEmailAddress, named['email'], named['alias'], named['objectId'], invitee];
  const others = Array.isArray(recipients) && recipients.length > 1 ? ` and ${recipients.length - 1} more` : '';
  return (names.find((name) => typeof name === 'string') ?? '(nobody named)') + others;
}
