import type { z } from 'zod';
import { normalFormOf } from './emailAddress';
import type { Warning } from './invitation';
import { type InvitationRequest, type RequestBody, partialBodySchema, requestBodySchema } from './request';
import { type RequestFault, type RequestRules, faultsByRules } from './requestRules';
import { durationMs } from './time';

export type { RequestFault, RequestRules } from './requestRules';

export type OnDuplicate = RequestBody['onDuplicate'];

export type ParsedRequest =
  | { ok: true; request: InvitationRequest; person: string; onDuplicate: OnDuplicate; warnings: Warning[] }
  | { ok: false; faults: RequestFault[] };

const READ_ONLY = new Set(['id', 'inviteRedeemUrl', 'status']);

/**
 * Understands the body of POST /api/invitations. Every fault is listed with its target; `person` is the normalised
 * address. Never throws for what a caller sent.
 */
export function parseRequest(body: unknown, rules: RequestRules): ParsedRequest {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return { ok: false, faults: [NO_OBJECT] };
  const parsed = requestBodySchema.safeParse(body, { reportInput: true });
  if (!parsed.success) return { ok: false, faults: allFaults(body, parsed.error.issues, rules) };
  const faults = faultsByRules(parsed.data, rules, new Set());
  if (faults.length > 0) return { ok: false, faults };
  const request = withDefaults(parsed.data, rules);
  const { normalised: person } = normalFormOf(request.invitedUserEmailAddress);
  return { ok: true, request, person, onDuplicate: parsed.data.onDuplicate, warnings: warningsOf(request) };
}

const NO_OBJECT: RequestFault = {
  code: 'invalidBody',
  target: 'body',
  message: 'The body must be a JSON object: {"invitedUserEmailAddress": "…"}.',
};

/** The schema's faults, and those that the rules find in what is sound of the body, so that nobody has to try twice. */
function allFaults(body: object, issues: z.core.$ZodIssue[], rules: RequestRules): RequestFault[] {
  const faulty = new Set(issues.flatMap((issue) => pathsOf(issue).flatMap((path) => path.slice(0, 1))));
  const sound = Object.fromEntries(Object.entries(body).filter(([name]) => !faulty.has(name)));
  return [...dedupe(issues.flatMap(faultsOf)), ...faultsByRules(partialBodySchema.parse(sound), rules, faulty)];
}

/** Where an issue lies: the schema tells several unknown names in one. */
const pathsOf = (issue: z.core.$ZodIssue): PropertyKey[][] =>
  issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];

/** The schema lists a fault once for each check that fails; one for each target and message is enough to mend it. */
const dedupe = (faults: RequestFault[]): RequestFault[] => [
  ...new Map(faults.map((fault) => [`${fault.target} ${fault.message}`, fault])).values(),
];

const targetOf = (path: PropertyKey[]): string => path.map(String).join('.');

function faultsOf(issue: z.core.$ZodIssue): RequestFault[] {
  const target = targetOf(issue.path);
  if (issue.code === 'unrecognized_keys') return pathsOf(issue).map(unknownProperty);
  if (issue.code === 'invalid_key') {
    const why = issue.issues.map(({ message }) => message).join(', ');
    return [{ code: 'invalidValue', target, message: `The name of ${target} is not valid: ${why}.` }];
  }
  if (issue.code === 'invalid_type' && issue.input === undefined) {
    return [{ code: 'required', target, message: `${target} is required.` }];
  }
  return [{ code: 'invalidValue', target, message: `${target} ${sentence(issue)}.` }];
}

function unknownProperty(path: PropertyKey[]): RequestFault {
  const target = targetOf(path);
  const name = String(path.at(-1));
  const isReadOnly = (path.length === 1 && READ_ONLY.has(name)) || path[0] === 'invitedUser';
  return isReadOnly
    ? { code: 'readOnlyProperty', target, message: `${target} is read-only: Microsoft Graph sets it. Leave it out.` }
    : {
        code: 'unknownProperty',
        target,
        message: `${target} is not a property of an invitation. Leave it out or correct its name.`,
      };
}

/** A custom check already says what must be; the schema's own sentences get the same beginning. */
function sentence(issue: z.core.$ZodIssue): string {
  const message = issue.message.replace(/\.$/, '');
  return /^(must|is|has|holds|begins|takes|names)\b/.test(message) ? message : `is not valid: ${message}`;
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
