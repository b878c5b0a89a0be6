import { makeLinkedIn } from '../../../shared/graph/linkedIn';
import { aLinkedInRequest } from '../../support/kinds';
import { useSimulator } from '../graphSimulator/simulated';
import { ATTEMPT, anAttempt, callerOf, useRawServer } from './graphUnderTest';

const simulator = useSimulator();
const raw = useRawServer();

const linkedInAt = (baseUrl: string) =>
  makeLinkedIn(callerOf(baseUrl), {
    add: { version: 'beta', path: '/linkedIn/invitations' },
    update: { version: 'v1.0', path: '/linkedIn/invitations' },
  });
const graph = () => linkedInAt(simulator.baseUrl());
const canned = () => linkedInAt(raw.baseUrl());

/** Beyond 2^53, where a double is not exact any more. */
const LONG = { created: '9007199254740993', lastModified: '-9223372036854775808' };

const answer = (body: unknown, status = 200) =>
  raw.answerWith((response) =>
    response
      .writeHead(status, { 'Content-Type': 'application/json' })
      .end(body === undefined ? undefined : JSON.stringify(body)),
  );

it('adds and updates as the pages say, Int64 exact in Graph', async () => {
  const added = await graph().add(aLinkedInRequest(LONG), anAttempt());
  if (added.type !== 'done') throw new Error(JSON.stringify(added));
  const { text } = await simulator.control('GET', 'linkedIn');
  expect(text).toContain('9007199254740993');
  expect(text).toContain('-9223372036854775808');
  const changed = aLinkedInRequest({ ...LONG, created: '9007199254740995', inviter: 'Another' });
  expect(await graph().update(changed, added.graph.id ?? '')).toMatchObject({ type: 'done', graph: added.graph });
  const after = await simulator.control('GET', 'linkedIn');
  expect(after.text).toContain('9007199254740995');
  expect(after.text).toContain('Another');
});

it('sends the example of the page "Add invitations" as it stands there', async () => {
  answer({ id: 'linkedIn-1' }, 201);
  expect(await canned().add(aLinkedInRequest(), anAttempt())).toEqual({
    type: 'done',
    graph: { id: 'linkedIn-1' },
    throttlePercentage: undefined,
  });
  const [{ method, url, headers, body } = { method: '', url: '', headers: {}, body: '' }] = raw.arrived;
  expect([method, url]).toEqual(['POST', '/beta/linkedIn/invitations']);
  expect(headers).toMatchObject({ 'client-request-id': ATTEMPT, 'content-type': 'application/json' });
  expect(JSON.parse(body)).toEqual({
    '@odata.type': '#microsoft.graph.InvitationV2',
    created: 7,
    lastModified: 12,
    inviter: 'Inviter value',
    invitee: 'Invitee value',
    message: {
      '@odata.type': 'microsoft.graph.InvitationV2Message',
      invitationTemplateID: 'Invitation Template ID value',
      invitationMessage: { '@odata.type': 'microsoft.graph.InvitationMessage', body: 'Body value' },
    },
    trackingId: 'Tracking Id value',
  });
});

it('sends every digit, and a message of nothing but its annotation', async () => {
  answer({ id: 'linkedIn-1' });
  await canned().update(aLinkedInRequest({ ...LONG, message: {} }), 'linkedIn-1');
  const [{ method, url, body } = { method: '', url: '', body: '' }] = raw.arrived;
  expect([method, url]).toEqual(['PATCH', '/v1.0/linkedIn/invitations']);
  expect(body).toContain('"created":9007199254740993,"lastModified":-9223372036854775808,');
  expect(JSON.parse(body)).toMatchObject({
    id: 'linkedIn-1',
    message: { '@odata.type': 'microsoft.graph.InvitationV2Message' },
  });
});

it.each([
  ['nothing', undefined],
  ['no id', {}],
  ['an empty id', { id: '' }],
  ['a number', { id: 7 }],
  ['a page of text', { id: 'x'.repeat(257) }],
])('does not know whether it was added where Graph answers %s', async (_what, body) => {
  answer(body, 201);
  expect(await canned().add(aLinkedInRequest(), anAttempt())).toMatchObject({
    type: 'unknown',
    fault: { code: 'unreadableAnswer' },
  });
});

it.each([
  [200, { id: 'linkedIn-1' }],
  [200, undefined],
  [204, undefined],
])('takes %d with %j for an update that is done, for the id is known', async (status, body) => {
  answer(body, status);
  expect(await canned().update(aLinkedInRequest(), 'linkedIn-1')).toMatchObject({
    type: 'done',
    graph: { id: 'linkedIn-1' },
  });
});

it.each([
  [400, 'refused'],
  [403, 'refused'],
  [404, 'refused'],
  [429, 'throttled'],
  [500, 'unknown'],
])('tells %d as %s, for it is this invitation’s own', async (status, type) => {
  answer({ error: { code: 'Authorization_RequestDenied', message: 'x' } }, status);
  expect(await canned().add(aLinkedInRequest(), anAttempt())).toMatchObject({ type });
  expect(await canned().update(aLinkedInRequest(), 'linkedIn-1')).toMatchObject({ type });
});

it('adds nothing once the lease is over', async () => {
  expect(await canned().add(aLinkedInRequest(), anAttempt({ mayStillCall: () => false }))).toMatchObject({
    type: 'later',
  });
  expect(raw.arrived).toEqual([]);
});
