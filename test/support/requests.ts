import {
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
  ...changes,
});

/** Graph's body with other properties beside or instead. */
export const parse = (changes: object = {}, given: RequestRules = rules()): ParsedRequest =>
  parseRequest({ ...GRAPHS_BODY, ...changes }, given);

export function understood(changes: object = {}, given: RequestRules = rules()): ParsedRequest & { ok: true } {
  const parsed = parse(changes, given);
  if (!parsed.ok) throw new Error(`Refused: ${JSON.stringify(parsed.faults)}`);
  return parsed;
}

export function faultsOf(changes: object = {}, given: RequestRules = rules()): RequestFault[] {
  const parsed = parse(changes, given);
  if (parsed.ok) throw new Error('Nothing was refused.');
  return parsed.faults;
}
