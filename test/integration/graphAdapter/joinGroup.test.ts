import { guestAt, useRawServer } from './graphUnderTest';

describe('joining a group', () => {
  const graph = useRawServer();
  const answer = (status: number, code: string, message = 'No.', headers: Record<string, string> = {}) =>
    graph.answerWith((response) =>
      response
        .writeHead(status, { 'Content-Type': 'application/json', ...headers })
        .end(JSON.stringify({ error: { code, message } })),
    );
  const join = () => guestAt(graph.baseUrl()).joinGroup('user-1', 'group-1');

  it('asks as Graph’s page says', async () => {
    graph.answerWith((response) => response.writeHead(204).end());
    expect(await join()).toEqual({ type: 'joined' });
    expect(graph.arrived).toMatchObject([{ method: 'POST', url: '/v1.0/groups/group-1/members/$ref' }]);
    expect(JSON.parse(graph.arrived[0]?.body ?? '')).toEqual({
      '@odata.id': 'https://graph.microsoft.com/v1.0/directoryObjects/user-1',
    });
  });

  it('is done for who is a member already', async () => {
    answer(400, 'Request_BadRequest', 'One or more added object references already exist for the following …');
    expect(await join()).toEqual({ type: 'joined' });
  });

  it.each([
    [404, 'Request_ResourceNotFound', 'notFound'],
    [400, 'Request_BadRequest', 'refused'],
    [403, 'Authorization_RequestDenied', 'refused'],
    [401, 'InvalidAuthenticationToken', 'tenant'],
    [429, 'TooManyRequests', 'throttled'],
    [500, 'InternalServerError', 'unknown'],
  ])('tells %i %s apart', async (status, code, type) => {
    answer(status, code);
    expect(await join()).toMatchObject({ type, fault: { code } });
  });
});
