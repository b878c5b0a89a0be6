import { chmodSync } from 'node:fs';
import { waitFor } from '../../support/waitFor';
import { withoutProgress, runCli, endAll, jsonLines, makeFolder, startCli, untilSaid } from './runCli';
import { type Call, type Reply, bulkReply, errorBody, idOf, startStubApi } from './stubApi';

let api: Awaited<ReturnType<typeof startStubApi>>;
const files = makeFolder();

beforeAll(async () => {
  api = await startStubApi();
});
afterEach(endAll);
afterAll(async () => {
  files.remove();
  await api.close();
});

const run = (...args: string[]) => runCli([...args, '--url', api.url]);

const people = (name: string, count: number): string =>
  files.write(name, ['email', ...Array.from({ length: count }, (_, index) => `p${index}@x.org`), ''].join('\n'));

const single = ({ body }: Call): Reply => {
  const { invitedUserEmailAddress } = JSON.parse(body) as { invitedUserEmailAddress: string };
  return { status: 202, body: { id: idOf(invitedUserEmailAddress), status: 'queued', warnings: [] } };
};

/** As an app of an older version: its host answers a bare 404. */
const withoutBulk = (call: Call): Reply => (call.path === '/api/invitations/bulk' ? { status: 404 } : single(call));

describe('an endpoint that does not serve', () => {
  it.each<[string, Reply, RegExp]>([
    ['does not know the key', { status: 401 }, /does not know this caller \(401\)\. Set B2B_INVITE_KEY/],
    [
      'wants a role',
      { status: 403, body: errorBody('missingRole', 'An administrator assigns Invitation.Create.') },
      /\(403\)\. It says: An administrator assigns Invitation\.Create\./,
    ],
    ['is something else', { status: 404, body: '<html>' }, /answers 404 and is no invitation API/],
    ['is a page', { status: 200, body: '<html>Hello</html>' }, /answers 200 with something unexpected/],
    [
      'sends to a login page',
      { status: 302, headers: { location: 'https://login.example' } },
      /sends elsewhere \(302 to https:\/\/login\.example\)/,
    ],
    [
      'wants patience until tomorrow',
      { status: 429, headers: { 'retry-after': '36000' }, body: errorBody('quota', 'The quota of the day is spent.') },
      /asks to wait 600 minutes\. Try again then\. It says: The quota of the day is spent\./,
    ],
  ])('is told when it %s, with exit code 3', async (_, reply, message) => {
    api.answerWith(() => reply);
    const { code, out, errors } = await run('list');
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(errors).toMatch(message);
    expect(api.calls).toHaveLength(1);
  });

  it('is told when nothing listens there, and that nothing was sent', async () => {
    const gone = await startStubApi();
    await gone.close();
    expect(await runCli(['send', people('a.csv', 2), '--url', gone.url])).toEqual({
      code: 3,
      out: '',
      errors: `Nothing listens at ${gone.url}. Start it with "npm start", or name another with --url.\nNothing was sent.\n`,
    });
  });
});

describe('an endpoint that wants patience', () => {
  it.each([
    [429, { 'retry-after': '1' }, errorBody('throttled', 'Slowly.')],
    [503, { 'retry-after': '1' }, undefined],
    [409, { 'retry-after': '1' }, errorBody('inProgress', 'Still running.')],
    [500, {}, undefined],
  ])('is asked again after %i, with the same key and body', async (status, headers, body) => {
    api.answerWith((call) => (api.calls.length === 1 ? { status, headers, body } : bulkReply(call)));
    const { code, errors } = await run('send', people('b.csv', 2));
    expect(code).toBe(0);
    expect(withoutProgress(errors)).toMatch(/^Waiting 1 s: .*\n2 requested\.\n$/);
    const [first, second] = api.calls;
    expect(second?.body).toBe(first?.body);
    expect(second?.headers['idempotency-key']).toBe(first?.headers['idempotency-key']);
    expect(first?.headers['idempotency-key']).toMatch(/^b2b-invite-[0-9a-f]{32}-2-3$/);
  });

  it('is asked again after its connection broke', async () => {
    api.answerWith((call) => {
      if (call.method === 'GET')
        return { status: 200, body: { value: [{ id: idOf('a'), status: 'queued', createdAt: '' }] } };
      return api.calls.length === 2
        ? 'reset'
        : { status: 202, body: { id: idOf('a'), status: 'revoked', createdAt: '' } };
    });
    const { code, errors } = await run('revoke', 'a@x.org');
    expect({ code, errors }).toEqual({ code: 0, errors: 'Waiting 1 s: the connection broke.\n' });
    expect(api.calls[2]?.headers['idempotency-key']).toBe(api.calls[1]?.headers['idempotency-key']);
  });
});

