import { BETA_PAGE } from '../../../support/pages';
import { omit } from '../../../support/invitations';
import { faultsOf, parse, understood } from '../../../support/requests';

const PAGE = { graphVersion: 'beta', ...BETA_PAGE };

describe('a request in the beta dialect', () => {
  it('gets one normal form back, whichever spelling it had', () => {
    const { request } = understood(PAGE);
    expect(request).toMatchObject({
      graphVersion: 'beta',
      invitedUserDisplayName: 'Invited User Display Name value',
      invitedUserMessageInfo: {
        ccRecipients: [{ emailAddress: { name: 'Name value', address: 'boss@fabrikam.com' } }],
        messageLanguage: 'en-US',
        customizedMessageBody: 'Customized Message Body value',
      },
    });
    expect(JSON.stringify(request)).not.toContain('@odata');
    const { InvitedUserMessageInfo, ...rest } = PAGE;
    expect(understood({ ...rest, invitedUserMessageInfo: InvitedUserMessageInfo }).request).toEqual(request);
  });

  it('ignores what is Graph’s to give, with a warning for each', () => {
    const { warnings } = understood({ ...PAGE, id: '2b9c89ee-89ee-2b9c-ee89-9c2bee899c2b' });
    expect(warnings.filter(({ code }) => code === 'ignoredProperty').map(({ target }) => target)).toEqual([
      'id',
      'inviteRedeemUrl',
      'status',
    ]);
  });

  it('refuses both spellings at once, an annotation of another type, and unknown properties, by name', () => {
    const faults = faultsOf({ ...PAGE, invitedUserMessageInfo: {}, '@odata.type': '#microsoft.graph.user', colour: 1 });
    expect(faults.map(({ code, target }) => [code, target])).toEqual([
      ['unknownProperty', '@odata.type'],
      ['unknownProperty', 'InvitedUserMessageInfo'],
      ['unknownProperty', 'colour'],
    ]);
  });
});

describe('a request in v1.0', () => {
  it('takes neither the capital I nor read-only properties', () => {
    const parsed = parse(omit(PAGE, 'graphVersion', '@odata.type'));
    expect(parsed.ok ? [] : parsed.faults.map(({ target }) => target).sort()).toEqual([
      'InvitedUserMessageInfo',
      'inviteRedeemUrl',
      'status',
    ]);
  });
});
