import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { KEY_CALLER } from '../../../shared/http/caller';
import { type WholeApp, errorOf, invitationOf, startWholeApp } from '../../support/wholeApp';

let app: WholeApp;
beforeAll(async () => {
  app = await startWholeApp();
});
afterAll(() => app.stop());

const FAR = { notBefore: '2999-01-01T00:00:00Z' };

const pageSchema = z.strictObject({
  value: z.array(z.looseObject({ id: z.string(), status: z.string(), invitedUserEmailAddress: z.string() })),
  nextLink: z.string().optional(),
});

async function list(query: string, headers: Record<string, string> = {}) {
  const answer = await app.call('GET', `/api/invitations${query}`, { headers });
  if (answer.status !== 200) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  return { ...pageSchema.parse(answer.body), headers: answer.headers };
}

/** Every page, followed as a caller does: by nextLink alone. */
async function allOf(query: string): Promise<string[][]> {
  const pages: string[][] = [];
  let target: string | undefined = query;
  while (target !== undefined) {
    const page: Awaited<ReturnType<typeof list>> = await list(target);
    pages.push(page.value.map(({ id }) => id));
    target = page.nextLink && new URL(page.nextLink).search;
  }
  return pages;
}

const scheduled = async (name: string, more: object = {}) =>
  (await app.invite(`${name}@fabrikam.com`, { ...FAR, ...more })).id;

