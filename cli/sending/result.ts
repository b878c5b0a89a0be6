import { z } from 'zod';
import { type ApiError, apiErrorOf } from '../api/apiAnswer';
import type { ReadableEntry } from '../people/people';
import { type Warning, warningsSchema } from './warnings';

/** What became of one person of a file. `given`: everything that the API said of them. */
export type Result = { entry: ReadableEntry; given: object } &
  // An app of many entries answers with the id alone.
  (
    | { type: 'requested' | 'alreadyOpen'; id: string; status?: string; warnings: Warning[] }
    | { type: 'refused'; error: ApiError }
  );

const invitationSchema = z.looseObject({ id: z.string(), status: z.string(), warnings: warningsSchema });

const resultSchema = z.looseObject({
  status: z.number(),
  index: z.number().int().nonnegative().optional(),
  id: z.string().optional(),
  warnings: warningsSchema,
  invitation: invitationSchema.optional(),
});

/** What an answer says of one person. */
export type ApiResult = z.output<typeof resultSchema>;

const batchSchema = z.looseObject({ value: z.array(resultSchema) });

/** The results of POST /invitations/bulk, or of a share with several recipients; undefined for any other answer. */
export const batchOf = (body: unknown): ApiResult[] | undefined => batchSchema.safeParse(body).data?.value;

export function resultOf(entry: ReadableEntry, given: ApiResult): Result {
  const { status, invitation } = given;
  const id = invitation?.id ?? given.id;
  if (status < 300 && id !== undefined) {
    const type = status === 200 ? 'alreadyOpen' : 'requested';
    const warnings = invitation?.warnings ?? given.warnings;
    return { entry, given, type, id, warnings, ...(invitation ? { status: invitation.status } : {}) };
  }
  const nothing = { code: `status${status}`, message: `The app answered ${status} without a reason.` };
  return { entry, given, type: 'refused', error: apiErrorOf(given) ?? nothing };
}

/** The answer to one POST /invitations. */
export const resultOfAnswer = (entry: ReadableEntry, status: number, body: unknown): Result =>
  resultOf(
    entry,
    status < 300
      ? { status, warnings: [], invitation: invitationSchema.parse(body) }
      : { ...(body as object), status, warnings: [] },
  );
