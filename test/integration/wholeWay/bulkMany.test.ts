import { z } from 'zod';
import { type WholeApp, startWholeApp } from '../../support/wholeApp';
import { waitFor } from '../../support/waitFor';

/** At the pace of Graph a thousand take a minute and a half: BULK_ENTRIES=1000 sends as many as one call takes. */
const COUNT = Number(process.env['BULK_ENTRIES'] ?? 250);

let app: WholeApp;
beforeAll(async () => {
  // Azurite filters all that it holds for every query of a tick, so with thousands of entities a tick a second is all it does.
  app = await startWholeApp({ WAKE_SCHEDULE: '*/10 * * * * *' });
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
  await waitFor(() => asked().length >= COUNT, { timeoutMs: 240_000, describe: `${COUNT} requests to Graph` });
  for (const { id } of first.value) await app.until(id, 'pendingAcceptance', 60_000);
  const { value: mails } = mailsSchema.parse(await app.graph.control('GET', 'mails'));
  expect([mails.length, new Set(mails.map(({ to }) => to)).size]).toEqual([COUNT, COUNT]);
}, 300_000);
