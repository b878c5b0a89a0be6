import { faultOf, matching, useSimulator } from './simulated';

/** The request of the page "Add invitations", as it stands. */
const ADDED = {
  '@odata.type': '#microsoft.graph.InvitationV2',
  created: 7,
  lastModified: 12,
  inviter: 'Inviter value',
  invitee: 'Invitee value',
  message: {
    '@odata.type': '#microsoft.graph.InvitationV2Message',
    invitationTemplateID: 'Invitation Template ID value',
    invitationMessage: { '@odata.type': '#microsoft.graph.InvitationMessage', body: 'Body value' },
  },
  trackingId: 'Tracking Id value',
};
const GUID = matching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const LARGE = '9223372036854775807';

describe('LinkedIn invitations of the Graph simulator', () => {
  const graph = useSimulator();
  const json = { Authorization: 'Bearer token', 'Content-Type': 'application/json' };
  const add = (body: object, path = '/v1.0/linkedIn/invitations') => graph.call('POST', path, body);
  const update = (body: object) => graph.call('PATCH', '/v1.0/linkedIn/invitations', body);
  const listed = async () => (await graph.control('GET', 'linkedIn')).body;

  it.each([
    '/v1.0/linkedIn/invitations',
    '/beta/linkedIn/invitations',
    '/v1.0/linkedIn/invitations/$ref',
    '/beta/linkedIn/invitations/%24ref',
  ])('adds the page’s example as it stands by %s, and answers as the page does', async (path) => {
    const { status, body } = await add(ADDED, path);
    expect(status).toBe(201);
    expect(body).toEqual({ ...ADDED, id: GUID });
    expect(await listed()).toEqual({ value: [body], total: 1 });
    expect(await graph.mails()).toEqual([]);
  });

  it('updates the page’s example, with the id that it leaves out and numbers where it says "Integer"', async () => {
    const { id } = (await add(ADDED)).body;
    const example = {
      '@odata.type': '#microsoft.graph.InvitationV2',
      inviter: 'String',
      invitee: 'String',
      message: { '@odata.type': '#microsoft.graph.InvitationV2Message' },
      trackingId: 'String',
    };
    const updated = await update({ ...example, id, created: '8', lastModified: 13 });
    expect(updated.status).toBe(200);
    expect(updated.body).toEqual({ ...example, id, created: 8, lastModified: 13 });
    expect(await listed()).toEqual({ value: [updated.body], total: 1 });
  });

  it('changes what an update names, and nothing else', async () => {
    const added = (await add(ADDED)).body;
    const { body } = await update({ id: added['id'], invitee: 'Somebody else' });
    expect(body).toEqual({ ...added, invitee: 'Somebody else' });
  });

  it.each([LARGE, '-9223372036854775808', '9007199254740993'])(
    'keeps every digit of %s, sent as a number',
    async (digits) => {
      const text = JSON.stringify(ADDED).replace('"created":7', `"created":${digits}`);
      const answer = await graph.call('POST', '/v1.0/linkedIn/invitations', undefined, { headers: json, body: text });
      expect(answer.text).toContain(`"created":${digits},`);
      expect((await graph.control('GET', 'linkedIn')).text).toContain(`"created":${digits},`);
    },
  );

  it('takes an Int64 as text, and answers with a number', async () => {
    const { text, body } = await add({ ...ADDED, created: '9007199254740993', lastModified: '-3' });
    expect(text).toContain('"created":9007199254740993,"lastModified":-3,');
    expect((await update({ id: body['id'], lastModified: LARGE })).text).toContain(`"lastModified":${LARGE},`);
  });

  it.each([
    ['created', undefined],
    ['created', 1.5],
    ['created', 'Integer'],
    ['created', '9223372036854775808'],
    ['created', true],
    ['lastModified', null],
    ['inviter', undefined],
    ['invitee', 7],
    ['message', undefined],
    ['message', { colour: 'blue' }],
    ['message', { invitationMessage: { body: 7 } }],
    ['trackingId', undefined],
    ['colour', 'blue'],
  ])('answers 400 to a new one whose %s is %j, and adds nothing', async (name, value) => {
    expect(faultOf(await add({ ...ADDED, [name]: value }))).toEqual([400, 'BadRequest', matching(new RegExp(name))]);
    expect((await listed())['value']).toEqual([]);
  });

  it('gives an id of its own to a new one that names one', async () => {
    const id = '4643f650-f650-4643-50f6-434650f64346';
    expect((await add({ ...ADDED, id })).body['id']).not.toBe(id);
  });

  it('answers 400 to an update without an id or with a wrong value, and 404 to one of nothing', async () => {
    const { id } = (await add(ADDED)).body;
    expect(faultOf(await update({ invitee: 'x' }))).toEqual([400, 'BadRequest', "The property 'id' is required."]);
    expect((await update({ id, created: 'Integer' })).status).toBe(400);
    const unknown = '4643f650-f650-4643-50f6-434650f64346';
    expect(faultOf(await update({ id: unknown, invitee: 'x' })).slice(0, 2)).toEqual([404, 'Request_ResourceNotFound']);
    expect((await listed())['value']).toMatchObject([{ id, invitee: 'Invitee value', created: 7 }]);
  });

  it('has nothing to read, and needs no more than a token', async () => {
    expect((await graph.call('GET', '/v1.0/linkedIn/invitations')).status).toBe(405);
    expect((await graph.call('PATCH', '/v1.0/linkedIn/invitations/$ref', ADDED)).status).toBe(405);
    expect((await graph.call('GET', '/v1.0/linkedIn/invitations/1')).status).toBe(400);
    expect((await graph.call('POST', '/v1.0/linkedIn/invitations', ADDED, { headers: {} })).status).toBe(401);
    await graph.behave({ permissions: [] });
    expect((await add(ADDED)).status).toBe(201);
  });

  it.each([
    ['text that is no JSON', '{'],
    ['an array', '[]'],
    ['lists in lists without end', '['.repeat(100_000)],
  ])('answers 400 to %s', async (_, body) => {
    const answer = await graph.call('POST', '/v1.0/linkedIn/invitations', undefined, { headers: json, body });
    expect(faultOf(answer).slice(0, 2)).toEqual([400, 'BadRequest']);
  });

  it('takes the last of two values for one name', async () => {
    const body = JSON.stringify(ADDED).replace('"created":7', '"created":7,"created":8');
    const answer = await graph.call('POST', '/v1.0/linkedIn/invitations', undefined, { headers: json, body });
    expect(answer).toMatchObject({ status: 201, body: { created: 8 } });
  });

  it('forgets them on reset', async () => {
    await add(ADDED);
    await graph.control('POST', 'reset');
    expect(await listed()).toEqual({ value: [], total: 0 });
  });
});
