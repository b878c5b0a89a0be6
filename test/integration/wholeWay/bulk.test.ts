import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { type Answer, type WholeApp, errorOf, invitationOf, startWholeApp } from '../../support/wholeApp';
import { waitFor } from '../../support/waitFor';

const ROOT = path.join(__dirname, '../../..');

let app: WholeApp;
beforeAll(async () => {
  app = await startWholeApp({ QUOTA_PER_CALLER: '0' });
}, 60_000);
afterEach(() => app.tables.breakCalls(() => undefined));
afterAll(() => app.stop());

const resultSchema = z.strictObject({
  index: z.number(),
  line: z.number().optional(),
  recipient: z.number().optional(),
  status: z.number(),
  id: z.string().optional(),
  location: z.string().optional(),
  warnings: z.array(z.looseObject({ code: z.string() })).optional(),
  retryAfter: z.number().optional(),
  error: z.looseObject({ code: z.string() }).optional(),
  invitation: z.looseObject({ status: z.string() }).optional(),
  sameAs: z.looseObject({ index: z.number() }).optional(),
});
const bulkSchema = z.strictObject({
  batchId: z.string().optional(),
  dryRun: z.literal(true).optional(),
  accepted: z.number(),
  alreadyInvited: z.number(),
  refused: z.number(),
  value: z.array(resultSchema),
});
type Bulk = z.output<typeof bulkSchema>;

const JSON_TYPE = { 'Content-Type': 'application/json' };
const CSV_TYPE = { 'Content-Type': 'text/csv' };

const send = (body: string, headers: Record<string, string>, query = '') =>
  app.call('POST', `/api/invitations/bulk${query}`, { headers, body });
const bulk = (invitations: object[], headers: Record<string, string> = {}, query = '') =>
  send(JSON.stringify({ invitations }), { ...JSON_TYPE, ...headers }, query);

function of(answer: Answer, status = 202): Bulk {
  if (answer.status !== status) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  return bulkSchema.parse(answer.body);
}

const guests = (name: string, count: number, more: object = {}) =>
  Array.from({ length: count }, (_, nth) => ({ invitedUserEmailAddress: `${name}${nth}@fabrikam.com`, ...more }));

const statusesOf = ({ value }: Bulk) => value.map(({ status }) => status);
const FAR = { notBefore: '2999-01-01T00:00:00Z' };

const mailsSchema = z.object({ value: z.array(z.looseObject({ to: z.string() })) });
const mailed = async (name: string) =>
  mailsSchema.parse(await app.graph.control('GET', 'mails')).value.filter(({ to }) => to.startsWith(name));

/** Waits until Graph was asked for so many whose names begin like this. Looking at all mails again and again costs more. */
const asked = (name: string, count: number, timeoutMs: number) =>
  waitFor(
    () => app.graph.calls.filter(({ method, body }) => method === 'POST' && body.includes(`"${name}`)).length >= count,
    { timeoutMs, describe: `${count} requests to Graph` },
  );

it('answers each entry by itself, and one bad one stops none', async () => {
  const answer = of(await bulk([...guests('mixed', 2), { invitedUserEmailAddress: 'none' }, ...guests('mixed', 1)]));
  expect(statusesOf(answer)).toEqual([202, 202, 400, 200]);
  expect([answer.accepted, answer.alreadyInvited, answer.refused]).toEqual([2, 1, 1]);
  expect(answer.value[2]).toMatchObject({ index: 2, error: { code: 'invalidRequest' } });
  expect(answer.value[3]?.id).toBe(answer.value[0]?.id);
  await app.until(answer.value[0]!.id!, 'pendingAcceptance');
  expect(await app.graph.mailCount('mixed0@fabrikam.com')).toBe(1);
  const { pathname } = new URL(answer.value[1]!.location!);
  const found = await app.call('GET', pathname);
  expect([invitationOf(found).id, invitationOf(found)['batchId']]).toEqual([answer.value[1]!.id, answer.batchId]);
});

it('is 202 even if all failed', async () => {
  const answer = of(await bulk([{}, { invitedUserEmailAddress: 'none' }, { kind: 'unknown' }]));
  expect([statusesOf(answer), answer.refused]).toEqual([[400, 400, 400], 3]);
});

it('answers a repeat with the same key as before, and 422 for another body', async () => {
  const key = { 'Idempotency-Key': 'bulk-repeat' };
  const first = await bulk(guests('repeat', 40, FAR), key);
  expect(of(first).accepted).toBe(40);
  expect((await bulk(guests('repeat', 40, FAR), key)).body).toEqual(first.body);
  const other = await bulk(guests('repeat', 41, FAR), key);
  expect([other.status, errorOf(other).code]).toEqual([422, 'idempotencyKeyReused']);
});

it('finishes on a repeat what died in the middle, under the same ids, and mails nobody twice', async () => {
  const key = { 'Idempotency-Key': 'bulk-death' };
  // From the sixth transaction on every write fails, as if the process had died there.
  let transactions = 0;
  app.tables.breakCalls(({ method, path: target, body }) => {
    if (target.includes('$batch') && body.includes('death')) transactions += 1;
    return transactions > 5 && method !== 'GET' ? 'before' : undefined;
  });
  expect((await bulk(guests('death', 100), key)).status).toBe(503);
  app.tables.breakCalls(() => undefined);
  const early = await bulk(guests('death', 100), key);
  expect([early.status, errorOf(early).code, early.headers.get('retry-after')]).toEqual([409, 'inProgress', '5']);
  await app.jump(61_000);
  const answer = of(await bulk(guests('death', 100), key));
  expect(new Set(answer.value.map(({ id }) => id)).size).toBe(100);
  expect(answer.accepted).toBe(100);
  await asked('death', 100, 60_000);
  for (const { id } of answer.value) await app.until(id!, 'pendingAcceptance');
  expect(await mailed('death')).toHaveLength(100);
}, 120_000);

