import {
  type AskedInvitation,
  type OnDuplicate,
  type ParsedRequest,
  type RequestFault,
  type RequestRules,
  parseRequest,
} from '../../shared/domain/parseRequest';

/** The body of Graph's own page, as it is. */
export const GRAPHS_BODY = {
  invitedUserEmailAddress: 'admin@fabrikam.com',
  inviteRedirectUrl: 'https://myapp.contoso.com',
};

export const rules = (changes: Partial<RequestRules> = {}): RequestRules => ({
  inviteRedirectUrl: undefined,
  allowedRedirectOrigins: [],
  allowedEmailDomains: [],
  blockedEmailDomains: [],
  sendInvitationMessage: true,
  remindAfter: ['P3D', 'P7D'],
  expireAfter: 'P30D',
  graphPermissions: 'application',
  inviteGuestsFirst: true,
  linkedInInvitations: 'off',
  approvalRequiredDomains: [],
  approvalExpiresAfter: 'P14D',
  ...changes,
});

/** Graph's body with other properties beside or instead. */
export const parse = (changes: object = {}, given: RequestRules = rules()): ParsedRequest =>
  parseRequest({ ...GRAPHS_BODY, ...changes }, given);

/** What was understood of a body that asks for one guest. */
export function understood(changes: object = {}, given: RequestRules = rules()) {
  const { request, ...rest } = askedFor({ ...GRAPHS_BODY, ...changes }, given);
  if (request.kind !== 'guest') throw new Error(`A ${request.kind} request.`);
  return { request, ...rest };
}

/** What was understood of a body of any kind that asks for one invitation. */
export function askedFor(body: object, given: RequestRules = rules()): AskedInvitation & { onDuplicate: OnDuplicate } {
  const parsed = parseRequest(body, given);
  if (!parsed.ok) throw new Error(`Refused: ${JSON.stringify(parsed.faults)}`);
  const [only, ...others] = parsed.asked;
  if (!only || others.length > 0) throw new Error(`${parsed.asked.length} invitations.`);
  return { ...only, onDuplicate: parsed.onDuplicate };
}

export function faultsOf(changes: object = {}, given: RequestRules = rules()): RequestFault[] {
  const parsed = parse(changes, given);
  if (parsed.ok) throw new Error('Nothing was refused.');
  return parsed.faults;
}
