import { refusalByAddress } from '../../../../local/graph/errorsByAddress';

const tenant = { id: 't', domain: 'contoso.com', initialDomain: 'contoso.onmicrosoft.com', organisation: 'Contoso' };

describe('refusalByAddress', () => {
  it.each([
    ['a@contoso.com', 400, 'BadRequest', /^Invitee is in inviter tenant$/],
    ['A@Contoso.onmicrosoft.com', 400, 'BadRequest', /^Invitee is in inviter tenant$/],
    ['group-hr@x.com', 400, 'BadRequest', /^Group email address is not supported$/],
    ['internal.ann@x.com', 400, 'BadRequest', /^The invited user already exists .* objectID: [0-9a-f-]{36}\. They can/],
    ['blocked-ann@x.com', 412, 'PreconditionFailed', /, but the account is blocked from signing in\. /],
    ['crosstenant-ann@x.com', 400, 'BadRequest', /^This invitation is blocked by cross-tenant access settings\. /],
    ['Fault.ann@x.com', 500, 'InternalServerError', /^Unable to find target address$/],
  ])('refuses %s', (address, status, code, message) => {
    const matching: unknown = expect.stringMatching(message);
    expect(refusalByAddress(address, tenant)).toEqual({ status, error: { code, message: matching } });
  });

  it.each([
    'a@fabrikam.com',
    'groups@x.com',
    'group@x.com',
    'a-group-b@x.com',
    'constructor-a@x.com',
    'a@sub.contoso.com',
  ])('has nothing against %s', (address) => {
    expect(refusalByAddress(address, tenant)).toBeUndefined();
  });
});
