import { randomBytes, randomUUID } from 'node:crypto';
import { toGraphDateTime, tooManyRequests, type Answer, type Call } from './answers';
import { parseInviteRequest, type InviteRequest } from './driveItemRequest';
import { itemRoute } from './itemRoute';
import { toPermission } from './permissions';
import { parseJson } from './preconditions';
import { resolveRecipients, type Sharee } from './recipients';
import { makeShareUrl } from './redeemUrl';
import type { Route } from './route';
import type { Share } from './shares';
import type { Simulation } from './simulation';
import { admit } from './throttle';

/**
 * `POST …/invite` of a driveItem: https://learn.microsoft.com/graph/api/driveitem-invite
 *
 * 200 with a permission for each recipient, or 207 when the mail to one of them failed (`behaviour.sharingMailsFail`).
 * Sharing an item with the same person again keeps the permission's id and unites the roles, and mails again if asked to.
 */
export const driveItemInviteRoutes: Route[] = [
  itemRoute({
    method: 'POST',
    suffix: '/invite',
    permissions: ['Files.ReadWrite.All', 'Sites.ReadWrite.All', 'Sites.Selected'],
    throttledAs: 'sharing',
    answer: invite,
  }),
];

function invite(simulation: Simulation, call: Call, itemPath: string): Answer {
  const json = parseJson(call);
  if (json.type === 'invalid') return json.answer;
  const parsed = parseInviteRequest(json.body, simulation.now());
  if (parsed.type === 'invalid') return parsed.answer;
  const { request } = parsed;
  const resolved = resolveRecipients(simulation, request.recipients);
  if (resolved.type === 'refused') return resolved.answer;
  const { sharees } = resolved;
  const throttled = request.sendInvitation === true ? refuseMails(simulation, sharees.length) : undefined;
  if (throttled) return throttled;

  const shares = sharees.map((sharee) => makeShare(simulation, itemPath, request, sharee));
  if (isLost(simulation)) return answer(simulation, call, shares.map(toPermission));
  for (const share of shares) simulation.shares.put(share);
  return answer(
    simulation,
    call,
    shares.map((share) => ({ ...toPermission(share), ...notify(simulation, call, request, share) })),
  );
}

const answer = ({ baseUrl }: Simulation, { version }: Call, value: object[]): Answer => ({
  status: value.some((permission) => 'error' in permission) ? 207 : 200,
  body: { '@odata.context': `${baseUrl}/${version}/$metadata#Collection(microsoft.graph.permission)`, value },
});

function refuseMails({ behaviour, sharingBuckets, now }: Simulation, count: number): Answer | undefined {
  if (!behaviour.sharing || !sharingBuckets) return undefined;
  const admission = admit(sharingBuckets.mails, behaviour.sharing.mails, now(), { count });
  return admission.type === 'refused' ? tooManyRequests(admission.headers) : undefined;
}

/** What the person may do from now on; nothing is stored yet. */
function makeShare({ shares }: Simulation, itemPath: string, request: InviteRequest, { user, email }: Sharee): Share {
  const before = shares.of({ userId: user?.id, email }).find((share) => share.itemPath === itemPath);
  const { roles, requireSignIn, password, expirationDateTime } = request;
  const expiresAt = expirationDateTime ? toGraphDateTime(Date.parse(expirationDateTime)) : null;
  return {
    id: before?.id ?? Buffer.from(`i:0#.f|membership|${randomUUID()}`).toString('base64'),
    itemPath,
    shareId: before?.shareId ?? `s!${randomBytes(18).toString('base64url')}`,
    email,
    grantedTo: user ? { id: user.id, displayName: user.displayName } : (before?.grantedTo ?? null),
    roles: [...new Set([...(before?.roles ?? []), ...roles])],
    requireSignIn: requireSignIn ?? false,
    hasPassword: password ? true : (before?.hasPassword ?? false),
    expirationDateTime: expiresAt ?? before?.expirationDateTime ?? null,
    usedAt: before?.usedAt ?? null,
  };
}

/** A 200 has been reported without the permission being there. Such a call mails nobody. */
function isLost({ behaviour }: Simulation): boolean {
  if (behaviour.sharesLost === 0) return false;
  behaviour.sharesLost -= 1;
  return true;
}

/** As in the example of a partial success on the documented page: the permission is made, the notification failed. */
const MAIL_FAILED = {
  code: 'notAllowed',
  message: 'Account verification needed to unblock sending emails.',
  innererror: { code: 'accountVerificationRequired' },
};

/** Mails the person if that was asked for; the error that goes into the permission's answer when the mail fails. */
function notify(
  simulation: Simulation,
  { clientRequestId }: Call,
  { sendInvitation, message }: InviteRequest,
  { id, itemPath, email }: Share,
): { error?: typeof MAIL_FAILED } {
  if (sendInvitation !== true || email === null) return {};
  const { behaviour, tickets, mails, now } = simulation;
  if (behaviour.sharingMailsFail.some((address) => address.toLowerCase() === email.toLowerCase())) {
    return { error: MAIL_FAILED };
  }
  mails.push({
    kind: 'driveItem',
    to: email,
    cc: [],
    at: new Date(now()).toISOString(),
    itemPath,
    permissionId: id,
    message: message ?? null,
    redeemUrl: makeShareUrl(simulation, tickets.issue({ permissionId: id, email })),
    clientRequestId,
  });
  return {};
}
