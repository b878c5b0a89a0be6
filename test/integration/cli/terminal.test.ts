import { spawnSync } from 'node:child_process';
import { waitFor } from '../../support/waitFor';
import { type Running, endAll, makeFolder, startInTerminal } from './runCli';
import { screenOf } from './screen';
import { bulkReply, idOf, startStubApi } from './stubApi';

/** That of util-linux; on other systems `script` is another program. */
const hasScript = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

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

const people = (count: number): string =>
  files.write('people.csv', ['email', ...Array.from({ length: count }, (_, index) => `p${index}@x.org`)].join('\n'));

/** The screen's lines, once one is like that. */
const seen = (program: Running, pattern: RegExp): Promise<string[]> =>
  waitFor(
    () => {
      const lines = screenOf(program.out());
      return lines.some((line) => pattern.test(line)) ? lines : undefined;
    },
    { describe: `${String(pattern)} on the screen` },
  );

const shown = (lines: string[]): string[] => lines.filter((line) => line !== '');
const CTRL_C = '\u0003';
const CURSOR_SHOWN = /\u001b\[\?25h(?![^]*\u001b\[\?25l)/;

(hasScript ? describe : describe.skip)('in a terminal', () => {
  it('shows a bar with rate and time left, answers Ctrl-C, and leaves the terminal as it was', async () => {
    api.answerWith((call) => (api.calls.length > 2 ? 'hang' : bulkReply(call)));
    const program = startInTerminal(['send', people(1000), '--url', api.url]);
    const [bar] = shown(await seen(program, /200\/1,000 sent · \d+(\.\d)?\/s · .* left/));
    expect(bar).toMatch(/^█{6}░{24} 200\/1,000 sent · \d+(\.\d)?\/s · \d+ s left$/);
    program.type(CTRL_C);
    const { code, out } = await program.ended;
    expect(code).toBe(130);
    expect(shown(screenOf(out, 1000))).toEqual([
      expect.stringMatching(/^(\^C)?Stopped\.$/),
      '200 of 1,000 lines sent; 100 under way, which may have arrived; 700 not sent.',
      'So far: 200 requested.',
      'To go on, run the same again. Nobody is invited twice by that:',
      `  b2b-invite send ${files.folder}/people.csv --url ${api.url}`,
    ]);
    expect(out).toMatch(CURSOR_SHOWN);
  });

  it('leaves nothing of the bar beside the result, and colours what became of somebody', async () => {
    api.answerWith((call) =>
      bulkReply(call, (email) =>
        email === 'p1@x.org'
          ? { status: 400, id: undefined, error: { code: 'x', message: 'A reason that is long. '.repeat(4).trim() } }
          : {},
      ),
    );
    const { code, out } = await startInTerminal(['send', people(2), '--url', api.url]).ended;
    expect(code).toBe(1);
    expect(shown(screenOf(out))).toEqual([
      'line  address   result     id                                    why',
      '────  ────────  ─────────  ────────────────────────────────────  ─────────────────────────',
      `2     p0@x.org  requested  ${idOf('p0@x.org')}`,
      '3     p1@x.org  refused                                          A reason that is long. A',
      '                                                                 reason that is long. A',
      '                                                                 reason that is long. A',
      '                                                                 reason that is long.',
      '1 requested, 1 refused.',
    ]);
    expect(out).toContain('\u001b[31mrefused\u001b[39m');
  });

  it.each([[{ NO_COLOR: '1' }], [{ TERM: 'dumb' }]])('does not colour with %j', async (env) => {
    api.answerWith((call) => bulkReply(call, () => ({ status: 200 })));
    const { out } = await startInTerminal(['send', people(2), '--url', api.url], { env }).ended;
    expect(out).toContain('already open');
    expect(out).not.toMatch(/\u001b\[\d*m/);
    if ('TERM' in env) expect(out).not.toContain('\u001b');
  });

  it('tells changes above a bar while it watches', async () => {
    const ids = [idOf('a@x.org'), idOf('b@x.org')];
    const statuses = new Map(ids.map((id) => [id, 'queued']));
    const emails = new Map([
      [ids[0], 'a@x.org'],
      [ids[1], 'b@x.org'],
    ]);
    api.answerWith(({ path }) => {
      const id = path.split('/').at(-1) ?? '';
      const body = {
        id,
        status: statuses.get(id),
        createdAt: '2026-01-01T00:00:00.000Z',
        invitedUserEmailAddress: emails.get(id),
      };
      return { status: 200, body };
    });
    const program = startInTerminal(['watch', ...ids, '--interval', '0.2', '--url', api.url]);
    await seen(program, /░{30} 0\/2 closed · 2 queued$/);
    statuses.set(ids[0]!, 'pendingAcceptance');
    await seen(program, / 0\/2 closed · 1 pendingAcceptance, 1 queued$/);
    statuses.set(ids[0]!, 'accepted').set(ids[1]!, 'failed');
    const { code, out } = await program.ended;
    expect(code).toBe(1);
    const told = shown(screenOf(out)).map((line) => line.replace(/^\d\d:\d\d:\d\d {2}/, ''));
    expect(told.slice(0, 2).sort()).toEqual(['a@x.org  queued', 'b@x.org  queued']);
    expect(told[2]).toBe('a@x.org  queued → pendingAcceptance');
    expect(told.slice(3, 5).sort()).toEqual(['a@x.org  pendingAcceptance → accepted', 'b@x.org  queued → failed']);
    expect(told.slice(5)).toEqual(['1 accepted, 1 failed.']);
    expect(out).toMatch(CURSOR_SHOWN);
  });
});