describe('send', () => {
  it('sends chunks with keys of their own and prints a line for each result', async () => {
    api.answerWith((call) =>
      bulkReply(call, (email) =>
        email === 'p7@x.org' ? { status: 400, id: undefined, ...errorBody('invalidRequest', 'No.') } : {},
      ),
    );
    const { code, out, errors } = await run('send', people('c.csv', 250), '--json', '--expire', '30d');
    expect(code).toBe(1);
    expect(withoutProgress(errors)).toBe('249 requested, 1 refused.\n');
    expect(jsonLines(out)).toHaveLength(250);
    expect(jsonLines(out).slice(6, 8)).toEqual([
      { line: 8, address: 'p6@x.org', outcome: 'requested', id: idOf('p6@x.org') },
      { line: 9, address: 'p7@x.org', outcome: 'refused', error: { code: 'invalidRequest', message: 'No.' } },
    ]);
    expect(api.calls.map(({ headers }) => String(headers['idempotency-key']).slice(-7))).toEqual([
      expect.stringMatching(/-2-101$/),
      expect.stringMatching(/102-201$/),
      expect.stringMatching(/202-251$/),
    ]);
    expect(JSON.parse(api.calls[2]!.body)).toMatchObject({
      invitations: { 49: { invitedUserEmailAddress: 'p249@x.org', expireAfter: 'P30D' } },
    });
  });

  it('sends a file of many lines in a heap that could not hold them', async () => {
    api.answerWith(bulkReply);
    const file = files.write(
      'many.csv',
      `email,name\n${'p@x.org,"A name of a length that is usual"\n'.repeat(60_000)}`,
    );
    const env = { NODE_OPTIONS: '--max-old-space-size=32' };
    const { code, errors } = await runCli(['send', file, '--url', api.url], { env });
    expect({ code, errors: withoutProgress(errors) }).toEqual({ code: 0, errors: '60,000 requested.\n' });
    expect(api.calls).toHaveLength(60);
  }, 60_000);

  it('shows the first hundred of those that were refused, and how many more there are', async () => {
    const refused = { status: 400, id: undefined, ...errorBody('invalidRequest', 'No.') };
    api.answerWith((call) => bulkReply(call, () => refused));
    const { code, out, errors } = await run('send', people('refused.csv', 250));
    expect({ code, errors: withoutProgress(errors) }).toEqual({ code: 1, errors: '0 requested, 250 refused.\n' });
    const lines = out.trimEnd().split('\n');
    expect(lines.slice(2, -1).map((line) => Number(line.split(' ')[0]))).toEqual(
      Array.from({ length: 100 }, (_, index) => index + 2),
    );
    expect(lines.at(-1)).toBe('… and 150 more; --json shows all.');
  });

  it('asks with the same keys when it runs again', async () => {
    api.answerWith(bulkReply);
    const file = people('d.csv', 150);
    await run('send', file);
    await run('send', file);
    await run('send', file, '--round', 'two');
    const keys = api.calls.map(({ headers }) => headers['idempotency-key']);
    expect(keys.slice(2, 4)).toEqual(keys.slice(0, 2));
    expect(new Set(keys).size).toBe(4);
  });

  it('sends one by one, at most eight at once, where the app has no bulk', async () => {
    let open = 0;
    let most = 0;
    api.answerWith(async (call) => {
      if (call.path !== '/api/invitations') return { status: 404 };
      most = Math.max(most, (open += 1));
      await new Promise(setImmediate);
      open -= 1;
      return single(call);
    });
    const { code, errors } = await run('send', people('e.csv', 60));
    expect(code).toBe(0);
    expect(withoutProgress(errors)).toBe('60 requested.\n');
    const keys = api.calls.slice(1).map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys).size).toBe(60);
    expect(most).toBeLessThanOrEqual(8);
  });

  it('says what was sent when the endpoint breaks off, and how to go on', async () => {
    const reply = (call: Call): Reply => (api.calls.length > 1 ? { status: 401 } : bulkReply(call));
    api.answerWith(reply);
    const file = people('f.csv', 250);
    const { code, errors } = await run('send', file, '--key', 'a secret', '--source', "O'Hara");
    expect(code).toBe(3);
    expect(withoutProgress(errors).split('\n').slice(1)).toEqual([
      '100 of 250 lines sent; 150 not sent.',
      'So far: 100 requested.',
      'To go on, run the same again. Nobody is invited twice by that:',
      `  b2b-invite send ${file} --key "$B2B_INVITE_KEY" --source 'O'\\''Hara' --url ${api.url}`,
      '',
    ]);
  });

  it('says what is unsure after Ctrl-C, and how to go on', async () => {
    api.answerWith((call) => (api.calls.length > 1 ? 'hang' : bulkReply(call)));
    const file = people('g.csv', 250);
    const program = startCli(['send', file, '--url', api.url]);
    await untilCalls(2);
    program.signal('SIGINT');
    const { code, out, errors } = await program.ended;
    // More than thirty lines, and nothing refused among them.
    expect({ code, out }).toEqual({ code: 130, out: '' });
    expect(withoutProgress(errors).split('\n')).toEqual([
      'Stopped.',
      '100 of 250 lines sent; 100 under way, which may have arrived; 50 not sent.',
      'So far: 100 requested.',
      'To go on, run the same again. Nobody is invited twice by that:',
      `  b2b-invite send ${file} --url ${api.url}`,
      '',
    ]);
  });

  it('stops waiting at Ctrl-C, too', async () => {
    api.answerWith(() => ({ status: 503, headers: { 'retry-after': '300' } }));
    const program = startCli(['send', people('h.csv', 2), '--url', api.url]);
    await untilSaid(program, /Waiting 5:00: asked to \(503\)\./);
    program.signal('SIGINT');
    expect(await program.ended).toMatchObject({ code: 130, errors: expect.stringContaining('2 under way') as string });
  });

  it('begins no more lines after one has shown that the endpoint refuses', async () => {
    api.answerWith((call) => (call.path.endsWith('/bulk') ? { status: 404 } : { status: 401 }));
    const { code, errors } = await run('send', people('i.csv', 99));
    expect(code).toBe(3);
    expect(errors).toMatch(/\nNothing was sent\.\n$/);
    expect(api.calls.length).toBeLessThanOrEqual(9);
  });

  it('sends the good lines of a file and names the bad ones', async () => {
    api.answerWith(withoutBulk);
    const lines = '{"invitedUserEmailAddress":"a@x.org"}\n{"invited\n{"invitedUserEmailAddress":"b@x.org"}\n';
    const { code, out, errors } = await runCli(['send', '-', '--url', api.url], { input: lines });
    expect({ code, errors: withoutProgress(errors) }).toEqual({ code: 1, errors: '2 requested, 1 not read.\n' });
    expect(out).toContain('\n2              not read');
    expect(out).toMatch(/The line is no valid JSON: unexpected end of string at column 2\.\n/);
  });
});

