import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { startGraphSimulator } from '../../../local/graph/startGraphSimulator';
import { waitFor } from '../../support/waitFor';

const folder = mkdtempSync(path.join(tmpdir(), 'graph-state-'));
const stateFile = path.join(folder, 'deeper', 'graph.json');
afterEach(() => rmSync(path.dirname(stateFile), { recursive: true, force: true }));
afterAll(() => rmSync(folder, { recursive: true }));

const lists = z.object({ value: z.array(z.looseObject({})), total: z.number().optional() });

const call = (baseUrl: string, method: string, target: string, body?: object) =>
  fetch(`${baseUrl}${target}`, {
    method,
    headers: { Authorization: 'Bearer token', 'Content-Type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });

const invite = (baseUrl: string, email: string) =>
  call(baseUrl, 'POST', '/v1.0/invitations', {
    invitedUserEmailAddress: email,
    inviteRedirectUrl: 'https://myapp.contoso.com',
    sendInvitationMessage: true,
  });

const listOf = async (baseUrl: string, name: 'users' | 'mails') =>
  lists.parse(await (await call(baseUrl, 'GET', `/_simulator/${name}`)).json());

describe('a Graph simulator with a state file', () => {
  it('still has users, mails and redeem URLs after a restart', async () => {
    const first = await startGraphSimulator({ port: 0, stateFile });
    await invite(first.baseUrl, 'ann@fabrikam.com');
    await invite(first.baseUrl, 'bob@fabrikam.com');
    await call(first.baseUrl, 'POST', '/_simulator/redemptions', { email: 'bob@fabrikam.com' });
    const users = await listOf(first.baseUrl, 'users');
    const mails = await listOf(first.baseUrl, 'mails');
    await first.close();

    const second = await startGraphSimulator({ port: first.port, stateFile });
    try {
      expect(users.value).toMatchObject([
        { mail: 'ann@fabrikam.com', externalUserState: 'PendingAcceptance' },
        { mail: 'bob@fabrikam.com', externalUserState: 'Accepted' },
      ]);
      expect(await listOf(second.baseUrl, 'users')).toEqual(users);
      expect(mails.total).toBe(2);
      expect(await listOf(second.baseUrl, 'mails')).toEqual(mails);
      const page = await fetch(String(mails.value[0]?.['redeemUrl']), { method: 'POST' });
      expect(page.status).toBe(200);
      expect((await listOf(second.baseUrl, 'users')).value[0]).toMatchObject({ externalUserState: 'Accepted' });
    } finally {
      await second.close();
    }
  });

  it('forgets a redeem URL that a reset of the redemption has made void', async () => {
    const first = await startGraphSimulator({ port: 0, stateFile });
    await invite(first.baseUrl, 'ann@fabrikam.com');
    const [user] = (await listOf(first.baseUrl, 'users')).value;
    await call(first.baseUrl, 'POST', '/v1.0/invitations', {
      invitedUserEmailAddress: 'ann@fabrikam.com',
      inviteRedirectUrl: 'https://myapp.contoso.com',
      resetRedemption: true,
      invitedUser: { id: user?.['id'] },
    });
    const [mail] = (await listOf(first.baseUrl, 'mails')).value;
    await first.close();

    const second = await startGraphSimulator({ port: first.port, stateFile });
    try {
      expect((await fetch(String(mail?.['redeemUrl']))).status).toBe(404);
    } finally {
      await second.close();
    }
  });

  it('saves by itself after a change, in a file that only its owner may read', async () => {
    const simulator = await startGraphSimulator({ port: 0, stateFile });
    try {
      await invite(simulator.baseUrl, 'ann@fabrikam.com');
      await waitFor(() => existsSync(stateFile), { describe: 'the state file' });
      expect(readFileSync(stateFile, 'utf8')).toContain('ann@fabrikam.com');
      expect(statSync(stateFile).mode & 0o077).toBe(0);
      expect(existsSync(`${stateFile}.new`)).toBe(false);
    } finally {
      await simulator.close();
    }
  });

  it('refuses to start with a file that it can’t read, and leaves it as it is', async () => {
    await (await startGraphSimulator({ port: 0, stateFile })).close();
    writeFileSync(stateFile, '{"users":');
    await expect(startGraphSimulator({ port: 0, stateFile })).rejects.toThrow(
      `${stateFile} can't be read: delete it, and the Graph simulator starts with an empty directory.`,
    );
    expect(readFileSync(stateFile, 'utf8')).toBe('{"users":');
  });
});
