import type { z } from 'zod';
import { fromBetaDialect } from './betaDialect';
import { normalFormOf } from './emailAddress';
import type { Warning } from './invitation';
import { type InvitationRequest, type RequestBody, partialBodySchema, requestBodySchema } from './request';
import { type RequestFault, type RequestRules, faultsByRules } from './requestRules';
import { propertiesOf, schemaFaults } from './schemaFaults';
import { durationMs } from './time';

export type { RequestFault, RequestRules } from './requestRules';

export type OnDuplicate = RequestBody['onDuplicate'];

export type ParsedRequest =
  | { ok: true; request: InvitationRequest; person: string; onDuplicate: OnDuplicate; warnings: Warning[] }
  | { ok: false; faults: RequestFault[] };

/**
 * Understands the body of POST /api/invitations. Every fault is listed with its target; `person` is the normalised
 * address. Never throws for what a caller sent.
 */
export function parseRequest(body: unknown, rules: RequestRules): ParsedRequest {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return { ok: false, faults: [NO_OBJECT] };
  const isBeta = 'graphVersion' in body && body.graphVersion === 'beta';
  const normal = isBeta ? fromBetaDialect(body) : { body, warnings: [] };
  const parsed = requestBodySchema.safeParse(normal.body, { reportInput: true });
  if (!parsed.success) return { ok: false, faults: allFaults(normal.body, parsed.error.issues, rules) };
  const faults = faultsByRules(parsed.data, rules, new Set());
  if (faults.length > 0) return { ok: false, faults };
  const request = withDefaults(parsed.data, rules);
  const { normalised: person } = normalFormOf(request.invitedUserEmailAddress);
  return {
    ok: true,
    request,
    person,
    onDuplicate: parsed.data.onDuplicate,
    warnings: [...normal.warnings, ...warningsOf(request)],
  };
}

const NO_OBJECT: RequestFault = {
  code: 'invalidBody',
  target: 'body',
  message: 'The body must be a JSON object: {"invitedUserEmailAddress": "…"}.',
};

/** The schema's faults, and those that the rules find in what is sound of the body, so that nobody has to try twice. */
function allFaults(body: object, issues: z.core.$ZodIssue[], rules: RequestRules): RequestFault[] {
  const faulty = propertiesOf(issues);
  const sound = Object.fromEntries(Object.entries(body).filter(([name]) => !faulty.has(name)));
  return [...schemaFaults(issues), ...faultsByRules(partialBodySchema.parse(sound), rules, faulty)];
}

function withDefaults(body: RequestBody, rules: RequestRules): InvitationRequest {
  const { reminders, invitedUserMessageInfo, ...rest } = body;
  const sendInvitationMessage = body.sendInvitationMessage ?? rules.sendInvitationMessage;
  const info = messageInfo(invitedUserMessageInfo);
  const filled = {
    ...rest,
    onDuplicate: undefined, // decides about this request only; not part of the invitation
    inviteRedirectUrl: body.inviteRedirectUrl ?? rules.inviteRedirectUrl,
    sendInvitationMessage,
    ...(info ? { invitedUserMessageInfo: info } : {}),
    reminders: {
      after: sendInvitationMessage ? inRisingOrder(reminders?.after ?? rules.remindAfter) : [],
      timeZone: reminders?.timeZone ?? 'UTC',
    },
    expireAfter: body.expireAfter ?? rules.expireAfter,
  };
  return withoutUndefined(filled) as InvitationRequest;
}

const inRisingOrder = (durations: string[]): string[] => [...durations].sort((a, b) => durationMs(a) - durationMs(b));

/** Graph takes null for "not given"; the stored form leaves such properties out. */
function messageInfo(info: RequestBody['invitedUserMessageInfo']): InvitationRequest['invitedUserMessageInfo'] {
  const given = Object.entries(info ?? {}).filter(([, value]) => value !== null && value !== undefined);
  return given.length > 0 ? Object.fromEntries(given) : undefined;
}

const withoutUndefined = (value: object): object =>
  Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined));

function warningsOf(request: InvitationRequest): Warning[] {
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
  if (!request.sendInvitationMessage) {
    warnings.push({
      code: 'noMail',
      target: 'sendInvitationMessage',
      message:
        'Nothing is mailed and no reminders go out, because sendInvitationMessage is false. Redemption is still followed.',
    });
  }
  return warnings;
}

/** Names of the properties in which a new request differs from the one that an open invitation was made from. */
export function differencesOf(asked: InvitationRequest, open: InvitationRequest): string[] {
  const names = new Set([...Object.keys(asked), ...Object.keys(open)]);
  const value = (request: InvitationRequest, name: string): string =>
    canonical(
      name === 'invitedUserEmailAddress'
        ? normalFormOf(request.invitedUserEmailAddress).normalised
        : Reflect.get(request, name),
    );
  return [...names].filter((name) => value(asked, name) !== value(open, name)).sort();
}

/** JSON with sorted keys: equal for equal values however they were written. */
export function canonical(value: unknown): string {
  const sorted = JSON.stringify(value, (_key, entry: unknown) =>
    typeof entry === 'object' && entry !== null && !Array.isArray(entry)
      ? Object.fromEntries(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1)))
      : entry,
  ) as string | undefined;
  return sorted ?? 'undefined';
}
