import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { type LocalProcess, startProgram, startShell } from '../../support/localProcess';
import { waitFor } from '../../support/waitFor';

const ANY_PORT = { FUNCTIONS_PORT: '0', TABLES_PORT: '0', SERVICE_BUS_PORT: '0', GRAPH_PORT: '0' };
const folder = mkdtempSync(path.join(tmpdir(), 'npm-start-'));
const stateFile = path.join(folder, 'graph.json');
const running: LocalProcess[] = [];

function start(env: Record<string, string> = {}, ...args: string[]): LocalProcess {
  const program = startProgram('start', { ...ANY_PORT, LOCAL_FOLDER: folder, ...env }, args);
  running.push(program);
  return program;
}

afterEach(async () => {
  for (const program of running.splice(0)) {
    program.signalIfRunning('SIGKILL');
    await program.ended();
  }
  rmSync(folder, { recursive: true, force: true });
});

const invitation = z.object({ id: z.string(), status: z.string() });
const mails = z.object({ value: z.array(z.object({ to: z.string() })) });

async function urlsOf(program: LocalProcess) {
  return {
    api: await program.printed(/(http:\/\/127\.0\.0\.1:\d+\/api\/invitations)/),
    simulator: await program.printed(/(http:\/\/127\.0\.0\.1:\d+\/_simulator)/),
  };
}

async function invite(api: string, body: object): Promise<string> {
  const response = await fetch(api, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ inviteRedirectUrl: 'https://myapp.contoso.com', ...body }),
  });
  expect(response.status).toBe(202);
  return invitation.parse(await response.json()).id;
}

const statusOf = async (api: string, id: string): Promise<string> =>
  invitation.parse(await (await fetch(`${api}/${id}`)).json()).status;

const mailedTo = async (simulator: string): Promise<string[]> =>
  mails.parse(await (await fetch(`${simulator}/mails`)).json()).value.map(({ to }) => to);

describe('npm start', () => {
  it.each(['FUNCTIONS_PORT', 'TABLES_PORT', 'SERVICE_BUS_PORT', 'GRAPH_PORT'])(
    'says in one sentence that a port is taken and that %s changes it, and leaves no process behind',
    async (variable) => {
      const holder = createServer().listen(0, '127.0.0.1');
      await once(holder, 'listening');
      const { port } = holder.address() as AddressInfo;
      try {
        const program = start({ [variable]: String(port) });
        expect(await program.ended()).toBe(1);
        expect(program.stderr()).toMatch(
          new RegExp(`^[^\\n]*[Pp]ort ${port}[^\\n]* is taken: set ${variable} to a free [^\\n]*\\.\\n$`),
        );
        expect(program.stdout()).toBe('');
      } finally {
        holder.close();
      }
    },
  );

  it('says which variable is wrong when a port is none', async () => {
    const program = start({ GRAPH_PORT: 'graph' });
    expect(await program.ended()).toBe(1);
    expect(program.stderr()).toBe('GRAPH_PORT is "graph": it should be a port from 0 to 65535, 0 for any free one.\n');
  });

  it('starts the stand-ins that are named and nothing else, for an app that runs elsewhere', async () => {
    const program = start({}, 'graph');
    const graph = await program.printed(/simulator\) +│ (http:\/\/127\.0\.0\.1:\d+)/);
    expect(await mailedTo(`${graph}/_simulator`)).toEqual([]);
    expect(program.stdout()).not.toMatch(/Functions|Azurite|Service Bus/);
    program.signalAlone('SIGTERM');
    expect(await program.ended()).toBe(0);
  });

  it('leaves out a stand-in whose setting names a real service, and says so', async () => {
    const program = start({ GRAPH_BASE_URL: 'https://graph.example' });
    await program.printed(/(\/api\/invitations)/);
    expect(program.stdout()).toMatch(/Microsoft Graph +│ as GRAPH_BASE_URL says/);
    expect(program.stdout()).toContain('GRAPH_BASE_URL is set: a mail may really go out');
    program.signalAlone('SIGTERM');
    expect(await program.ended()).toBe(0);
  });

  it('names every setting that is wrong', async () => {
    const program = start({ REMIND_AFTER: 'soon', ON_EXPIRY: 'shout' });
    expect(await program.ended()).toBe(1);
    expect(program.stderr()).toContain('REMIND_AFTER is "soon": it should be ten ISO 8601 durations');
    expect(program.stderr()).toContain('ON_EXPIRY is "shout": it should be');
  });

  it.each([
    { how: 'SIGTERM', stop: (program: LocalProcess) => program.signalAlone('SIGTERM') },
    { how: 'Ctrl-C', stop: (program: LocalProcess) => program.signal('SIGINT') },
  ])('finishes what is in hand and exits with 0 on $how', async ({ stop }) => {
    const program = start({ HTTP_PROXY: 'http://127.0.0.1:1' });
    const { api, simulator } = await urlsOf(program);
    await invite(api, { invitedUserEmailAddress: 'ann@fabrikam.com' });
    await waitFor(async () => (await mailedTo(simulator)).length === 1, { describe: 'the mail' });

    stop(program);

    expect(await program.ended()).toBe(0);
    expect(program.stdout()).toContain('Stopped. What is not done yet goes on at the next start.');
    expect(program.stdout()).not.toContain('ticket');
    expect(program.stderr()).toBe('');
  });

  it('stops when the npm that started it is gone, because npm’s shell passes no SIGTERM on', async () => {
    const program = startShell('start', { ...ANY_PORT, LOCAL_FOLDER: folder, npm_lifecycle_event: 'start' });
    running.push(program);
    await urlsOf(program);
    program.signalAlone('SIGKILL');
    expect(await program.ended()).toBe('SIGKILL');
    expect(program.stdout()).toContain('Stopped. What is not done yet goes on at the next start.');
  });

  it.each([
    { how: 'stopped', end: (program: LocalProcess) => program.signalAlone('SIGTERM') },
    { how: 'killed', end: (program: LocalProcess) => program.signalAlone('SIGKILL') },
  ])('goes on where it was after it was $how', async ({ end }) => {
    const first = start();
    const before = await urlsOf(first);
    const sent = await invite(before.api, { invitedUserEmailAddress: 'ann@fabrikam.com' });
    await waitFor(async () => (await statusOf(before.api, sent)) === 'pendingAcceptance', { describe: 'a first send' });
    const notBefore = new Date(Date.now() + 8000).toISOString();
    const waiting = await invite(before.api, { invitedUserEmailAddress: 'bob@fabrikam.com', notBefore });
    const isKept = () => existsSync(stateFile) && readFileSync(stateFile, 'utf8').includes('ann@fabrikam.com');
    await waitFor(isKept, { describe: 'the simulator to have saved' });
    end(first);
    await first.ended();

    const { api, simulator } = await urlsOf(start());

    await waitFor(async () => (await mailedTo(simulator)).length === 2, { timeoutMs: 20_000, describe: 'the second' });
    expect(await mailedTo(simulator)).toEqual(['ann@fabrikam.com', 'bob@fabrikam.com']);
    expect(await statusOf(api, sent)).toBe('pendingAcceptance');
    await waitFor(async () => (await statusOf(api, waiting)) === 'pendingAcceptance', { describe: 'its record' });
  });
});
