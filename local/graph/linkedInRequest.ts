import { LosslessNumber } from 'lossless-json';
import { z } from 'zod';
import { withoutAnnotations } from './annotations';
import { badRequest, type Answer, type Call } from './answers';
import { parseJson, readExactJson } from './preconditions';

const LEAST = -(2n ** 63n);
const MOST = 2n ** 63n - 1n;

/** An Edm.Int64, written as a number or, as OData permits, as text; read digit by digit, for doubles end at 2^53. */
const int64 = z
  .union([z.instanceof(LosslessNumber).transform(({ value }) => value), z.string()])
  .pipe(z.string().regex(/^-?\d{1,19}$/))
  .transform(BigInt)
  .refine((value) => value >= LEAST && value <= MOST)
  .transform(String);

const optionalText = z.string().nullish();

const message = z.strictObject({
  invitationTemplateID: optionalText,
  invitationMessage: z.strictObject({ body: optionalText }).nullish(),
});

const properties = z.strictObject({
  id: optionalText,
  created: int64,
  lastModified: int64,
  inviter: z.string(),
  invitee: z.string(),
  message,
  trackingId: z.string(),
});

/** LinkedIn invitations as the state file holds them: an Int64 as its decimal digits. */
export const linkedInInvitationSchema = properties.extend({
  id: z.string(),
  created: z.string(),
  lastModified: z.string(),
});

/** The resource InvitationV2 of the reference pages. */
export type LinkedInInvitation = z.output<typeof linkedInInvitationSchema>;

const update = z.strictObject({
  id: optionalText,
  created: int64.exactOptional(),
  lastModified: int64.exactOptional(),
  inviter: z.string().exactOptional(),
  invitee: z.string().exactOptional(),
  message: message.exactOptional(),
  trackingId: z.string().exactOptional(),
});

type Parsed<T> = { type: 'valid'; invitation: T } | { type: 'invalid'; answer: Answer };

/** The body of `POST`, of which the page requires everything but the id. */
export const parseNewInvitation = (call: Call): Parsed<z.output<typeof properties>> => parseBody(call, properties);

/** The body of `PATCH`: what is to be changed. */
export const parseUpdate = (call: Call): Parsed<z.output<typeof update>> => parseBody(call, update);

function parseBody<T>(call: Call, schema: z.ZodType<T>): Parsed<T> {
  const json = parseJson(call, readExactJson);
  if (json.type === 'invalid') return json;
  const parsed = schema.safeParse(withoutAnnotations(json.body));
  return parsed.success
    ? { type: 'valid', invitation: parsed.data }
    : { type: 'invalid', answer: badRequest(describe(parsed.error)) };
}

function describe({ issues: [issue] }: z.ZodError): string {
  if (issue?.code === 'unrecognized_keys') {
    return `The property '${[...issue.path, issue.keys[0] ?? ''].join('/')}' does not exist on type 'microsoft.graph.InvitationV2'.`;
  }
  return `The value of '${issue?.path.join('/') ?? ''}' is missing or not of the expected type.`;
}
