import type { DriveItemBody } from './driveItemRequest';
import { isDomainListed, normalFormOf } from './emailAddress';
import type { GuestBody } from './guestRequest';
import { needsSignedInUser } from './itemPath';

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
  graphPermissions: 'application' | 'delegated';
  inviteGuestsFirst: boolean;
  linkedInInvitations: 'on' | 'off';
  /** Invitations of people in these domains wait for approval, whatever the request says. */
  approvalRequiredDomains: string[];
  approvalExpiresAfter: string;
}

export interface RequestFault {
  code: string;
  message: string;
  target: string;
}

/** `faulty` names the properties that were left out because they were not sound: of them nothing is claimed. */
type Faulty = ReadonlySet<PropertyKey>;

/** Faults of a guest body whose properties are sound one by one. */
export function guestFaults(body: Partial<GuestBody>, rules: RequestRules, faulty: Faulty): RequestFault[] {
  const { invitedUserEmailAddress, invitedUserMessageInfo } = body;
  return [
    ...addressFaults('invitedUserEmailAddress', invitedUserEmailAddress, rules),
    ...messageFaults(invitedUserMessageInfo, rules),
    ...(faulty.has('inviteRedirectUrl') ? [] : redirectFaults(body.inviteRedirectUrl, rules)),
    ...(faulty.has('invitedUser') || faulty.has('resetRedemption') ? [] : resetFaults(body)),
  ];
}

/** Faults of who gets a copy of the mail. */
export const messageFaults = (info: GuestBody['invitedUserMessageInfo'], rules: RequestRules): RequestFault[] =>
  (info?.ccRecipients ?? []).flatMap((cc, index) =>
    addressFaults(`invitedUserMessageInfo.ccRecipients.${index}.emailAddress.address`, cc.emailAddress.address, rules),
  );

/** Faults of a driveItem body whose properties are sound one by one. */
export function driveItemFaults(body: Partial<DriveItemBody>, rules: RequestRules, faulty: Faulty): RequestFault[] {
  const { target, recipients = [], inviteRedirectUrl } = body;
  const needsGuests = rules.inviteGuestsFirst && recipients.some(({ email }) => email !== undefined);
  return [
    ...(target !== undefined && needsSignedInUser(target) && rules.graphPermissions === 'application' ? [NO_ME] : []),
    ...recipients.flatMap(({ email }, index) => addressFaults(`recipients.${index}.email`, email, rules)),
    ...(faulty.has('inviteRedirectUrl') || !(needsGuests || inviteRedirectUrl !== undefined)
      ? []
      : redirectFaults(inviteRedirectUrl, rules)),
  ];
}

const NO_ME: RequestFault = {
  code: 'delegatedPermissionNeeded',
  target: 'target',
  message:
    'target: paths below /me need a signed-in user, and this app calls Microsoft Graph with application permission ' +
    '(GRAPH_PERMISSIONS). Name the same item as /drives/{drive id}/items/{item id}.',
};

/** LinkedIn invitations are off unless somebody switched them on: Microsoft publishes no such API. */
export const linkedInFaults = (rules: RequestRules): RequestFault[] =>
  rules.linkedInInvitations === 'on'
    ? []
    : [
        {
          code: 'kindIsOff',
          target: 'kind',
          message:
            'kind: linkedIn is switched off here (LINKEDIN_INVITATIONS), because Microsoft Graph publishes no such API today.',
        },
      ];

function addressFaults(target: string, address: string | undefined, rules: RequestRules): RequestFault[] {
  if (address === undefined) return [];
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

function redirectFaults(given: string | undefined, rules: RequestRules): RequestFault[] {
  const target = 'inviteRedirectUrl';
  const url = given ?? rules.inviteRedirectUrl;
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

function resetFaults(body: Partial<GuestBody>): RequestFault[] {
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
