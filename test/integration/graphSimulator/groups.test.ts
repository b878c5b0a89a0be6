import { z } from 'zod';
import { faultOf, useSimulator, userIdOf } from './simulated';

const ID = '01900000-abcd-4000-8000-000000000001';

describe('groups of the Graph simulator', () => {
  const graph = useSimulator();

  const reference = (userId: string) => ({
    '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/${userId}`,
  });
  const add = (groupId: string, body: object) => graph.call('POST', `/v1.0/groups/${groupId}/members/$ref`, body);
  const invite = async (email: string) => userIdOf(await graph.invite(email));
  const group = async () =>
    z.looseObject({ id: z.string() }).parse((await graph.control('POST', 'groups', { name: 'Project' })).body).id;
  const groups = async () => (await graph.control('GET', 'groups')).body['value'];

  it('takes a guest as a member, once', async () => {
    const [id, ann] = [await group(), await invite('ann@fabrikam.com')];
    expect((await add(id, reference(ann))).status).toBe(204);
    expect(faultOf(await add(id, reference(ann)))).toEqual([
      400,
      'Request_BadRequest',
      "One or more added object references already exist for the following modified properties: 'members'.",
    ]);
    expect(await groups()).toEqual([{ id, name: 'Project', members: [ann] }]);
  });

  it('does not find a group or a guest who is not there, nor a guest whom the directory does not show yet', async () => {
    const [id, ann] = [await group(), await invite('ann@fabrikam.com')];
    expect(faultOf(await add(ID, reference(ann))).slice(0, 2)).toEqual([404, 'Request_ResourceNotFound']);
    expect(faultOf(await add(id, reference(ID))).slice(0, 2)).toEqual([404, 'Request_ResourceNotFound']);
    await graph.behave({ directoryLagMs: 3_600_000 });
    expect((await add(id, reference(ann))).status).toBe(404);
  });

  it('refuses a reference that is none, and a caller without permission', async () => {
    const id = await group();
    expect((await add(id, { '@odata.id': 'ann' })).status).toBe(400);
    expect((await add(id, {})).status).toBe(400);
    await graph.behave({ permissions: ['User.ReadWrite.All'] });
    expect((await add(id, reference(ID))).status).toBe(403);
  });

  it('seeds a group under an id of one’s own, in lower case, and only once', async () => {
    const seed = { id: ID.toUpperCase(), name: 'Ours' };
    expect((await graph.control('POST', 'groups', seed)).body).toEqual({ id: ID, name: 'Ours', members: [] });
    expect((await graph.control('POST', 'groups', seed)).status).toBe(409);
    expect((await graph.control('POST', 'groups', { id: 'ours', name: 'Ours' })).status).toBe(400);
  });
});