describe('GET /api/invitations', () => {
  it('shows each entry as GET of its id does, without history', async () => {
    const { id } = await app.invite('whole@fabrikam.com', { externalId: '4711', metadata: { costCentre: '12' } });
    await app.until(id, 'pendingAcceptance');
    const { history, ...rest } = invitationOf(await app.get(id));
    const { value } = await list('?email=whole%40fabrikam.com');
    expect([value, history.length > 0]).toEqual([[rest], true]);
  });

  it('follows an invitation from status to status', async () => {
    const { id } = await app.invite('moves@fabrikam.com');
    await app.until(id, 'pendingAcceptance');
    const with_ = async (status: string) => (await allOf(`?status=${status}&maxpagesize=2`)).flat().includes(id);
    expect([await with_('queued'), await with_('pendingAcceptance')]).toEqual([false, true]);
    await app.act(id, 'revoke');
    expect([await with_('pendingAcceptance'), await with_('revoked')]).toEqual([false, true]);
  });

  it('gives pages of the wanted size by nextLink, newest first, while others come in', async () => {
    const source = { source: 'paging' };
    const ids: string[] = [];
    for (let nth = 0; nth < 7; nth += 1) ids.unshift(await scheduled(`paging${nth}`, source));
    const first = await list('?source=paging&maxpagesize=3');
    await scheduled('paging-late', source);
    const rest = await allOf(new URL(first.nextLink!).search);
    expect([first.value.map(({ id }) => id), rest.flat()]).toEqual([ids.slice(0, 3), ids.slice(3)]);
  });

  it('puts no filter and no key into nextLink, and no address into the log', async () => {
    for (const source of ['a', 'b']) await scheduled('private', { source, onDuplicate: 'allow' });
    const { nextLink } = await list('?email=private%40fabrikam.com&maxpagesize=1&code=a-key');
    const { searchParams, pathname, origin } = new URL(nextLink!);
    expect([origin, pathname, [...searchParams.keys()]]).toEqual([
      new URL(app.host.url('/')).origin,
      '/api/invitations',
      ['maxpagesize', 'skiptoken'],
    ]);
    expect(Buffer.from(searchParams.get('skiptoken')!, 'base64url').toString('latin1')).not.toContain('private');
    expect((await list(new URL(nextLink!).search)).value).toHaveLength(1);
    expect(JSON.stringify(app.host.logs)).not.toContain('private@');
  });

  it('finds by all filters together', async () => {
    const id = await scheduled('needle', { source: 'workday', externalId: 'E-1' });
    await scheduled('hay', { source: 'workday', externalId: 'E-2' });
    const filters = 'status=scheduled&kind=guest&email=Needle%40Fabrikam.com&source=workday&externalId=E-1';
    const times = 'createdAfter=2000-01-01T00:00:00Z&createdBefore=2999-01-01T00:00:00Z';
    expect((await allOf(`?${filters}&${times}`)).flat()).toEqual([id]);
    expect((await allOf(`?${filters.replace('E-1', 'E-3')}&${times}`)).flat()).toEqual([]);
    expect((await allOf('?externalId=E-1')).flat()).toEqual([id]);
  });

  it('honours a Prefer header and says so', async () => {
    for (const nth of [1, 2]) await scheduled(`prefer${nth}`);
    const { value, headers } = await list('', { Prefer: 'odata.maxpagesize=1' });
    expect([value.length, headers.get('preference-applied')]).toEqual([1, 'odata.maxpagesize=1']);
  });

  it('refuses a token that was changed, and one beside other filters, and says so', async () => {
    for (const nth of [1, 2]) await scheduled(`token${nth}`, { source: 'tokens' });
    const { nextLink } = await list('?source=tokens&maxpagesize=1');
    const token = new URL(nextLink!).searchParams.get('skiptoken')!;
    const changed = token.slice(0, -2) + (token.endsWith('AA') ? 'BB' : 'AA');
    for (const query of [
      `?skiptoken=${changed}`,
      `?skiptoken=${token}&source=others`,
      `?skiptoken=${token}&kind=guest`,
    ]) {
      const answer = await app.call('GET', `/api/invitations${query}`);
      expect([answer.status, errorOf(answer).details]).toEqual([
        400,
        [expect.objectContaining({ code: 'invalidSkipToken', target: 'skiptoken' })],
      ]);
    }
  });

  it('answers 400 with every fault of the query', async () => {
    const answer = await app.call('GET', '/api/invitations?status=open&page=2&kind=guest&kind=guest');
    expect([answer.status, answer.headers.get('x-ms-error-code')]).toEqual([400, 'invalidRequest']);
    expect(
      errorOf(answer)
        .details?.map(({ code, target }) => `${code} ${String(target)}`)
        .sort(),
    ).toEqual(['invalidValue status', 'repeatedParameter kind', 'unknownParameter page']);
  });

  it('answers the examples of docs/api-lists.md', async () => {
    const page = readFileSync(path.join(__dirname, '../../../docs/api-lists.md'), 'utf8');
    const examples = [...page.matchAll(/^curl (.*)'http:\/\/127\.0\.0\.1:7071(\/[^']+)'$/gm)];
    const types = await Promise.all(
      examples.map(async ([, options = '', target = '']) => {
        const accept = /'Accept: ([^']+)'/.exec(options)?.[1] ?? '*/*';
        const response = await fetch(app.host.url(target), { headers: { accept } });
        return `${response.status} ${String(response.headers.get('content-type')?.split(';')[0])}`;
      }),
    );
    expect(types).toEqual(['200 application/json', '200 text/csv']);
  });

  it('answers 503 while the tables are away, and lists again afterwards', async () => {
    await app.tables.goAway();
    const answer = await app.call('GET', '/api/invitations?status=queued');
    expect([answer.status, errorOf(answer).code, answer.headers.has('retry-after')]).toEqual([
      503,
      'tablesUnavailable',
      true,
    ]);
    await app.tables.comeBack();
    expect((await list('?status=scheduled&maxpagesize=1')).value).toHaveLength(1);
  });
});

describe('as CSV', () => {
  const rowsOf = (text: string) => parse<Record<string, string>>(text, { columns: true });
  const csv = async (query: string) => {
    const response = await fetch(app.host.url(`/api/invitations${query}`), { headers: { Accept: 'text/csv' } });
    return { response, text: await response.text() };
  };

  it('gives a line for each, safe for spreadsheets, and the next page as a Link', async () => {
    const evil = '=HYPERLINK("https://evil.example","x")';
    const ids = [
      await scheduled('csv1', { source: 'csv', externalId: '-1' }),
      await scheduled('csv2', { source: 'csv', invitedUserDisplayName: evil }),
      await scheduled('csv3', { source: 'csv', invitedUserDisplayName: 'Lovelace, Ada "Ada"' }),
    ].reverse();
    const { response, text } = await csv('?source=csv&maxpagesize=2');
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(text.split('\r\n')[0]).toBe(
      'id,status,kind,createdAt,email,displayName,target,source,externalId,sends,firstSentAt,lastSentAt,expiresAt,' +
        'acceptedAt,closedAt,nextAt,invitedUserId,faultCode',
    );
    const link = /^<(.+)>; rel="next"$/.exec(response.headers.get('link') ?? '')![1]!;
    const last = await csv(new URL(link).search);
    const rows = [...rowsOf(text), ...rowsOf(last.text)];
    expect(rows.map(({ id }) => id)).toEqual(ids);
    expect(rows.map(({ displayName }) => displayName)).toEqual(['Lovelace, Ada "Ada"', `'${evil}`, '']);
    expect(rows[2]).toMatchObject({
      status: 'scheduled',
      kind: 'guest',
      email: 'csv1@fabrikam.com',
      externalId: "'-1",
      sends: '0',
      nextAt: '2999-01-01T00:00:00.000Z',
      acceptedAt: '',
    });
    expect(text).not.toContain(KEY_CALLER);
  });

  it('is an error as JSON where the query is not valid', async () => {
    const { response, text } = await csv('?status=open');
    expect([response.status, JSON.parse(text)]).toMatchObject([400, { error: { code: 'invalidRequest' } }]);
  });
});
