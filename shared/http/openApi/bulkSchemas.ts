import { z } from 'zod';
import { MOST_IN_BULK } from '../../domain/bulkEntry';
import { driveItemBodySchema } from '../../domain/driveItemRequest';
import { guestBodySchema } from '../../domain/guestRequest';
import { STATUSES } from '../../domain/invitation';
import { linkedInBodySchema } from '../../domain/linkedInRequest';
import { errorBody } from './answerSchemas';
import { instant, warning } from './invitationSchemas';

/** What one invitation is asked for with. */
export const invitationRequest = z.union([guestBodySchema, driveItemBodySchema, linkedInBodySchema]);

/** An entry that is not valid is refused alone, so it is only described here and judged one by one. */
export const bulkRequest = z.strictObject({ invitations: z.array(invitationRequest).max(MOST_IN_BULK) });

const place = {
  index: z.int().min(0),
  line: z.int().min(1).optional(),
  recipient: z.int().min(0).optional(),
};

const counts = { accepted: z.int().min(0), alreadyInvited: z.int().min(0), refused: z.int().min(0) };

const located = { ...place, id: z.uuid(), location: z.url(), warnings: z.array(warning).optional() };

/** With what the entry would have been answered alone. */
export const refusedEntry = z.strictObject({
  ...place,
  status: z.int().min(400).max(499),
  retryAfter: z.int().min(1).optional(),
  error: errorBody,
});

export const bulkResult = z.strictObject({
  batchId: z.uuid(),
  ...counts,
  value: z.array(z.union([z.strictObject({ ...located, status: z.literal([200, 202]) }), refusedEntry])),
});

/** When things would happen. */
const plan = z.strictObject({
  status: z.enum(STATUSES),
  sendAt: instant.optional(),
  reminders: z.array(instant).optional(),
  expiresAt: instant.optional(),
  approvalExpiresAt: instant.optional(),
});

export const bulkForeseen = z.strictObject({
  dryRun: z.literal(true),
  ...counts,
  value: z.array(
    z.union([
      z.strictObject({
        ...place,
        status: z.literal(202),
        invitation: plan,
        warnings: z.array(warning).optional(),
      }),
      z.strictObject({ ...located, status: z.literal(200) }),
      z.strictObject({ ...place, status: z.literal([200, 409]), sameAs: z.strictObject(place) }),
      refusedEntry,
    ]),
  ),
});
