import { z } from 'zod';
import { type WholeApp, invitationOf, startWholeApp } from '../../support/wholeApp';
import { waitFor } from '../../support/waitFor';

/** At the pace of Graph a thousand take a minute and a half: BULK_ENTRIES=1000 sends as many as one call takes. */
const COUNT = Number(process.env['BULK_ENTRIES'] ?? 250);

let app: WholeApp;
beforeAll(async () => {
  // Azurite filters all that it holds for every query of a tick, so with thousands of entities a tick a second is all it does.
  // And nothing here is about calls that take too long: on a busy machine a second is, and who waits for Graph backs off.
  app = await startWholeApp({ WAKE_SCHEDULE: '*/10 * * * * *', GRAPH_CALL_TIMEOUT: 'PT10S', SEND_LEASE: 'PT30S' });
}, 60_000);
afterAll(() => app.stop());

const bulkSchema = z.looseObject({
  accepted: z.number(),
  alreadyInvited: z.number(),
  value: z.array(z.looseObject({ id: z.string(), line: z.number() })),
});

const mailsSchema = z.object({ value: z.array(z.looseObject({ to: z.string() })) });

it('mails many people of a CSV once each, and nobody when it is sent again', async () => {
  const rows = Array.from({ length: COUNT }, (_, nth) => `person${nth}@fabrikam.com,E${nth}`);
  const body = ['invitedUserEmailAddress,externalId', ...rows].join('\r\n');
  const send = async () => {
    const answer = await app.call('POST', '/api/invitations/bulk', { headers: { 'Content-Type': 'text/csv' }, body });
    expect(answer.status).toBe(202);
    return bulkSchema.parse(answer.body);
  };
  const first = await send();
  expect([first.accepted, first.value.at(-1)?.line]).toEqual([COUNT, COUNT + 1]);
  const again = await send();
  expect([again.alreadyInvited, again.value.map(({ id }) => id)]).toEqual([COUNT, first.value.map(({ id }) => id)]);

  const asked = () => app.graph.calls.filter(({ method, body: text }) => method === 'POST' && text.includes('"person'));
  await waitFor(() => asked().length >= COUNT, {
    timeoutMs: 240_000,
    describe: `${COUNT} requests to Graph`,
  }).catch(async (cause: unknown) => {
    throw new Error(`${asked().length} came. ${await missing(first.value)}`, { cause });
  });
  for (const { id } of first.value) await app.until(id, 'pendingAcceptance', 60_000);
  const { value: mails } = mailsSchema.parse(await app.graph.control('GET', 'mails'));
  expect([mails.length, new Set(mails.map(({ to }) => to)).size]).toEqual([COUNT, COUNT]);
}, 300_000);

/** Who has no mail yet, for whoever reads of a failure. */
async function missing(value: readonly { id: string }[]): Promise<string> {
  const read = await Promise.all(value.map(({ id }) => app.call('GET', `/api/invitations/${id}`)));
  const without = read.map(invitationOf).filter(({ sends }) => sends.length === 0);
  return `Without a mail are ${without.length}, such as ${JSON.stringify(without.slice(0, 3))}.`;
}
