import path from 'node:path';
import { type WholeApp, startWholeApp } from '../../support/wholeApp';
import { endAll, jsonLines, makeFolder, runCli, startCli, untilSaid, withoutProgress } from './runCli';

const KEY = 'the-function-key';
const SAMPLE = path.join(__dirname, '../../../samples/new-hires.csv');

let app: WholeApp;
const files = makeFolder();

beforeAll(async () => {
  app = await startWholeApp({}, { functionKey: KEY });
}, 60_000);
afterEach(endAll);
afterAll(async () => {
  files.remove();
  await app.stop();
});

const env = () => ({ B2B_INVITE_URL: app.host.url(''), B2B_INVITE_KEY: KEY });
const run = (...args: string[]) => runCli(args, { env: env(), folder: files.folder });

const mails = async (): Promise<number> =>
  ((await app.graph.control('GET', 'mails')) as { value: unknown[] }).value.length;

describe('b2b-invite against the whole app', () => {
  it('looks before it sends, sends a file, and invites nobody twice when it runs again', async () => {
    const dry = await run('dry-run', SAMPLE);
    expect(dry.code).toBe(1);
    expect(dry.out).toMatch(/\n20 +Johanna\.Lorenz@TreyResearch\.net +twice here .* The same person as in line 8\.\n/);
    expect(withoutProgress(dry.errors)).toBe('23 new, 1 twice here, 1 refused. Nothing was sent.\n');
    expect(await run('list')).toMatchObject({ code: 0, out: '', errors: 'No invitation is like that.\n' });

    const first = await run('send', SAMPLE, '--json');
    expect(first.code).toBe(1);
    expect(withoutProgress(first.errors)).toBe('23 requested, 1 already open, 1 refused.\n');
    const watched = await runCli(['watch', '--file', '-', '--until', 'sent', '--interval', '0.2'], {
      env: env(),
      input: first.out,
    });
    // megan.bowen@contoso.com is of the tenant itself, so Graph refuses her.
    expect(watched.code).toBe(1);
    expect(withoutProgress(watched.errors)).toBe('22 pendingAcceptance, 1 failed.\n');
    expect(await mails()).toBe(22);

    const second = await run('send', SAMPLE, '--json');
    const ids = (text: string) => jsonLines(text).map((line) => (line as { id?: string }).id);
    expect(ids(second.out)).toEqual(ids(first.out));
    expect(await mails()).toBe(22);
  }, 60_000);

  it('shows one person in full, lists, and gives CSV and JSON', async () => {
    expect(
      (await run('send', 'ada@fabrikam.com', '--name', 'Ada Lovelace', '--source', 'shown', '--remind', 'none')).code,
    ).toBe(0);
    const status = await run('status', 'ada@fabrikam.com');
    expect(status.code).toBe(0);
    expect(status.out).toMatch(/^invited {4,}ada@fabrikam\.com \(Ada Lovelace\)$/m);
    expect(status.out).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}requested +functionKey$/m);

    expect((await run('send', 'bob@fabrikam.com', '--source', 'shown')).code).toBe(0);
    const list = await run('list', '--source', 'shown', '--limit', '1');
    expect(list.out).toMatch(/^address .*\n─.*\nbob@fabrikam\.com /);
    expect(list.errors).toMatch(/^These are the newest 1; there may be more/);
    const csv = await run('list', '--source', 'shown', '--csv');
    expect(csv.out.split('\r\n').map((line) => line.split(',')[4])).toEqual([
      'email',
      'bob@fabrikam.com',
      'ada@fabrikam.com',
      undefined,
    ]);
    const json = jsonLines((await run('list', '--source', 'shown', '--json')).out);
    expect(json).toMatchObject([
      { invitedUserEmailAddress: 'bob@fabrikam.com' },
      { invitedUserEmailAddress: 'ada@fabrikam.com', reminders: { after: [] } },
    ]);
  });

  it('approves one and rejects another, by address, with a comment', async () => {
    for (const email of ['yes@fabrikam.com', 'no@fabrikam.com']) await run('send', email, '--approval');
    const approved = await run('approve', 'yes@fabrikam.com');
    expect(approved).toMatchObject({
      code: 0,
      out: expect.stringMatching(/\nyes@fabrikam\.com +(scheduled|queued)\n$/) as string,
    });
    const rejected = await run('reject', 'no@fabrikam.com', '--comment', 'Not this year', '--json');
    expect(jsonLines(rejected.out)).toMatchObject([{ ok: true, invitation: { status: 'rejected' } }]);
    expect((await run('status', 'no@fabrikam.com')).out).toMatch(/ rejected {2,}functionKey {2,}Not this year\n/);
    const again = await run('approve', 'no@fabrikam.com');
    expect(again.code).toBe(1);
    expect(again.out).toContain('approve is for awaitingApproval; what there is of this person is rejected.');
  });

  it('revokes several at once, and names the one that can’t be', async () => {
    await run('send', 'one@fabrikam.com');
    const { code, out } = await run('revoke', 'one@fabrikam.com', 'nobody@fabrikam.com');
    expect(code).toBe(1);
    expect(out).toMatch(
      /\none@fabrikam\.com +revoked\nnobody@fabrikam\.com +refused +There is no invitation of this person/,
    );
  });

  it('watches until a person has accepted', async () => {
    await run('send', 'eve@fabrikam.com');
    const program = startCli(['watch', 'eve@fabrikam.com', '--interval', '0.2'], { env: env() });
    await untilSaid(program, /eve@fabrikam\.com {2}(queued → )?pendingAcceptance/);
    await app.graph.redeem('eve@fabrikam.com');
    await app.host.fireTimer('syncRedemptions');
    const { code, out, errors } = await program.ended;
    expect(code).toBe(0);
    expect(withoutProgress(errors)).toBe('1 accepted.\n');
    expect(out).toMatch(/pendingAcceptance → accepted\n$/);
  });

  it('tells a wrong key apart from a wrong id', async () => {
    expect(await run('status', '019cadc6-9a80-7abc-8def-01234567890b', '--key', 'wrong')).toMatchObject({ code: 3 });
    expect(await run('status', '019cadc6-9a80-7abc-8def-01234567890b')).toEqual({
      code: 1,
      out: '',
      errors: 'There is no invitation 019cadc6-9a80-7abc-8def-01234567890b that this caller may see.\n',
    });
  });

  it('goes on where Ctrl-C broke it off', async () => {
    const lines = Array.from({ length: 300 }, (_, index) => `many${index}@fabrikam.com`);
    const file = files.write('many.csv', ['email', ...lines, ''].join('\n'));
    // Nothing is mailed yet, so that the app is at rest when it stops.
    const later = ['--not-before', '2099-01-01T00:00Z'];
    const program = startCli(['send', file, '--json', ...later], { env: env() });
    await untilSaid(program, /"line":101,/);
    program.signal('SIGINT');
    const { code, errors } = await program.ended;
    expect(code).toBe(130);
    expect(withoutProgress(errors)).toMatch(/^Stopped\.\n[12]00 of 300 lines sent; /);

    const second = await run('send', file, ...later, '--json');
    expect(second.code).toBe(0);
    expect(withoutProgress(second.errors)).toBe('300 requested.\n');
    const found = jsonLines((await run('list', '--json')).out).map(
      (line) => (line as { invitedUserEmailAddress: string }).invitedUserEmailAddress,
    );
    expect(found.filter((email) => email.startsWith('many')).sort()).toEqual([...lines].sort());
  }, 60_000);
});
