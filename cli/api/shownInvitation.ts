import { z } from 'zod';
import { STATUSES } from '../../shared/domain/invitation';
import { KINDS } from '../../shared/domain/request';

const address = z.object({
  email: z.string().optional(),
  objectId: z.string().optional(),
  alias: z.string().optional(),
});

const schema = z.looseObject({
  id: z.string(),
  status: z.enum(STATUSES),
  createdAt: z.string(),
  kind: z.enum(KINDS).optional(),
  invitedUserEmailAddress: z.string().optional(),
  invitedUserDisplayName: z.string().optional(),
  recipients: z.array(address).optional(),
  invitee: z.string().optional(),
  target: z.string().optional(),
  nextAt: z.string().optional(),
  expiresAt: z.string().optional(),
  acceptedAt: z.string().optional(),
  closedAt: z.string().optional(),
  source: z.string().optional(),
  externalId: z.string().optional(),
  sends: z.array(z.object({ cause: z.string(), status: z.string(), at: z.string() })).default([]),
  history: z
    .array(
      z.object({
        at: z.string(),
        what: z.string(),
        by: z.string(),
        detail: z.string().optional(),
        times: z.number().optional(),
      }),
    )
    .default([]),
  warnings: z.array(z.object({ code: z.string(), message: z.string() })).default([]),
  fault: z.object({ code: z.string(), message: z.string() }).optional(),
  guest: z.object({ message: z.string() }).optional(),
});

/** An invitation as far as people are shown it. */
export type ShownInvitation = z.output<typeof schema>;

/** `raw`: everything that the API said, for programs. */
export interface GivenInvitation {
  shown: ShownInvitation;
  raw: object;
}

/** Undefined for what is no invitation. */
export function invitationOf(body: unknown): GivenInvitation | undefined {
  const parsed = schema.safeParse(body);
  return parsed.success ? { shown: parsed.data, raw: body as object } : undefined;
}

/** Whom an invitation invites, as it names them. */
export function personOf({ invitedUserEmailAddress, recipients, invitee }: ShownInvitation): string {
  const [recipient] = recipients ?? [];
  return (
    invitedUserEmailAddress ?? recipient?.email ?? recipient?.alias ?? recipient?.objectId ?? invitee ?? '(erased)'
  );
}