const untilCalls = (count: number) => waitFor(() => api.calls.length >= count, { describe: `${count} calls` });

describe('who calls', () => {
  it('shows its key in a header and nowhere else', async () => {
    api.answerWith(() => ({ status: 200, body: { value: [] } }));
    await runCli(['list', '--url', api.url], { env: { B2B_INVITE_KEY: 'from-the-environment' } });
    await runCli(['list', '--url', `${api.url}/api/invitations?code=from-the-url`]);
    expect(api.calls.map(({ headers, path }) => [headers['x-functions-key'], path])).toEqual([
      ['from-the-environment', '/api/invitations?maxpagesize=50'],
      ['from-the-url', '/api/invitations?maxpagesize=50'],
    ]);
  });

  it('stays with the endpoint that was named, wherever a nextLink points', async () => {
    const value = [{ id: idOf('a'), status: 'queued', createdAt: '2026-01-01T00:00:00.000Z' }];
    api.answerWith(({ path }) => ({
      status: 200,
      body: path.includes('skiptoken')
        ? { value: [] }
        : { value, nextLink: 'https://elsewhere.example/api?skiptoken=x' },
    }));
    const { code, out } = await runCli(['list', '--json', '--url', api.url, '--key', 'k']);
    expect({ code, lines: jsonLines(out) }).toEqual({ code: 0, lines: value });
    expect(api.calls[1]).toMatchObject({ path: '/api/invitations?skiptoken=x', headers: { 'x-functions-key': 'k' } });
  });

  it('may be whoever is logged in with az', async () => {
    const az = files.write(
      'az',
      '#!/bin/sh\necho "$@" >> "$(dirname "$0")/az.log"\n' +
        `echo '{"accessToken":"a-token","expires_on":4102444800,"tokenType":"Bearer"}'\n`,
    );
    chmodSync(az, 0o755);
    api.answerWith(() => ({ status: 200, body: { value: [] } }));
    const { code, errors } = await runCli(['list', '--entra', '--scope', 'api://the-app', '--url', api.url], {
      env: { PATH: `${files.folder}:${process.env['PATH'] ?? ''}`, AZURE_TOKEN_CREDENTIALS: 'AzureCliCredential' },
    });
    expect({ code, errors }).toEqual({ code: 0, errors: 'No invitation is like that.\n' });
    expect(api.calls[0]?.headers).toMatchObject({ authorization: 'Bearer a-token' });
    expect(api.calls[0]?.headers).not.toHaveProperty('x-functions-key');
  });

  it('is told what to do without any login', async () => {
    const { code, errors } = await runCli(['list', '--entra', '--scope', 'api://the-app', '--url', api.url], {
      env: { PATH: files.folder + '/nothing', AZURE_TOKEN_CREDENTIALS: 'AzureCliCredential' },
    });
    expect(code).toBe(3);
    expect(errors).toMatch(/^Entra gave no token for api:\/\/the-app\/\.default\. Log in with "az login"/);
  });
});
