import { z } from 'zod';
import { text } from './requestFields';
import type { RequestFault } from './requestRules';
import { schemaFaults } from './schemaFaults';

export const commentSchema = z.strictObject({ comment: text(1000).optional() });

export type ParsedComment = { ok: true; comment: string | undefined } | { ok: false; faults: RequestFault[] };

/** The body of approve and reject. */
export function parseComment(body: unknown): ParsedComment {
  const parsed = commentSchema.safeParse(body, { reportInput: true });
  return parsed.success
    ? { ok: true, comment: parsed.data.comment }
    : { ok: false, faults: schemaFaults(parsed.error.issues) };
}
