import { z } from 'zod';
import { waitFor } from '../../support/waitFor';
import { type Answer, type WholeApp, invitationOf } from '../../support/wholeApp';
import { PEOPLE, PLANTED, PLANTED_URL, type Person, addressOf, ticketOf } from './canaries';
import { NO_HINTS, type makeStranger } from './strangers';

const DAY_MS = 24 * 3600_000;
const INVITATIONS = '/api/invitations';

export interface Lived {
  answers: Answer[];
  /** Those of every mail, and the one that was asked for. */
  tickets: string[];
}

/** A bit of everything that touches an address or a ticket: sent, refused, lost, throttled, revoked, put away, redeemed. */
export async function lifeOfAll(app: WholeApp, stranger: ReturnType<typeof makeStranger>, key: string): Promise<Lived> {
  const answers: Answer[] = [];
  const ask: Ask = async (method, path, body, headers = {}) => {
    const answer = await app.call(method, path, {
      headers: { 'Content-Type': 'application/json', 'x-functions-key': key, ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    answers.push(answer);
    return answer;
  };
  const people = makePeople(ask);
  const { idOf } = people;
  const logged = (pattern: RegExp, times: number) =>
    waitFor(() => app.host.logs.filter(({ message }) => pattern.test(message)).length >= times, {
      timeoutMs: 20_000,
      describe: `${times} logs like ${String(pattern)}`,
    });

  await graphQuotes(app);
  for (const person of PEOPLE) if (person !== 'bystander') await people.invite(person);
  for (const person of [
    'sent.one',
    'sent.two',
    'throttled',
    'busy',
    'unknown',
    'broken',
    'redeemer',
    'revoked',
  ] as const)
    await people.until(person, 'pendingAcceptance');
  for (const person of ['refused', 'odd.code'] as const) await people.until(person, 'failed');
  const given = await giveRedeemUrl(app, idOf('sent.two'), key);
  await app.graph.redeem(addressOf('redeemer'));
  await ask('POST', `${INVITATIONS}/${idOf('revoked')}/revoke`);
  await refusedRequests(ask, idOf('refused'));

  app.tables.breakCalls(() => 'before');
  await ask('POST', INVITATIONS, { invitedUserEmailAddress: addressOf('bystander') }, { 'Idempotency-Key': PLANTED });
  await ask('GET', '/api/health');
  await stranger.send({ id: idOf('sent.one'), wakeUp: `w-${PLANTED}` });
  await logged(/Table Storage did not answer/, 2);
  app.tables.breakCalls(() => undefined);

  await stranger.send(...NO_HINTS, { id: '01900000-0000-7000-8000-000000000000', wakeUp: PLANTED });
  await logged(/Unreadable hint/, NO_HINTS.length);
  await logged(/Hint for unknown invitation/, 1);
  await app.host.stopHost();
  await stranger.deadLetter(
    { id: idOf('sent.two'), wakeUp: PLANTED },
    { email: addressOf('sent.one'), url: PLANTED_URL },
  );
  await app.host.restartHost();
  await logged(/Dead letter/, 2);

  await app.jump(4 * DAY_MS);
  await people.until('redeemer', 'accepted');
  const tickets = [given, ...(await ticketsOfMails(app, addressOf('sent.one'), 2))];
  for (const person of PEOPLE) if (person !== 'bystander') await ask('GET', `${INVITATIONS}/${idOf(person)}`);
  return { answers, tickets };
}

type Ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;

function makePeople(ask: Ask) {
  const ids = new Map<Person, string>();
  const idOf = (person: Person): string => ids.get(person)!;
  const invite = async (person: Person): Promise<void> => {
    const answer = await ask('POST', INVITATIONS, { invitedUserEmailAddress: addressOf(person) });
    ids.set(person, invitationOf(answer).id);
  };
  const until = (person: Person, status: string) =>
    waitFor(
      async () => {
        const answer = await ask('GET', `${INVITATIONS}/${idOf(person)}`);
        return answer.status === 200 && invitationOf(answer).status === status;
      },
      { timeoutMs: 30_000, describe: `${person} to be ${status}` },
    );
  return { idOf, invite, until };
}

/** Graph’s refusals quote the address and a redeem URL. */
async function graphQuotes({ graph }: WholeApp): Promise<void> {
  const post = (person: Person, answer: number | string, more: object = {}) => ({
    method: 'POST',
    path: '/invitations',
    email: addressOf(person),
    answer,
    message: `'${addressOf(person)}' was asked by ${PLANTED_URL}, ticket=${PLANTED}.`,
    ...more,
  });
  await graph.behave({
    redeemUrlForm: 'alternate',
    faults: [
      post('refused', 400),
      post('odd.code', 400, { code: `Bad ${addressOf('odd.code')}` }),
      post('throttled', 429, { retryAfter: 1 }),
      post('busy', 503, { retryAfter: 1 }),
      post('unknown', 'resetAfter'),
      post('broken', 500, { after: true }),
      { method: 'GET', path: '/users', answer: 500, message: `No ${addressOf('sent.one')} at ${PLANTED_URL}` },
    ],
  });
}

async function refusedRequests(ask: Ask, failedId: string): Promise<void> {
  const address = addressOf('bystander');
  const taken = { invitedUserEmailAddress: addressOf('sent.one'), onDuplicate: 'reject' };
  const post = (body: unknown, headers?: Record<string, string>) => ask('POST', INVITATIONS, body, headers);
  const refused = [
    await post({ [address]: 1, invitedUserEmailAddress: `${address},x` }),
    await post({ invitedUserEmailAddress: address, inviteRedeemUrl: PLANTED_URL }),
    await post({ invitedUserEmailAddress: address, kind: PLANTED_URL, metadata: { [address]: PLANTED } }),
    await post({ invitedUserEmailAddress: address, inviteRedirectUrl: `http://${address}/${PLANTED}` }),
    await post(`{"invitedUserEmailAddress": "${address}" "${PLANTED_URL}"`),
    await post(`{"a": "${address.repeat(5_000)}"}`),
    await post('{}', { 'Content-Type': address }),
    await post('{}', { 'Content-Type': `text/plain${PLANTED}` }),
    await post(taken),
    await post(taken, { 'Idempotency-Key': `${address} ${PLANTED}` }),
    await post(taken, { 'x-functions-key': 'another' }),
    await ask('GET', `${INVITATIONS}/${address}`),
    await ask('GET', `${INVITATIONS}/${encodeURIComponent(PLANTED)}`),
    await ask('POST', `${INVITATIONS}/${address}/revoke`),
    await ask('POST', `${INVITATIONS}/${failedId}/resend`),
  ];
  const statuses = refused.map(({ status }) => status);
  expect(statuses).toEqual([400, 400, 400, 400, 400, 413, 415, 415, 409, 400, 401, 404, 404, 404, 409]);
}

/** The one answer that holds a ticket, because that is what was asked for; it is not among `answers`. */
async function giveRedeemUrl(app: WholeApp, id: string, key: string): Promise<string> {
  const answer = await app.call('POST', `${INVITATIONS}/${id}/redeemUrl`, { headers: { 'x-functions-key': key } });
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
  return ticketOf(z.object({ inviteRedeemUrl: z.string() }).parse(answer.body).inviteRedeemUrl);
}

/** Of all mails, once the person has got so many. */
async function ticketsOfMails({ graph }: WholeApp, email: string, count: number): Promise<string[]> {
  const schema = z.object({ value: z.array(z.object({ to: z.string(), redeemUrl: z.string() })) });
  const mails = await waitFor(async () => {
    const { value } = schema.parse(await graph.control('GET', 'mails'));
    return value.filter(({ to }) => to === email).length >= count && value;
  });
  return mails.map(({ redeemUrl }) => ticketOf(redeemUrl));
}
