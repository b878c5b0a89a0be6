import crypto from 'node:crypto';
import {
  type PipelinePolicy,
  type PipelineRequest,
  type PipelineResponse,
  createHttpHeaders,
  createPipelineRequest,
} from '@azure/core-rest-pipeline';
import { TableClient } from '@azure/data-tables';
import fc from 'fast-check';
import { tableClients } from '../../../../shared/tables/openTables';
import { SHARED_KEY_POLICY, makeSharedKeyPolicy, sharedKeyOf } from '../../../../shared/tables/sharedKeyPolicy';

const KEY = Buffer.from('the key of an account').toString('base64');
const CONNECTION = `DefaultEndpointsProtocol=https;AccountName=acc;AccountKey=${KEY};EndpointSuffix=core.windows.net`;

const signing = ({ pipeline }: TableClient): PipelinePolicy | undefined =>
  pipeline.getOrderedPolicies().find(({ name }) => name === SHARED_KEY_POLICY);

/** The headers that a request goes on with. */
async function signed(policy: PipelinePolicy | undefined, given: Pick<PipelineRequest, 'url' | 'body'>) {
  const headers = createHttpHeaders({ 'x-ms-date': 'Sat, 21 Nov 2026 01:59:27 GMT' });
  const request = createPipelineRequest({ method: 'POST', ...given, headers });
  const answer: PipelineResponse = { request, status: 204, headers: createHttpHeaders() };
  await policy?.sendRequest(request, () => Promise.resolve(answer));
  return request.headers.toJSON({ preserveCase: true });
}

describe('signing with an account’s key', () => {
  const theirs = signing(TableClient.fromConnectionString(CONNECTION, 'Invitations'));
  const ours = makeSharedKeyPolicy({ account: 'acc', key: KEY });

  it('leaves the very headers that the SDK leaves, whatever the path, the query and the body', async () => {
    expect(theirs).toBeDefined();
    const query = fc.option(fc.record({ name: fc.constantFrom('comp', '$filter', 'COMP'), value: fc.string() }));
    const bodies = fc.option(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constant(Buffer.from('bytes'))));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string()), query, bodies, async (path, asked, body) => {
        const url = new URL('https://acc.table.core.windows.net/');
        url.pathname = path.map(encodeURIComponent).join('/');
        if (asked) url.searchParams.set(asked.name, asked.value);
        const given = { url: url.href, ...(body === null ? {} : { body }) };
        const left = await signed(ours, given);
        expect(left).toEqual(await signed(theirs, given));
        expect(left['authorization']).toMatch(/^SharedKeyLite acc:/);
      }),
    );
  });

  it('tells the time itself where no date is set', async () => {
    const request = createPipelineRequest({ url: 'https://acc.table.core.windows.net/Invitations' });
    await ours.sendRequest(request, () =>
      Promise.resolve({ request, status: 204, headers: createHttpHeaders() } satisfies PipelineResponse),
    );
    expect(Math.abs(Date.parse(request.headers.get('x-ms-date') ?? '') - Date.now())).toBeLessThan(60_000);
  });

  it('is what the clients of all tables do', async () => {
    const { invitations } = await tableClients({ type: 'connectionString', connectionString: CONNECTION });
    const own = TableClient.fromConnectionString(CONNECTION, 'Invitations');
    const given = { url: `${own.url}/Invitations`, body: 'text' };
    const hmacs = jest.spyOn(crypto, 'createHmac');
    expect(await signed(signing(invitations), given)).toEqual(await signed(theirs, given));
    // Ours first, with a key that is made already; then the SDK's, which makes one of text each time.
    expect(hmacs.mock.calls.map(([, key]) => key instanceof crypto.KeyObject)).toEqual([true, false]);
    hmacs.mockRestore();
  });
});

describe('the key of a connection string', () => {
  it.each([
    [CONNECTION, { account: 'acc', key: KEY }],
    [` accountname=acc ; ACCOUNTKEY=${KEY};TableEndpoint=http://127.0.0.1:1/acc`, { account: 'acc', key: KEY }],
    ['TableEndpoint=https://acc.table.core.windows.net/;SharedAccessSignature=sv=2019&sig=a', undefined],
    ['UseDevelopmentStorage=true', undefined],
    ['AccountName=acc;AccountKey=', undefined],
    ['', undefined],
  ])('of %s', (connectionString, key) => {
    expect(sharedKeyOf(connectionString)).toEqual(key);
  });
});
