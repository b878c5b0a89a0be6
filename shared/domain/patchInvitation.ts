import { z } from 'zod';
import { canonical } from './canonical';
import type { ConflictCode } from './conflict';
import type { Decision } from './decisions';
import { guestBodySchema, messageInfo } from './guestRequest';
import { entry } from './history';
import { type Invitation, phaseOf } from './invitation';
import { linkedInUpdate, withoutLinkedInTypes } from './linkedInRequest';
import { reminderDue } from './reminders';
import { type InvitationRequest, isMailed } from './request';
import { inRisingOrder } from './requestDefaults';
import { commonOptions, duration, instant, reminders, text } from './requestFields';
import { type RequestFault, type RequestRules, messageFaults } from './requestRules';
import { schemaFaults } from './schemaFaults';
import { without } from './states';
import { type Instant, addDuration } from './time';
import { transition } from './transition';

/** What of every kind may still change. Null takes away what may be left out of a request. */
const common = {
  notBefore: instant.nullish(),
  expireAfter: duration.optional(),
  reminders: reminders.optional(),
  externalId: commonOptions.externalId.nullable(),
  metadata: commonOptions.metadata.nullable(),
};

export const patchSchemas = {
  guest: z.strictObject({ ...common, invitedUserMessageInfo: guestBodySchema.shape.invitedUserMessageInfo }),
  driveItem: z.strictObject({ ...common, message: text(2000).nullish() }),
  linkedIn: z.strictObject({ ...common, ...linkedInUpdate }),
};

export type ParsedPatch = { ok: true; request: InvitationRequest } | { ok: false; faults: RequestFault[] };

/**
 * Understands the body of PATCH /api/invitations/{id} for an invitation: its message, reminders, expiry and date, and of a
 * LinkedIn invitation the properties of the page "Update invitations". Every fault is listed with its target. A new copy of
 * the mail is held to the same rules as one that was requested at first.
 */
export function parsePatch(body: unknown, { request, graph }: Invitation, rules: RequestRules): ParsedPatch {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return { ok: false, faults: [NO_OBJECT] };
  const normal = request.kind === 'linkedIn' ? withoutLinkedInTypes(body) : body;
  const parsed = patchSchemas[request.kind].safeParse(normal, { reportInput: true });
  if (!parsed.success) return { ok: false, faults: schemaFaults(parsed.error.issues) };
  const patch: Patch = parsed.data;
  if (patch.id !== undefined && patch.id !== graph?.id) return { ok: false, faults: [OTHER_ID] };
  if (patch.reminders && !isMailed(request)) return { ok: false, faults: [NO_REMINDERS] };
  const faults = messageFaults(patch.invitedUserMessageInfo, rules);
  if (faults.length > 0) return { ok: false, faults };
  return { ok: true, request: patched(request, patch) };
}

const NO_OBJECT: RequestFault = {
  code: 'invalidBody',
  target: 'body',
  message: 'The body must be a JSON object with what shall change: {"expireAfter": "P14D"}.',
};

const OTHER_ID: RequestFault = {
  code: 'invalidValue',
  target: 'id',
  message: 'id is not the one that Microsoft Graph gave this invitation. Leave it out; the URL already names it.',
};

const NO_REMINDERS: RequestFault = {
  code: 'noMail',
  target: 'reminders',
  message: 'reminders: this invitation mails nothing, so there is nobody to remind.',
};

type Patch = Partial<z.output<(typeof patchSchemas)['guest']>> &
  Omit<Partial<z.output<(typeof patchSchemas)['driveItem']>>, 'message'> &
  Omit<Partial<z.output<(typeof patchSchemas)['linkedIn']>>, 'message'> & { message?: unknown };

/** Null takes a property away, undefined leaves it. */
function patched(request: InvitationRequest, patch: Patch): InvitationRequest {
  const { reminders: times } = patch;
  const info = patch.invitedUserMessageInfo;
  const given = {
    ...patch,
    id: undefined, // only compared
    reminders: undefined,
    ...(info ? { invitedUserMessageInfo: messageInfo(info) ?? null } : {}),
    ...(times
      ? {
          reminders: {
            after: times.after ? inRisingOrder(times.after) : request.reminders.after,
            timeZone: times.timeZone ?? request.reminders.timeZone,
          },
        }
      : {}),
  };
  const changes = Object.entries(given).filter(([, value]) => value !== undefined);
  const all = { ...request, ...Object.fromEntries(changes) };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null)) as unknown as InvitationRequest;
}

const conflict = (code: ConflictCode, message: string): Decision => ({ type: 'conflict', fault: { code, message } });

/** Makes `request` the invitation's, unless it is closed, being sent right now, or the date has come already. */
export function decidePatch(invitation: Invitation, request: InvitationRequest, by: string, now: Instant): Decision {
  const { status, intent } = invitation;
  const changed = changedNames(invitation.request, request);
  if (changed.length === 0) return { type: 'nothing' };
  if (phaseOf(status) === 'closed')
    return conflict('statusForbids', `An invitation that is ${status} can’t be changed.`);
  if (intent) {
    return conflict(
      'sendInProgress',
      'Microsoft Graph is being asked about this invitation right now. Try again when its status has changed.',
    );
  }
  const isUnsent = ['awaitingApproval', 'scheduled', 'queued'].includes(status) && invitation.waitsFor === undefined;
  if (changed.includes('notBefore') && !isUnsent) {
    return conflict('alreadyDue', 'notBefore can’t be changed any more: its date has come and Graph was asked.');
  }
  const next = retimed({ ...invitation, request }, changed, now);
  return {
    type: 'change',
    change: { invitation: next, history: [entry(now, 'changed', by, changed.join(', '))] },
  };
}

function changedNames(before: InvitationRequest, after: InvitationRequest): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .filter((name) => canonical(Reflect.get(before, name)) !== canonical(Reflect.get(after, name)))
    .sort();
}

function retimed(invitation: Invitation, changed: string[], now: Instant): Invitation {
  const { request, status, firstSentAt } = invitation;
  const isPending = status === 'pendingAcceptance' && firstSentAt !== undefined;
  // Graph is told once a person has confirmed that it went out; what is sent again says it all anyway.
  const mayBeOut = isPending || status === 'needsReview';
  return {
    ...(changed.includes('notBefore') ? putOff(invitation, now) : invitation),
    ...(changed.includes('reminders') && isPending ? { remindersDone: pastReminders(invitation, now) } : {}),
    ...(changed.includes('expireAfter') && isPending
      ? { expiresAt: addDuration(firstSentAt, request.expireAfter, request.reminders.timeZone) }
      : {}),
    ...(mayBeOut && changed.some(isGraphs[request.kind]) ? { updateRequestedAt: now } : {}),
  };
}

function putOff(invitation: Invitation, now: Instant): Invitation {
  const { notBefore } = invitation.request;
  const status = notBefore !== undefined && notBefore > now ? transition(invitation.status, 'putOff') : undefined;
  return status ? { ...without(invitation, 'nextAttemptAt'), status } : invitation;
}

/** Of a new list of reminders those that lie in the past are not caught up on. */
const pastReminders = (invitation: Invitation, now: Instant): number =>
  (reminderDue({ ...invitation, remindersDone: 0 }, now) ?? -1) + 1;

const never = (): boolean => false;

/** Which properties Graph has to be told of once the invitation is out; a message goes with the next mail. */
const isGraphs: Record<Invitation['kind'], (name: string) => boolean> = {
  guest: never,
  driveItem: never,
  linkedIn: (name) => name in linkedInUpdate,
};
