import { defaultBehaviour, mergeBehaviour } from '../../../../local/graph/behaviour';
import { makeRedeemUrl, ticketIn } from '../../../../local/graph/redeemUrl';
import { createSimulation } from '../../../../local/graph/simulation';

const makeUrl = (redeemUrlForm: string, ticket: string) =>
  makeRedeemUrl(
    createSimulation({
      baseUrl: 'http://127.0.0.1:7072',
      tenantDomain: 'contoso.com',
      behaviour: mergeBehaviour(defaultBehaviour(), { redeemUrlForm }),
      now: () => 0,
      random: () => 0,
    }),
    'user-1',
    ticket,
  );

describe('makeRedeemUrl', () => {
  it('writes both forms as Graph does, escapes in lower case', () => {
    const tenant = '69997834-fa40-45da-8c5f-382c3bdc66c3';
    expect(makeUrl('invitations', 'a/b+c=')).toBe(
      `http://127.0.0.1:7072/redeem/?tenant=${tenant}&user=user-1&ticket=a%2fb%2bc%3d&lc=1033&ver=2.0`,
    );
    expect(makeUrl('login', 'abc=')).toBe(
      `http://127.0.0.1:7072/redeem?rd=http%3a%2f%2f127.0.0.1%3a7072%2fredeem%2f%3ftenant%3d${tenant}%26user%3duser-1%26ticket%3dabc%253d%26ver%3d2.0`,
    );
  });

  it.each(['login', 'invitations'])('makes a URL of the form %s that the ticket can be read from', (form) => {
    expect(ticketIn(new URL(makeUrl(form, 'a/b+c==')).searchParams)).toBe('a/b+c==');
  });
});
