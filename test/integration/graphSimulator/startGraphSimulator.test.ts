import { startGraphSimulator } from '../../../local/graph/startGraphSimulator';
import { waitFor } from '../../support/waitFor';

const invite = (baseUrl: string, email: string, signal?: AbortSignal) =>
  fetch(`${baseUrl}/v1.0/invitations`, {
    method: 'POST',
    headers: { Authorization: 'Bearer very-secret', 'Content-Type': 'application/json' },
    body: JSON.stringify({ invitedUserEmailAddress: email, inviteRedirectUrl: 'https://x.com' }),
    ...(signal ? { signal } : {}),
  });

describe('startGraphSimulator', () => {
  it('rejects with the port and the variable that changes it when the port is taken', async () => {
    const first = await startGraphSimulator({ port: 0 });
    try {
      await expect(startGraphSimulator({ port: first.port })).rejects.toThrow(
        `The Graph simulator cannot listen on port ${first.port}, which is taken: set GRAPH_PORT to a free one.`,
      );
    } finally {
      await first.close();
    }
  });

  it('starts with the tenant and the behaviour that it is given, and goes back to them on reset', async () => {
    const simulator = await startGraphSimulator({
      port: 0,
      tenantDomain: 'woodgrove.com',
      behaviour: { faults: [{ method: 'POST', path: '/invitations', answer: 503 }] },
    });
    try {
      expect((await invite(simulator.baseUrl, 'a@fabrikam.com')).status).toBe(503);
      await fetch(`${simulator.baseUrl}/_simulator/reset`, { method: 'POST' });
      expect((await invite(simulator.baseUrl, 'a@fabrikam.com')).status).toBe(503);
      expect((await invite(simulator.baseUrl, 'a@contoso.com')).status).toBe(201);
      expect((await invite(simulator.baseUrl, 'a@woodgrove.com')).status).toBe(400);
      expect((await invite(simulator.baseUrl, 'a@woodgrove.onmicrosoft.com')).status).toBe(400);
    } finally {
      await simulator.close();
    }
  });

  it('logs a line a call, without addresses and tokens', async () => {
    const lines: string[] = [];
    const simulator = await startGraphSimulator({ port: 0, onLog: (line) => lines.push(line) });
    try {
      await invite(simulator.baseUrl, 'ann@fabrikam.com');
      const headers = { Authorization: 'Bearer very-secret' };
      await fetch(`${simulator.baseUrl}/v1.0/users/ann_fabrikam.com`, { headers });
      await fetch(`${simulator.baseUrl}/v1.0/users?$filter=mail eq 'ann@fabrikam.com'`, { headers });
    } finally {
      await simulator.close();
    }
    expect(lines.map((line) => line.replace(/ [0-9a-f-]{36}$/, ''))).toEqual([
      'POST /v1.0/invitations 201',
      'GET /v1.0/users 404',
      'GET /v1.0/users 200',
    ]);
  });

  it('closes though a call hangs', async () => {
    const lines: string[] = [];
    const simulator = await startGraphSimulator({
      port: 0,
      onLog: (line) => lines.push(line),
      behaviour: { faults: [{ method: 'POST', path: '/invitations', answer: 'hang' }] },
    });
    const hanging = expect(invite(simulator.baseUrl, 'a@fabrikam.com')).rejects.toThrow('fetch failed');
    await waitFor(() => lines.length === 1, { describe: 'the call that hangs' });

    await simulator.close();
    await hanging;
  });
});
