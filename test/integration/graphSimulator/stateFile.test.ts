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

const listOf = async (baseUrl: string, name: 'users' | 'mails' | 'shares' | 'linkedIn') =>
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

  it('still has shares, their links and LinkedIn invitations after a restart, every digit of them', async () => {
    const first = await startGraphSimulator({ port: 0, stateFile, behaviour: { permissionType: 'delegated' } });
    await call(first.baseUrl, 'POST', '/v1.0/me/drive/root/invite', {
      recipients: [{ email: 'ann@fabrikam.com' }],
      roles: ['read'],
      sendInvitation: true,
    });
    await call(first.baseUrl, 'POST', '/v1.0/linkedIn/invitations', {
      created: '9007199254740993',
      lastModified: 12,
      inviter: 'a',
      invitee: 'b',
      message: {},
      trackingId: 'c',
    });
    const shares = await listOf(first.baseUrl, 'shares');
    const [mail] = (await listOf(first.baseUrl, 'mails')).value;
    await first.close();

    const second = await startGraphSimulator({ port: first.port, stateFile });
    try {
      expect(shares.value).toMatchObject([{ itemPath: '/me/drive/root', email: 'ann@fabrikam.com', usedAt: null }]);
      expect(await listOf(second.baseUrl, 'shares')).toEqual(shares);
      expect((await listOf(second.baseUrl, 'mails')).value).toEqual([mail]);
      expect((await fetch(String(mail?.['redeemUrl']), { method: 'POST' })).status).toBe(200);
      expect((await listOf(second.baseUrl, 'shares')).value).toMatchObject([{ usedAt: expect.any(String) as string }]);
      const linkedIn = await call(second.baseUrl, 'GET', '/_simulator/linkedIn');
      expect(await linkedIn.text()).toContain('"created":9007199254740993,"lastModified":12,');
    } finally {
      await second.close();
    }
  });

  it('reads a file from before there were shares and kinds of mail', async () => {
    const first = await startGraphSimulator({ port: 0, stateFile });
    await invite(first.baseUrl, 'ann@fabrikam.com');
    const mails = await listOf(first.baseUrl, 'mails');
    await first.close();
    const { shares, linkedIn, ...older } = z
      .record(z.string(), z.unknown())
      .parse(JSON.parse(readFileSync(stateFile, 'utf8')));
    expect([shares, linkedIn]).toEqual([[], []]);
    writeFileSync(stateFile, JSON.stringify(older).replace('"kind":"guest",', ''));

    const second = await startGraphSimulator({ port: 0, stateFile });
    try {
      expect(mails.value).toMatchObject([{ kind: 'guest', to: 'ann@fabrikam.com' }]);
      expect(await listOf(second.baseUrl, 'mails')).toEqual(mails);
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
