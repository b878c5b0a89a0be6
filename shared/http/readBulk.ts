import type { HttpRequest } from '@azure/functions';
import { MOST_IN_BULK, sizeOf } from '../domain/bulkEntry';
import { type ReadEntries, readCsv, tooManyEntries } from './bulkCsv';
import { type ErrorAnswer, type ErrorDetail, errorAnswer, invalidRequest } from './errors';
import { readJson } from './readJson';

export const MOST_BULK_BYTES = 1024 * 1024;

const refuse = (answer: ErrorAnswer): ReadEntries => ({ ok: false, answer });

/**
 * Reads the entries of a bulk request: `{"invitations":[…]}` or text/csv. 415 for another content type, 413 over 1 MiB or
 * 1,000 entries, 400 for what can't be read as a whole; what is wrong with one entry is told of that one.
 */
export async function readBulk(request: HttpRequest): Promise<ReadEntries> {
  const [type, ...parameters] = contentTypeOf(request);
  const isOfCsv = isCsv(request);
  if (!isOfCsv && !/^application\/([\w.+-]+\+)?json$/.test(type)) return refuse(UNSUPPORTED);
  const declared = Number(request.headers.get('content-length') ?? 0);
  if (declared > MOST_BULK_BYTES) return refuse(tooLarge(declared));
  if (isOfCsv) return readCsvBody(request, parameters);
  const json = await readJson(request, MOST_BULK_BYTES);
  return json.ok ? entriesIn(json.body) : json;
}

/** The media type, and its parameters. */
function contentTypeOf(request: HttpRequest): [string, ...string[]] {
  const [type = '', ...parameters] = (request.headers.get('content-type') ?? '').toLowerCase().split(/\s*;\s*/);
  return [type.trim(), ...parameters];
}

export const isCsv = (request: HttpRequest): boolean => contentTypeOf(request)[0] === 'text/csv';

const UNSUPPORTED = errorAnswer(
  415,
  'unsupportedMediaType',
  'The request has to say what it holds: Content-Type: application/json, or text/csv in UTF-8.',
);

const tooLarge = (bytes: number): ErrorAnswer =>
  errorAnswer(413, 'bodyTooLarge', `The body has ${bytes} bytes; ${MOST_BULK_BYTES} is the most.`);

async function readCsvBody(request: HttpRequest, parameters: string[]): Promise<ReadEntries> {
  const charset = parameters.find((each) => each.startsWith('charset='))?.slice('charset='.length);
  if (charset !== undefined && !/^"?(utf-?8|us-ascii)"?$/.test(charset.trim())) return refuse(UNSUPPORTED);
  const bytes = Buffer.from(await request.arrayBuffer());
  return bytes.length > MOST_BULK_BYTES ? refuse(tooLarge(bytes.length)) : readCsv(bytes);
}

function entriesIn(body: unknown): ReadEntries {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return refuse(invalidRequest([NO_OBJECT]));
  const { invitations, ...others } = body as Record<string, unknown>;
  const faults = Object.keys(others).length > 0 ? [UNKNOWN] : [];
  if (!Array.isArray(invitations)) return refuse(invalidRequest([NO_LIST, ...faults]));
  if (faults.length > 0) return refuse(invalidRequest(faults));
  const size = invitations.reduce((sum: number, entry: unknown) => sum + sizeOf(entry), 0);
  if (size > MOST_IN_BULK) return refuse(tooManyEntries());
  return { ok: true, entries: invitations.map((entry: unknown) => ({ body: entry })) };
}

const NO_OBJECT: ErrorDetail = {
  code: 'invalidBody',
  target: 'body',
  message: 'The body must be a JSON object: {"invitations": [{"invitedUserEmailAddress": "…"}]}.',
};

const NO_LIST: ErrorDetail = {
  code: 'required',
  target: 'invitations',
  message: 'invitations is required: a list of what POST /invitations takes.',
};

const UNKNOWN: ErrorDetail = {
  code: 'unknownProperty',
  target: 'body',
  message: 'The body has properties beside invitations. What holds for every invitation stands in every one.',
};

export type ReadDryRun = { ok: true; isDry: boolean } | { ok: false; answer: ErrorAnswer };

/** `?dryRun=true`, in letters of either case. What is neither true nor false is refused: it may be meant to write nothing. */
export function readDryRun(request: HttpRequest): ReadDryRun {
  const given = [...request.query].flatMap(([name, value]) => (name.toLowerCase() === 'dryrun' ? value : []));
  const [value = 'false'] = given;
  if (given.length <= 1 && (value === 'true' || value === 'false')) return { ok: true, isDry: value === 'true' };
  return {
    ok: false,
    answer: invalidRequest([
      { code: 'invalidValue', target: 'dryRun', message: 'dryRun is true or false; left out it is false.' },
    ]),
  };
}