it('takes Microsoft’s template and tells lines', async () => {
  const template = readFileSync(path.join(ROOT, 'samples/bulk-invite-template.csv'), 'utf8');
  const answer = of(await send(`${template}not an address,https://myapp.contoso.com,,\r\n`, CSV_TYPE));
  expect(answer.value.map(({ index, line, status }) => [index, line, status])).toEqual([
    [0, 3, 202],
    [1, 4, 202],
    [2, 5, 202],
    [3, 6, 400],
  ]);
  const { body } = await app.get(answer.value[0]!.id!);
  expect(body).toMatchObject({ invitedUserMessageInfo: { customizedMessageBody: 'Welcome to Contoso, Megan.' } });
});

it('says in a dry run what would be, and writes nothing', async () => {
  const { id } = await app.invite('dry-open@fabrikam.com', FAR);
  const earlier = app.tables.calls.length;
  const people = [...guests('dry', 2), { invitedUserEmailAddress: 'dry-open@fabrikam.com' }, ...guests('dry', 1)];
  const answer = of(await bulk(people, { 'Idempotency-Key': 'dry' }, '?dryRun=true'), 200);
  expect([statusesOf(answer), answer.dryRun, answer.value[2]?.id]).toEqual([[202, 202, 200, 200], true, id]);
  expect(answer.value[3]?.sameAs).toEqual({ index: 0 });
  const { sendAt, reminders, expiresAt } = answer.value[0]!.invitation as Record<string, string | string[]>;
  const daysLater = (instant: string) => Math.round((Date.parse(instant) - Date.parse(sendAt as string)) / 86_400_000);
  expect([(reminders as string[]).map(daysLater), daysLater(expiresAt as string)]).toEqual([[3, 7], 30]);
  // Workers may be sending others; of these people nothing was written, and no key or quota was taken.
  const written = app.tables.calls.slice(earlier).filter(({ method }) => method !== 'GET');
  expect(
    written.filter(({ path: at, body }) => /IdempotencyKeys|quota/.test(at + body) || body.includes('dry')),
  ).toEqual([]);
  const odd = await bulk(people, {}, '?dryRun=yes');
  expect([odd.status, errorOf(odd).details]).toMatchObject([400, [{ target: 'dryRun' }]]);
});

it('refuses what is too much, of no known type, or no list', async () => {
  const refusal = async (answer: Promise<Answer>) => {
    const { status, headers } = await answer;
    return [status, headers.get('x-ms-error-code')];
  };
  const many = guests('many', 1001);
  expect(await refusal(bulk(many))).toEqual([413, 'tooManyEntries']);
  expect(await refusal(send(`externalId\n${'1\n'.repeat(1001)}`, CSV_TYPE))).toEqual([413, 'tooManyEntries']);
  expect(await refusal(bulk([{ x: 'x'.repeat(1024 * 1024) }]))).toEqual([413, 'bodyTooLarge']);
  expect(await refusal(send('a', { 'Content-Type': 'text/plain' }))).toEqual([415, 'unsupportedMediaType']);
  expect(await refusal(send('a', { 'Content-Type': 'text/csv; charset=utf-16' }))).toEqual([
    415,
    'unsupportedMediaType',
  ]);
  expect(await refusal(send('{"invitations":{}}', JSON_TYPE))).toEqual([400, 'invalidRequest']);
  expect(await refusal(send('{"invitations":[],"source":"hr"}', JSON_TYPE))).toEqual([400, 'invalidRequest']);
  expect(await refusal(send('{"invitations":', JSON_TYPE))).toEqual([400, 'invalidJson']);
  expect(await refusal(send('Department\nHR', CSV_TYPE))).toEqual([400, 'invalidCsv']);
  expect(of(await bulk([])).value).toEqual([]);
});

it('runs the examples of docs/api-bulk.md', async () => {
  const page = readFileSync(path.join(ROOT, 'docs/api-bulk.md'), 'utf8');
  const examples = [...page.matchAll(/^```\n(curl [\s\S]*?)\n```$/gm)].map(([, command = '']) => command);
  expect(examples).toHaveLength(4);
  const origin = new URL(app.host.url('/')).origin;
  const answers: Bulk[] = [];
  for (const example of examples) {
    const command = example.replaceAll('http://127.0.0.1:7071', origin);
    const { stdout } = await promisify(execFile)('sh', ['-c', `${command} --silent --show-error`], { cwd: ROOT });
    answers.push(bulkSchema.parse(JSON.parse(stdout)));
  }
  expect(answers.map(({ dryRun, value }) => [dryRun, value.length])).toEqual([
    [undefined, 3],
    [undefined, 3],
    [undefined, 25],
    [true, 25],
  ]);
  // The one of the demo's people whose address is none.
  const refused = answers.flatMap(({ value }) => value.filter(({ error }) => error));
  expect(refused.map(({ line, status }) => [line, status])).toEqual([
    [14, 400],
    [14, 400],
  ]);
});
