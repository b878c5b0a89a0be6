import { isDomainListed, normalFormOf } from './emailAddress';
import type { PartialBody } from './request';

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

/**
 * Faults of a body whose properties are sound one by one. `faulty` names those left out because they were not: of them
 * nothing is claimed.
 */
export function faultsByRules(
  body: PartialBody,
  rules: RequestRules,
  faulty: ReadonlySet<PropertyKey>,
): RequestFault[] {
  const { invitedUserEmailAddress, invitedUserMessageInfo } = body;
  const redirectUrl = body.inviteRedirectUrl ?? rules.inviteRedirectUrl;
  return [
    ...(invitedUserEmailAddress === undefined
      ? []
      : addressFaults('invitedUserEmailAddress', invitedUserEmailAddress, rules)),
    ...(invitedUserMessageInfo?.ccRecipients ?? []).flatMap((cc, index) =>
      addressFaults(
        `invitedUserMessageInfo.ccRecipients.${index}.emailAddress.address`,
        cc.emailAddress.address,
        rules,
      ),
    ),
    ...(faulty.has('inviteRedirectUrl') ? [] : redirectFaults(redirectUrl, rules)),
    ...(faulty.has('invitedUser') || faulty.has('resetRedemption') ? [] : resetFaults(body)),
  ];
}

function addressFaults(target: string, address: string, rules: RequestRules): RequestFault[] {
  const { domain } = normalFormOf(address);
  const notAllowed = (why: string): RequestFault[] => [
    { code: 'domainNotAllowed', target, message: `${target}: ${domain} ${why}.` },
  ];
  if (isDomainListed(domain, rules.blockedEmailDomains)) return notAllowed('is blocked here (BLOCKED_EMAIL_DOMAINS)');
  if (rules.allowedEmailDomains.length > 0 && !isDomainListed(domain, rules.allowedEmailDomains)) {
    return notAllowed('is not among the allowed domains (ALLOWED_EMAIL_DOMAINS)');
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

function resetFaults(body: PartialBody): RequestFault[] {
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
