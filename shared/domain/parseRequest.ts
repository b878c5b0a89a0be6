import type { z } from 'zod';
import { checkEmailAddress, isDomainListed } from './emailAddress';
import type { Warning } from './invitation';
import { type InvitationRequest, type RequestBody, requestBodySchema } from './request';
import { durationMs } from './time';

/** What the settings say about requests. */
export interface RequestRules {
  inviteRedirectUrl: string | undefined;
  /** Empty: any origin. */
  allowedRedirectOrigins: string[];
  /** Empty: any domain. */
  allowedEmailDomains: string[];
  blockedEmailDomains: string[];
  sendInvitationMessage: boolean;
  remindAfter: string[];
  expireAfter: string;
}

export interface RequestFault {
  code: string;
  message: string;
  target: string;
}

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
  const parsed = requestBodySchema.safeParse(body);
  if (!parsed.success)
    return { ok: false, faults: dedupe(parsed.error.issues.flatMap((issue) => faultsOf(issue, body))) };
  const faults = faultsByRules(parsed.data, rules);
  if (faults.length > 0) return { ok: false, faults };
  const request = withDefaults(parsed.data, rules);
  const address = checkEmailAddress(request.invitedUserEmailAddress);
  const person = address.ok ? address.normalised : request.invitedUserEmailAddress;
  return { ok: true, request, person, onDuplicate: parsed.data.onDuplicate, warnings: warningsOf(request) };
}

/** The schema lists a fault once for each check that fails; one for each target and message is enough to mend it. */
const dedupe = (faults: RequestFault[]): RequestFault[] => [
  ...new Map(faults.map((fault) => [`${fault.target} ${fault.message}`, fault])).values(),
];

const targetOf = (path: PropertyKey[]): string => (path.length === 0 ? 'body' : path.map(String).join('.'));

function faultsOf(issue: z.core.$ZodIssue, body: unknown): RequestFault[] {
  const target = targetOf(issue.path);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownProperty([...issue.path, key]));
  if (issue.code === 'invalid_key') {
    const message = issue.issues[0]?.message ?? issue.message;
    return [{ code: 'invalidValue', target, message: `The name of ${target} is not valid: ${message}.` }];
  }
  if (issue.path.length === 0) {
    return [
      { code: 'invalidBody', target, message: 'The body must be a JSON object: {"invitedUserEmailAddress": "…"}.' },
    ];
  }
  if (issue.code === 'invalid_type' && valueAt(body, issue.path) === undefined) {
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

function valueAt(body: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    body,
  );
}

function faultsByRules(body: RequestBody, rules: RequestRules): RequestFault[] {
  const redirectUrl = body.inviteRedirectUrl ?? rules.inviteRedirectUrl;
  return [
    ...addressFaults('invitedUserEmailAddress', body.invitedUserEmailAddress, rules),
    ...(body.invitedUserMessageInfo?.ccRecipients ?? []).flatMap((cc, index) =>
      addressFaults(
        `invitedUserMessageInfo.ccRecipients.${index}.emailAddress.address`,
        cc.emailAddress.address,
        rules,
      ),
    ),
    ...redirectFaults(redirectUrl, rules),
    ...resetFaults(body),
  ];
}

function addressFaults(target: string, text: string, rules: RequestRules): RequestFault[] {
  const address = checkEmailAddress(text);
  if (!address.ok) return [];
  const { domain } = address;
  if (isDomainListed(domain, rules.blockedEmailDomains)) {
    return [
      { code: 'domainNotAllowed', target, message: `${target}: ${domain} is blocked here (BLOCKED_EMAIL_DOMAINS).` },
    ];
  }
  if (rules.allowedEmailDomains.length > 0 && !isDomainListed(domain, rules.allowedEmailDomains)) {
    return [
      {
        code: 'domainNotAllowed',
        target,
        message: `${target}: ${domain} is not among the allowed domains (ALLOWED_EMAIL_DOMAINS).`,
      },
    ];
  }
  return [];
}

function redirectFaults(url: string | undefined, rules: RequestRules): RequestFault[] {
  const target = 'inviteRedirectUrl';
  if (url === undefined) {
    return [
      { code: 'required', target, message: `${target} is required, because no default is set (INVITE_REDIRECT_URL).` },
    ];
  }
  const { origin } = new URL(url);
  if (rules.allowedRedirectOrigins.length === 0 || rules.allowedRedirectOrigins.includes(origin)) return [];
  return [
    {
      code: 'redirectNotAllowed',
      target,
      message: `${target}: ${origin} is not an allowed origin (ALLOWED_REDIRECT_ORIGINS).`,
    },
  ];
}

function resetFaults(body: RequestBody): RequestFault[] {
  if (body.resetRedemption && !body.invitedUser) {
    return [
      {
        code: 'required',
        target: 'invitedUser.id',
        message: 'invitedUser.id is required when resetRedemption is true.',
      },
    ];
  }
  if (body.invitedUser && !body.resetRedemption) {
    return [
      {
        code: 'readOnlyProperty',
        target: 'invitedUser',
        message: 'invitedUser is read-only unless resetRedemption is true. Leave it out or set resetRedemption.',
      },
    ];
  }
  return [];
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
      name === 'invitedUserEmailAddress' ? request.invitedUserEmailAddress.toLowerCase() : Reflect.get(request, name),
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
