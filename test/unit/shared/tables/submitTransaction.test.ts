import { type PipelineRequest, createHttpHeaders } from '@azure/core-rest-pipeline';
import { RestError, TableClient, type TransactionAction } from '@azure/data-tables';
import fc from 'fast-check';
import { makeSubmitTransaction } from '../../../../shared/tables/submitTransaction';

const KEY = Buffer.from('a key').toString('base64');
const ACCOUNT = `AccountName=acc;AccountKey=${KEY}`;
const INSECURE = { allowInsecureConnection: true };
const SIGNATURE = 'SharedAccessSignature=sv=2019&sig=a%2Bb';

const from = (text: string) => () => TableClient.fromConnectionString(text, 'Invitations', INSECURE);
const token = { getToken: () => Promise.resolve({ token: 'a-token', expiresOnTimestamp: Date.now() + 3600_000 }) };

const CLIENTS: Record<string, () => TableClient> = {
  'an emulator': from('UseDevelopmentStorage=true'),
  'an account key': from(`DefaultEndpointsProtocol=https;${ACCOUNT};EndpointSuffix=core.windows.net`),
  'a shared access signature': from(`TableEndpoint=https://acc.table.core.windows.net/;${SIGNATURE}`),
  'an identity': () => new TableClient('https://acc.table.core.windows.net/', 'Invitations', token),
};

const MULTIPART = createHttpHeaders({ 'content-type': 'multipart/mixed; boundary=batchresponse_1' });

/** What comes to a server that answers nothing of use. */
async function arrived(client: TableClient, submit: TableClient['submitTransaction'], actions: TransactionAction[]) {
  const requests: PipelineRequest[] = [];
  client.pipeline.addPolicy(
    {
      name: 'arrival',
      sendRequest: (request) => {
        requests.push(request);
        return Promise.resolve({ request, status: 202, headers: MULTIPART, bodyAsText: '' });
      },
    },
    { afterPhase: 'Sign' },
  );
  await submit.call(client, actions);
  const [request] = requests;
  return {
    url: request?.url,
    method: request?.method,
    headers: [...(request?.headers ?? [])].map(([name, value]) => `${name}: ${shown(name, value)}`),
    body: (request?.body as string).replaceAll(UUID, 'a-uuid'),
  };
}

const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
/** These tell one request from the next. */
const shown = (name: string, value: string): string =>
  /^(x-ms-date|authorization)$/.test(name) ? '…' : value.replaceAll(UUID, 'a-uuid');

async function both(make: () => TableClient, actions: TransactionAction[]) {
  const [theirs, ours] = [make(), make()];
  return {
    theirs: await arrived(theirs, (...given) => theirs.submitTransaction(...given), actions),
    ours: await arrived(ours, makeSubmitTransaction(ours, INSECURE), actions),
  };
}

const keys = { partitionKey: '0a', rowKey: 'w-1-2026-11-21T01:59:27.123Z-x' };
const EVERY_KIND: TransactionAction[] = [
  ['create', { ...keys, status: 'queued', attempts: 1, isOpen: true, gone: undefined }],
  ['update', { ...keys, state: '{"a":"ä\u2028"}' }, 'Replace', { etag: 'W/"1"' }],
  ['update', { ...keys, state: 'x' }],
  ['upsert', keys, 'Replace'],
  ['upsert', { ...keys, share: 0.5, piece: Buffer.from('some bytes') }],
  ['delete', keys],
];

it.each(Object.entries(CLIENTS))('sends the bytes that the SDK sends, with %s', async (_name, make) => {
  const { theirs, ours } = await both(make, EVERY_KIND);
  expect(ours).toEqual(theirs);
  expect(ours.body).toContain('DELETE http');
});

const property = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.double({ noNaN: true }),
  fc.boolean(),
  fc.uint8Array(),
  fc.constant(undefined),
);
const name = fc.oneof(
  fc.string().map((text) => `p${text}`),
  fc.constantFrom('etag', 'timestamp', '__proto'),
);
// A surrogate alone is no key: encodeURIComponent throws in both.
const key = fc.string({ unit: 'grapheme' });
const entity = fc
  .tuple(fc.dictionary(name, property), key)
  .map(([properties, rowKey]) => ({ ...properties, partitionKey: '0a', rowKey }));
const mode = fc.constantFrom('Merge' as const, 'Replace' as const);
const action: fc.Arbitrary<TransactionAction> = fc.oneof(
  fc.tuple(fc.constantFrom('create' as const, 'delete' as const), entity),
  fc.tuple(fc.constant('upsert' as const), entity, mode),
  fc.tuple(fc.constant('update' as const), entity, mode, fc.record({ etag: fc.constantFrom('W/"1"', '*') })),
);

it('sends the bytes that the SDK sends, whatever is in an entity', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 4 }), async (actions) => {
      const { theirs, ours } = await both(from('UseDevelopmentStorage=true'), actions);
      expect(ours).toEqual(theirs);
    }),
    { numRuns: 200 },
  );
});

it('writes nothing that a table would get as something else', async () => {
  const client = from('UseDevelopmentStorage=true')();
  const submit = makeSubmitTransaction(client, INSECURE);
  const dated = { ...keys, at: new Date(0) };
  await expect(submit([['create', dated]])).rejects.toThrow('at is of type object');
});

/** A server that answers this to every transaction. */
async function answered(status: number, bodyAsText: string) {
  const client = TableClient.fromConnectionString('UseDevelopmentStorage=true', 'Invitations', INSECURE);
  client.pipeline.addPolicy(
    {
      name: 'answer',
      sendRequest: (request) => Promise.resolve({ request, status, headers: MULTIPART, bodyAsText }),
    },
    { afterPhase: 'Sign' },
  );
  return makeSubmitTransaction(
    client,
    INSECURE,
  )([
    ['create', { partitionKey: '0a', rowKey: 'one' }],
    ['delete', { partitionKey: '0a', rowKey: 'two' }],
  ]);
}

const part = (head: string, ...more: string[]): string =>
  ['--changesetresponse_1', 'Content-Type: application/http', '', `HTTP/1.1 ${head}`, ...more, '', ''].join('\r\n');
const whole = (...parts: string[]): string =>
  ['--batchresponse_1', '', ...parts, '--changesetresponse_1--', '--batchresponse_1--', ''].join('\r\n');

it('gives the status and the ETag of each part', async () => {
  const answer = await answered(202, whole(part('204 No Content', 'ETag: W/"1"'), part('204 No Content')));
  expect(answer.subResponses).toEqual([
    { status: 204, etag: 'W/"1"', rowKey: 'one' },
    { status: 204, rowKey: 'two' },
  ]);
  expect(answer.getResponseForEntity('one')?.etag).toBe('W/"1"');
});

const body = (code: string) => `{"odata.error":{"code":"${code}","message":{"lang":"en-US","value":"1:No."}}}`;

it.each<[why: string, answer: [number, string], refused: Partial<RestError>]>([
  [
    'a part is refused',
    [202, whole(part('409 Conflict', '', body('EntityAlreadyExists')))],
    { statusCode: 409, code: 'EntityAlreadyExists', message: '1:No.' },
  ],
  ['a part is refused without a word', [202, whole(part('412 Precondition Failed'))], { statusCode: 412 }],
  ['the whole is refused', [400, body('InvalidInput')], { statusCode: 400, code: 'InvalidInput' }],
  ['something on the way answers', [403, '<html></html>'], { statusCode: 403, message: 'Transaction Failed' }],
])('throws what %s with', async (_why, [status, text], refused) => {
  const error: unknown = await answered(status, text).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(RestError);
  expect(error).toMatchObject(refused);
});
