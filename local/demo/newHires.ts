import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';

/** A line of the file; the columns are named as the API names the same things. */
export interface NewHire {
  externalId: string;
  invitedUserEmailAddress: string;
  invitedUserDisplayName: string;
  messageLanguage: string;
}

const text = z.string().min(1);
const lines = z.array(
  z.strictObject({
    externalId: text,
    invitedUserEmailAddress: text,
    invitedUserDisplayName: text,
    messageLanguage: text,
  }),
);

/** Reads the file, in its order. An address is taken as it stands: whether it is one is the workflow's to say. */
export function readNewHires(path: string): NewHire[] {
  return lines.parse(parse(readFileSync(path), { columns: true, bom: true, trim: true, skip_empty_lines: true }));
}
