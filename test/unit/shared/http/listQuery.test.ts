import { HttpRequest } from '@azure/functions';
import { readListQuery } from '../../../../shared/http/listQuery';
import { listTokens } from '../../../../shared/http/listToken';

const KEY = 'a hash key of the tests';

const TOKENS = listTokens(KEY, '');

const read = (query: string, headers: Record<string, string> = {}) => {
  const url = `https://x.example/api/invitations?${query}`;
  return readListQuery(new HttpRequest({ method: 'GET', url, headers }), KEY, TOKENS);
};

function understood(query: string, headers: Record<string, string> = {}) {
  const result = read(query, headers);
  if (!result.ok) throw new Error(JSON.stringify(result.answer.jsonBody));
  return result.query;
}

interface Refusal {
  error: { code: string; details: { code: string; target: string; message: string }[] };
}

function faults(query: string) {
  const result = read(query);
  if (result.ok) throw new Error('Nothing was refused.');
  expect([result.answer.status, (result.answer.jsonBody as Refusal).error.code]).toEqual([400, 'invalidRequest']);
  return (result.answer.jsonBody as Refusal).error.details;
}

const named = (query: string) => faults(query).map(({ code, target }) => `${code} ${target}`);

describe('the query of a list', () => {
  it('is fifty of all when nothing is asked', () => {
    expect(understood('')).toEqual({ filter: {}, pageSize: 50, isPreferred: false });
  });

  it('takes every filter, an address as the hash that everybody’s way of writing it shares', () => {
    const rest = 'status=queued&kind=guest&source=workday&externalId=47%2F11&createdAfter=2026-03-02T09:00:00Z';
    const { filter } = understood(`${rest}&createdBefore=2026-03-02T12:00:00.5%2B02:00&email=Ada@Fabrikam.example`);
    expect(filter).toEqual({
      status: 'queued',
      kind: 'guest',
      source: 'workday',
      externalId: '47/11',
      createdAfter: '2026-03-02T09:00:00.000Z',
      createdBefore: '2026-03-02T10:00:00.500Z',
      person: 'd634765eaaac738d4867f19945488c54',
    });
    expect(understood('email=ada@fabrikam.example').filter).toEqual({ person: filter.person });
  });

  it('takes an offset whose + was not encoded', () => {
    expect(understood('createdAfter=2026-03-02T09:00:00+02:00').filter.createdAfter).toBe('2026-03-02T07:00:00.000Z');
  });

  it('leaves the function key out of it', () => {
    expect(understood('code=a-key').filter).toEqual({});
  });

  it('lists every fault at once, and repeats no value', () => {
    const query = 'status=open&kind=fax&email=nobody&createdAfter=yesterday&maxpagesize=1001&page=2&source=';
    expect(named(query).sort()).toEqual([
      'invalidValue createdAfter',
      'invalidValue email',
      'invalidValue kind',
      'invalidValue maxpagesize',
      'invalidValue source',
      'invalidValue status',
      'unknownParameter page',
    ]);
    expect(JSON.stringify(faults(query))).not.toMatch(/nobody|yesterday|fax|1001"/);
  });

  it('says what may be asked', () => {
    expect(faults('status=open')[0]?.message).toBe(
      'status must be one of awaitingApproval, scheduled, queued, pendingAcceptance, accepted, failed, expired, revoked, ' +
        'rejected, needsReview.',
    );
    expect(faults('maxpagesize=0')[0]?.message).toBe('maxpagesize must be a whole number from 1 to 1000.');
    expect(faults('top=5')[0]?.message).toBe(
      'top is no parameter of this list, which takes status, kind, email, source, externalId, createdAfter, ' +
        'createdBefore, maxpagesize, skiptoken.',
    );
  });

  it('refuses what is given twice, a time that ends before it begins, and names that are none', () => {
    expect(named('status=queued&status=failed')).toEqual(['repeatedParameter status']);
    expect(named('createdAfter=2026-03-02T09:00:00Z&createdBefore=2026-03-02T09:00:00Z')).toEqual([
      'invalidValue createdBefore',
    ]);
    expect(named('ada@fabrikam.example=1')).toEqual(['unknownParameter (no name)']);
  });

  it.each(['0', '-1', '1.5', '1e2', '+5', '05', ' 5', '', '99999'])('refuses %j as a page’s size', (size) => {
    expect(named(`maxpagesize=${encodeURIComponent(size)}`)).toEqual(['invalidValue maxpagesize']);
  });
});

describe('a Prefer header', () => {
  it.each([
    ['odata.maxpagesize=10', 10],
    ['maxpagesize=10', 10],
    ['respond-async, odata.maxpagesize = "10"; x=y', 10],
    ['odata.maxpagesize=5000', 1000],
  ])('%j is honoured', (prefer, pageSize) => {
    expect(understood('', { prefer })).toMatchObject({ pageSize, isPreferred: true });
  });

  it.each(['odata.maxpagesize=0', 'odata.maxpagesize=x', 'odata.maxpagesize=-5', 'return=minimal', 'xmaxpagesize=5'])(
    '%j is passed over',
    (prefer) => {
      expect(understood('', { prefer })).toMatchObject({ pageSize: 50, isPreferred: false });
    },
  );

  it('gives way to the query', () => {
    const prefer = 'odata.maxpagesize=10';
    expect(understood('maxpagesize=20', { prefer })).toMatchObject({ pageSize: 20, isPreferred: false });
  });
});

describe('a continuation token', () => {
  const from = { after: '019cadc6-9a80-7abc-8def-01234567890b', ahead: [] };
  const token = (status: 'queued' | 'failed') => TOKENS.seal({ filter: { status }, from });

  it('brings its filter along', () => {
    expect(understood(`skiptoken=${token('queued')}`)).toMatchObject({ filter: { status: 'queued' }, from });
    expect(understood(`status=queued&skiptoken=${token('queued')}`)).toMatchObject({ filter: { status: 'queued' } });
  });

  it('is refused beside other filters, and when it is none', () => {
    expect(faults(`status=failed&skiptoken=${token('queued')}`)).toMatchObject([
      { code: 'invalidSkipToken', target: 'skiptoken', message: expect.stringContaining('other filters') as unknown },
    ]);
    expect(faults('skiptoken=1.forged')).toMatchObject([
      { code: 'invalidSkipToken', message: expect.stringContaining('not one that this list gave you') as unknown },
    ]);
  });
});
