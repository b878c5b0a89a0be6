import { withoutTypes } from './annotations';
import { fromBetaDialect } from './betaDialect';
import { type DriveItemRequest, driveItemBodySchema } from './driveItemRequest';
import { normalFormOf } from './emailAddress';
import { type GuestRequest, guestBodySchema, messageInfo } from './guestRequest';
import type { Warning } from './invitation';
import { type LinkedInRequest, linkedInBodySchema, withoutLinkedInTypes } from './linkedInRequest';
import { normalPerson } from './person';
import { readBody } from './readBody';
import { type InvitationRequest, KINDS } from './request';
import { approvalOf, timesOf } from './requestDefaults';
import { type RequestFault, type RequestRules, driveItemFaults, guestFaults, linkedInFaults } from './requestRules';

export type { RequestFault, RequestRules } from './requestRules';

export type OnDuplicate = 'return' | 'reject' | 'allow';

/** What is asked for one person. `person`: in normal form, for the hash that stands for them. */
export interface AskedInvitation {
  request: InvitationRequest;
  person: string;
  warnings: Warning[];
}

export type ParsedRequest =
  /** One entry for each person: several only where a driveItem has several recipients. */
  { ok: true; asked: AskedInvitation[]; onDuplicate: OnDuplicate } | { ok: false; faults: RequestFault[] };

/**
 * Understands the body of POST /api/invitations, whichever kind it asks for. Every fault is listed with its target. Never
 * throws for what a caller sent.
 */
export function parseRequest(body: unknown, rules: RequestRules): ParsedRequest {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return { ok: false, faults: [NO_OBJECT] };
  const kind = 'kind' in body ? body.kind : 'guest';
  switch (kind) {
    case 'guest':
      return parseGuest(body, rules);
    case 'driveItem':
      return parseDriveItem(body, rules);
    case 'linkedIn':
      return parseLinkedIn(body, rules);
    default:
      return { ok: false, faults: [NO_KIND] };
  }
}

const NO_OBJECT: RequestFault = {
  code: 'invalidBody',
  target: 'body',
  message: 'The body must be a JSON object: {"invitedUserEmailAddress": "…"}.',
};

const NO_KIND: RequestFault = {
  code: 'invalidValue',
  target: 'kind',
  message: `kind is not valid: it is one of ${KINDS.join(', ')}; left out it is guest.`,
};

function parseGuest(body: object, rules: RequestRules): ParsedRequest {
  const isBeta = 'graphVersion' in body && body.graphVersion === 'beta';
  const normal = isBeta ? fromBetaDialect(body) : { body, warnings: [] };
  const read = readBody(normal.body, guestBodySchema, (sound, faulty) => guestFaults(sound, rules, faulty));
  if (!read.ok) return read;
  const { invitedUserMessageInfo, onDuplicate, ...rest } = read.body;
  const sendInvitationMessage = rest.sendInvitationMessage ?? rules.sendInvitationMessage;
  const info = messageInfo(invitedUserMessageInfo);
  const request = withoutUndefined({
    ...rest,
    inviteRedirectUrl: rest.inviteRedirectUrl ?? rules.inviteRedirectUrl,
    sendInvitationMessage,
    ...(info ? { invitedUserMessageInfo: info } : {}),
    ...timesOf(read.body, sendInvitationMessage, rules),
    approval: approvalOf(read.body, [rest.invitedUserEmailAddress], rules),
  }) as GuestRequest;
  const { normalised: person } = normalFormOf(request.invitedUserEmailAddress);
  const warnings = [...normal.warnings, ...guestWarnings(request)];
  return { ok: true, asked: [{ request, person, warnings }], onDuplicate };
}

function parseDriveItem(body: object, rules: RequestRules): ParsedRequest {
  const normal = withoutTypes(body, /^#?microsoft\.graph\.driveRecipient$/i) as object;
  const read = readBody(normal, driveItemBodySchema, (sound, faulty) => driveItemFaults(sound, rules, faulty));
  if (!read.ok) return read;
  const { recipients, onDuplicate, ...rest } = read.body;
  const sendInvitation = rest.sendInvitation ?? rules.sendInvitationMessage;
  const needsGuest = rules.inviteGuestsFirst;
  const shared = {
    ...rest,
    sendInvitation,
    inviteRedirectUrl: rest.inviteRedirectUrl ?? (needsGuest ? rules.inviteRedirectUrl : undefined),
    ...timesOf(read.body, sendInvitation, rules),
  };
  const warnings = sendInvitation ? [] : [noMail('sendInvitation')];
  const asked = recipients.map((recipient): AskedInvitation => ({
    request: withoutUndefined({
      ...shared,
      recipients: [withoutUndefined(recipient)],
      approval: approvalOf(read.body, [recipient.email], rules),
    }) as DriveItemRequest,
    person: normalPerson(recipient),
    warnings,
  }));
  return { ok: true, asked, onDuplicate };
}

function parseLinkedIn(body: object, rules: RequestRules): ParsedRequest {
  const off = linkedInFaults(rules);
  if (off.length > 0) return { ok: false, faults: off };
  const read = readBody(withoutLinkedInTypes(body), linkedInBodySchema, () => []);
  if (!read.ok) return read;
  const { onDuplicate, ...rest } = read.body;
  const request = withoutUndefined({
    ...rest,
    ...timesOf(read.body, false, rules),
    approval: approvalOf(read.body, [], rules),
  }) as LinkedInRequest;
  return { ok: true, asked: [{ request, person: `linkedIn:${request.invitee}`, warnings: [] }], onDuplicate };
}

/** The same without properties whose value is undefined. */
const withoutUndefined = (value: object): object =>
  Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined));

function guestWarnings(request: GuestRequest): Warning[] {
  const warnings: Warning[] = [];
  if (request.invitedUserMessageInfo?.customizedMessageBody !== undefined && request.sendInvitationMessage) {
    warnings.push({
      code: 'customizedMessageBodyNotMailed',
      target: 'invitedUserMessageInfo.customizedMessageBody',
      message:
        'With app-only permission Microsoft Graph leaves customizedMessageBody out of its mail. To mail a text of your own, ' +
        'send sendInvitationMessage: false and mail the redeem URL yourself.',
    });
  }
  if (!request.sendInvitationMessage) warnings.push(noMail('sendInvitationMessage'));
  return warnings;
}

const noMail = (target: string): Warning => ({
  code: 'noMail',
  target,
  message: `Nothing is mailed and no reminders go out, because ${target} is false. Redemption is still followed.`,
});
