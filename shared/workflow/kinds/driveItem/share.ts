import type { Invitation } from '../../../domain/invitation';
import { toMs } from '../../../domain/time';
import type { Shared } from '../../../graph/driveItem';
import type { GraphFault } from '../../../graph/faults';
import type { Attempt, GuestState } from '../../../graph/guest';
import type { SendAnswer } from '../kindVerbs';
import { isRedeemed, recordOf, requestOf } from './ofShare';
import type { DriveItemVerbsParts } from './parts';

/** Shares, and reads the permission back: a 200 has been seen without one. */
export async function share(
  invitation: Invitation,
  guest: GuestState | undefined,
  attempt: Attempt,
  parts: DriveItemVerbsParts,
): Promise<SendAnswer> {
  const { driveItem } = parts;
  const request = requestOf(invitation);
  const shared = await driveItem.share(request, attempt);
  if (shared.type === 'unmailed') {
    return { type: 'unmailed', graph: recordOf(shared.permission, guest), fault: shared.fault };
  }
  if (shared.type !== 'shared') return notKnownYet(shared, invitation, guest, parts);
  const read = await driveItem.readPermission(request.target, shared.permission.id);
  if (read.type === 'found' && !read.permission) return NOT_THERE;
  const permission = (read.type === 'found' ? read.permission : undefined) ?? shared.permission;
  return {
    type: 'sent',
    graph: recordOf(permission, guest),
    isRedeemed: isRedeemed(permission, guest),
    throttlePercentage: shared.throttlePercentage,
  };
}

const NOT_THERE: GraphFault = {
  type: 'unknown',
  fault: { code: 'permissionNotThere', message: 'Microsoft Graph answered 200, but the permission is not there.' },
};

/** SharePoint refuses a guest whom it does not know yet: within RESOLVE_AFTER that is a reason to wait. */
function notKnownYet(
  { status, ...fault }: Exclude<Shared, { type: 'shared' | 'unmailed' }>,
  { guestReadyAt }: Invitation,
  guest: GuestState | undefined,
  { policy, now }: Pick<DriveItemVerbsParts, 'policy' | 'now'>,
): GraphFault {
  const isFresh = [guestReadyAt, guest?.createdDateTime].some(
    (at) => at !== undefined && toMs(at) + policy.resolveAfterMs > toMs(now()),
  );
  return fault.type === 'refused' && isFresh && (status === 400 || status === 404)
    ? { type: 'later', fault: fault.fault, retryAfterMs: undefined }
    : fault;
}
