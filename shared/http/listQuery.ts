import { isDeepStrictEqual } from 'node:util';
import type { HttpRequest } from '@azure/functions';
import { z } from 'zod';
import { normalFormOf } from '../domain/emailAddress';
import { personHash } from '../domain/ids';
import { STATUSES } from '../domain/invitation';
import type { InvitationFilter } from '../domain/invitationFilter';
import { KINDS } from '../domain/request';
import { emailAddress, instant, line } from '../domain/requestFields';
import type { ListPosition } from '../tables/lists';
import { type ErrorAnswer, type ErrorDetail, errorAnswer } from './errors';
import type { ListTokens } from './listToken';

export const DEFAULT_PAGE_SIZE = 50;
export const MOST_PAGE_SIZE = 1000;

const oneOf = <const T extends readonly string[]>(values: T) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` });

/** In a query + means a space: in an instant it can only have been the sign of the offset. */
const queryInstant = z.preprocess(
  (value) => (typeof value === 'string' ? value.replace(/ (?=\d\d:\d\d$)/, '+') : value),
  instant,
);

/** The parameters of GET /invitations, as the query's text holds them. */
export const listParametersSchema = z.strictObject({
  status: oneOf(STATUSES).optional(),
  kind: oneOf(KINDS).optional(),
  email: emailAddress.optional(),
  source: line(64).optional(),
  externalId: line(256).optional(),
  createdAfter: queryInstant.optional(),
  createdBefore: queryInstant.optional(),
  maxpagesize: z
    .string()
    .refine((text) => /^[1-9]\d{0,3}$/.test(text) && Number(text) <= MOST_PAGE_SIZE, {
      error: `must be a whole number from 1 to ${MOST_PAGE_SIZE}`,
    })
    .transform(Number)
    .optional(),
  skiptoken: z.string().max(8192).optional(),
});

type ListParameters = z.output<typeof listParametersSchema>;

export interface ListQuery {
  filter: InvitationFilter;
  pageSize: number;
  /** Whether the size is what a Prefer header asked for. */
  isPreferred: boolean;
  from?: ListPosition;
}

export type ReadListQuery = { ok: true; query: ListQuery } | { ok: false; answer: ErrorAnswer };

/** The function key of the call, which the host has looked at already. */
const NOT_OURS = new Set(['code']);

/**
 * Understands the query of GET /invitations: 400 with every fault in `details`. A token brings its filter along; filters
 * beside it must be the same.
 */
export function readListQuery(request: HttpRequest, hashKey: string, tokens: ListTokens): ReadListQuery {
  // Not `request.query`, where the host has joined what is given more than once with commas.
  const given = [...new URL(request.url).searchParams].filter(([name]) => !NOT_OURS.has(name));
  const names = given.map(([name]) => name);
  const repeated = [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
  const parsed = listParametersSchema.safeParse(Object.fromEntries(given));
  const faults = [
    ...(parsed.error?.issues ?? []).flatMap(faultsOf),
    ...repeated.map((name) => ({ code: 'repeatedParameter', ...named(name, 'is given more than once: give it once') })),
    ...(parsed.success ? faultsBetween(parsed.data) : []),
  ];
  if (!parsed.success || faults.length > 0) return refuse(faults);

  const asked = filterOf(parsed.data, hashKey);
  const place = placeOf(parsed.data.skiptoken, asked, tokens);
  if (!place.ok) return refuse([place.fault]);
  const preferred = preferredSize(request.headers.get('prefer'));
  const isPreferred = parsed.data.maxpagesize === undefined && preferred !== undefined;
  const pageSize = parsed.data.maxpagesize ?? preferred ?? DEFAULT_PAGE_SIZE;
  const { filter, from } = place;
  return { ok: true, query: { filter, pageSize, isPreferred, ...(from ? { from } : {}) } };
}

const refuse = (details: ErrorDetail[]): ReadListQuery => ({
  ok: false,
  answer: errorAnswer(400, 'invalidRequest', 'The query is not valid; details names every fault.', { details }),
});

type Place = { ok: true; filter: InvitationFilter; from?: ListPosition } | { ok: false; fault: ErrorDetail };

function placeOf(token: string | undefined, asked: InvitationFilter, tokens: ListTokens): Place {
  if (token === undefined) return { ok: true, filter: asked };
  const place = tokens.open(token);
  if (!place) {
    const why = 'is not one that this list gave you, or was changed: follow nextLink as it is, or start without it';
    return { ok: false, fault: { code: 'invalidSkipToken', ...named('skiptoken', why) } };
  }
  if (Object.keys(asked).length > 0 && !isDeepStrictEqual(asked, place.filter)) {
    const why = 'belongs to a list with other filters: leave filters out beside it, as nextLink does';
    return { ok: false, fault: { code: 'invalidSkipToken', ...named('skiptoken', why) } };
  }
  return { ok: true, ...place };
}

/** An address becomes the hash that its invitations are found by; it goes no further than here. */
function filterOf(parameters: ListParameters, hashKey: string): InvitationFilter {
  const { status, kind, email, source, externalId, createdAfter, createdBefore } = parameters;
  return {
    ...(status === undefined ? {} : { status }),
    ...(kind === undefined ? {} : { kind }),
    ...(email === undefined ? {} : { person: personHash(hashKey, normalFormOf(email).normalised) }),
    ...(source === undefined ? {} : { source }),
    ...(externalId === undefined ? {} : { externalId }),
    ...(createdAfter === undefined ? {} : { createdAfter }),
    ...(createdBefore === undefined ? {} : { createdBefore }),
  };
}

/** `odata.maxpagesize` of a Prefer header (RFC 7240): a wish, so it is cut to what is possible, and ignored if unreadable. */
function preferredSize(prefer: string | null): number | undefined {
  const size = /(?:^|[,;\s])(?:odata\.)?maxpagesize\s*=\s*"?(\d{1,9})"?\s*(?:$|[,;])/i.exec(prefer ?? '')?.[1];
  return size === undefined || Number(size) === 0 ? undefined : Math.min(Number(size), MOST_PAGE_SIZE);
}

/** What is no name of ours is not repeated: it may hold whatever a caller was made to send. */
const named = (name: string, why: string): Pick<ErrorDetail, 'target' | 'message'> => {
  const target = /^[\w.$-]{1,64}$/.test(name) ? name : '(no name)';
  return { target, message: `${target} ${why}.` };
};

const PARAMETERS = Object.keys(listParametersSchema.shape);

function faultsOf(issue: z.core.$ZodIssue): ErrorDetail[] {
  if (issue.code === 'unrecognized_keys') {
    const why = `is no parameter of this list, which takes ${PARAMETERS.join(', ')}`;
    return issue.keys.map((name) => ({ code: 'unknownParameter', ...named(name, why) }));
  }
  const name = String(issue.path[0]);
  return [{ code: 'invalidValue', ...named(name, sentence(issue.message)) }];
}

/** A custom check already says what must be; the schema's own sentences get the same beginning. */
const sentence = (message: string): string =>
  /^(must|is|has|holds|begins)\b/.test(message) ? message.replace(/\.$/, '') : `is not valid: ${message}`;

function faultsBetween({ createdAfter, createdBefore }: ListParameters): ErrorDetail[] {
  if (createdAfter === undefined || createdBefore === undefined || createdAfter < createdBefore) return [];
  return [{ code: 'invalidValue', ...named('createdBefore', 'must lie after createdAfter') }];
}
