import { errorSchema, invitationSchema, userCollectionSchema, userSchema } from '../../support/graphSchemas';
import { userIdOf, useSimulator } from './simulated';

const EVERYTHING =
  'id,mail,displayName,otherMails,userPrincipalName,userType,creationType,createdDateTime,externalUserState,externalUserStateChangeDateTime';

describe('the Graph simulator beside Microsoft’s published schemas', () => {
  const graph = useSimulator();

  it('answers POST /invitations as published, pending, completed and reset', async () => {
    const pending = await graph.invite('ann@fabrikam.com', {
      invitedUserMessageInfo: { messageLanguage: 'de-DE', ccRecipients: [{ emailAddress: { address: 'b@x.com' } }] },
    });
    await graph.control('POST', 'redemptions', { email: 'ann@fabrikam.com' });
    const completed = await graph.invite('ann@fabrikam.com');
    const reset = await graph.invite('ann@fabrikam.com', {
      resetRedemption: true,
      invitedUser: { id: userIdOf(pending) },
    });
    for (const { body } of [pending, completed, reset]) expect(invitationSchema.parse(body)).toEqual(body);
  });

  it('answers GET /users and GET /users/{id} as published, selected and not', async () => {
    const id = userIdOf(await graph.invite('ann@fabrikam.com'));
    await graph.invite('bob@fabrikam.com');
    for (const query of ['?', `?$select=${EVERYTHING}&`]) {
      const list = await graph.call('GET', `/v1.0/users${query}$top=1`);
      expect(userCollectionSchema.parse(list.body)).toEqual(list.body);
      expect(list.body).toHaveProperty(['@odata.nextLink']);
      const one = await graph.call('GET', `/v1.0/users/${id}${query}`);
      expect(userSchema.parse(one.body)).toEqual(one.body);
    }
  });

  it('answers every failure with the published envelope', async () => {
    await graph.behave({ faults: [{ method: 'POST', path: '/invitations', answer: 503 }] });
    const answers = [
      await graph.invite('a@fabrikam.com'),
      await graph.invite('group-a@fabrikam.com'),
      await graph.getUser('nobody'),
      await graph.call('GET', '/v1.0/users?$filter=nonsense'),
      await graph.call('GET', '/v1.0/users', undefined, { headers: {} }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([503, 400, 404, 400, 401]);
    for (const { body } of answers) expect(errorSchema.parse(body)).toEqual(body);
  });
});
