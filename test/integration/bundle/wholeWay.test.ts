import { once } from 'node:events';
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { webhooksOf } from '../../support/sources';
import { startCollector, wayUp } from '../../support/otlp';
import { waitFor } from '../../support/waitFor';
import { type WholeApp, startWholeApp } from '../../support/wholeApp';
import { FUNCTION_NAMES, emptyFolder, packageApp } from './packaged';

const folder = emptyFolder();
const appRoot = path.join(folder, 'app');
const running: { stop: () => Promise<void> }[] = [];

beforeAll(() => packageApp('--out', appRoot));
afterEach(async () => {
  for (const { stop } of running.splice(0)) await stop();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function startPackage(settings: Record<string, string> = {}): Promise<WholeApp> {
  const app = await startWholeApp(settings, { appRoot });
  running.push(app);
  return app;
}

it('registers each function of functions/ and takes an invitation all the way', async () => {
  const app = await startPackage();
  expect(app.host.functions.map(({ name }) => name).sort()).toEqual(FUNCTION_NAMES);

  const { id } = await app.invite('adele.vance@fabrikam.com');
  await app.until(id, 'pendingAcceptance');
  expect(await app.graph.mailCount('adele.vance@fabrikam.com')).toBe(1);

  await app.graph.redeem('adele.vance@fabrikam.com');
  await app.host.fireTimer('syncRedemptions');
  await app.until(id, 'accepted');
});

it('asks the managed identity for the token of the real Graph, with the SDK that is read then', async () => {
  const asked: string[] = [];
  const identity = createServer((request, response) => {
    asked.push(`${String(request.headers['x-identity-header'])} ${String(request.url)}`);
    const expiresOn = Math.floor(Date.now() / 1000) + 3600;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ access_token: 'a-token', expires_on: String(expiresOn), token_type: 'Bearer' }));
  }).listen(0, '127.0.0.1');
  await once(identity, 'listening');
  running.push({ stop: () => new Promise((resolve) => identity.close(() => resolve())) });

  const app = await startPackage({
    GRAPH_BASE_URL: 'https://graph.microsoft.com',
    AZURE_CLIENT_ID: '11111111-2222-3333-4444-555555555555',
    IDENTITY_ENDPOINT: `http://127.0.0.1:${(identity.address() as AddressInfo).port}/msi/token`,
    IDENTITY_HEADER: 'a-secret-of-the-host',
  });
  const { status, body } = await app.call('GET', '/api/health');

  expect(body).toMatchObject({ checks: { graphToken: { status: 'ok' } } });
  expect(status).toBe(200);
  expect(asked).toEqual([
    expect.stringMatching(
      /^a-secret-of-the-host \/msi\/token\?.*resource=https%3A%2F%2Fgraph\.microsoft\.com.*client_id=11111111-2222-3333-4444-555555555555/,
    ),
  ]);
});

describe('JSONata, a file of its own beside main.js,', () => {
  const JSONATA = 'shared-webhooks-jsonata.json.js';

  it('is not read where no mapping is', async () => {
    const copy = path.join(folder, 'without-jsonata');
    cpSync(appRoot, copy, { recursive: true });
    rmSync(path.join(copy, 'packages', JSONATA));
    const app = await startWholeApp({}, { appRoot: copy });
    running.push(app);
    await app.until((await app.invite('ada.plain@fabrikam.com')).id, 'pendingAcceptance');
    expect(app.host.logs.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('maps a webhook where one is', async () => {
    const token = 'a-token-of-these-tests';
    const verification = { type: 'token', header: 'x-token', secrets: ['HR_TOKEN'] };
    const hr = { verification, mapping: "{ 'invitedUserEmailAddress': email }" };
    const app = await startPackage({ HR_TOKEN: token, SOURCES: JSON.stringify({ hr }) });
    const answer = await webhooksOf(app).post('hr', { email: 'ada.hired@fabrikam.com' }, { 'X-Token': token });
    expect(answer.status).toBe(202);
    await waitFor(async () => (await app.graph.mailCount('ada.hired@fabrikam.com')) === 1);
  });
});

describe('with TELEMETRY', () => {
  /** The package without what telemetry alone needs. */
  function withoutTelemetry(): string {
    const copy = path.join(folder, 'without-telemetry');
    cpSync(appRoot, copy, { recursive: true });
    const files = readdirSync(path.join(copy, 'packages')).filter((file) => /opentelemetry/.test(file));
    expect(files.length).toBeGreaterThan(6);
    for (const file of files) rmSync(path.join(copy, 'packages', file));
    return copy;
  }

  const settings = (endpoint: string) => ({
    TELEMETRY: 'otlp',
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_BSP_SCHEDULE_DELAY: '50',
  });

  it('off reads nothing of it', async () => {
    const app = await startWholeApp({}, { appRoot: withoutTelemetry() });
    running.push(app);
    await app.until((await app.invite('ada.off@fabrikam.com')).id, 'pendingAcceptance');
    expect(app.host.logs.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('otlp sends the trace of an invitation to a collector', async () => {
    const collector = await startCollector();
    running.push({ stop: collector.close });
    const app = await startPackage(settings(collector.url));
    await app.until((await app.invite('ada.on@fabrikam.com')).id, 'pendingAcceptance');
    const way = await waitFor(() => {
      const mail = collector.spans().find(({ name }) => name === 'POST /invitations');
      const found = mail && wayUp(mail, collector.spans());
      return found?.includes('requestInvitation') && found;
    });
    expect(way.slice(0, -1)).toEqual([
      'POST /invitations',
      'look at invitation',
      'advanceInvitation',
      'send invitations',
      'requestInvitation',
    ]);
  });

  it('on and its packages missing says so once, and invites all the same', async () => {
    const app = await startWholeApp(settings('http://127.0.0.1:1'), { appRoot: withoutTelemetry() });
    running.push(app);
    await app.until((await app.invite('ada.missing@fabrikam.com')).id, 'pendingAcceptance');
    const told = app.host.logs.filter(({ line }) => line.includes('"event":"telemetryOff"'));
    expect(told.map(({ level, message }) => [level, message])).toEqual([
      [
        'error',
        expect.stringMatching(/^TELEMETRY is otlp, and there are no traces and figures: \S+ is not installed\./),
      ],
    ]);
  });
});
