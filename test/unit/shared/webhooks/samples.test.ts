import { requestFaults } from '../../../../shared/webhooks/actions';
import { readEvents } from '../../../../shared/webhooks/events';
import { mapEvent, selectEvent } from '../../../../shared/webhooks/mapEvent';
import { makeSandbox } from '../../../../shared/webhooks/sandbox';
import { verify } from '../../../../shared/webhooks/verify';
import { rules } from '../../../support/requests';
import { SAMPLE_NAMES, readSample, withHeaders } from './samples';

const sandbox = makeSandbox();
afterAll(() => sandbox.close());

const RULES = rules({ inviteRedirectUrl: 'https://myapp.contoso.com' });

/** Where each sample's sender shows who it is, and what a wrong, an old and a missing one are refused for. */
const SIGNED: Record<string, { header: string; timestamp?: string }> = {
  'standard-webhooks': { header: 'webhook-signature', timestamp: 'webhook-timestamp' },
  bamboohr: { header: 'x-bamboohr-signature', timestamp: 'x-bamboohr-timestamp' },
  'bamboohr-events': { header: 'x-bamboohr-signature', timestamp: 'x-bamboohr-timestamp' },
  hibob: { header: 'bob-signature' },
  personio: { header: 'x-personio-signature' },
  deel: { header: 'x-deel-signature' },
  'github-style': { header: 'x-hub-signature-256' },
  servicenow: { header: 'x-servicenow-signature', timestamp: 'x-servicenow-timestamp' },
};
const BY_HEADER: Record<string, string> = {
  basic: 'authorization',
  workday: 'authorization',
  successfactors: 'x-api-key',
};
const BY_QUERY = ['cloudevents', 'event-grid'];
const MINUTE_MS = 60_000;

const later = (date: Date, minutes: number): Date => new Date(date.getTime() + minutes * MINUTE_MS);
const signedNames = Object.keys(SIGNED);
const timedNames = signedNames.filter((name) => SIGNED[name]!.timestamp !== undefined);

describe('samples/webhooks', () => {
  it('are each covered by one of the tables above', () => {
    expect([...signedNames, ...Object.keys(BY_HEADER), ...BY_QUERY, 'power-automate'].sort()).toEqual(SAMPLE_NAMES);
  });

  it.each(SAMPLE_NAMES)('%s: a request with the right credentials verifies', (name) => {
    const { source, request } = readSample(name);
    expect(verify(source, request)).toEqual({ ok: true });
  });

  it.each(SAMPLE_NAMES)(
    '%s: the mapping makes the expected actions, which POST /invitations would take',
    async (name) => {
      const { source, request, fetched, expected } = readSample(name);
      const read = readEvents(source, request);
      const [event = ''] = read.ok ? read.events : [];
      const selected = await selectEvent(source, event, { headers: request.headers, sandbox });
      const { eventId, fetchUrl, actions } = expected;
      expect(selected).toEqual({ type: 'selected', eventId, ...(fetchUrl === undefined ? {} : { fetchUrl }) });

      const mapped = await mapEvent(source, event, { sandbox, ...(fetched === undefined ? {} : { fetched }) });
      expect(mapped).toEqual({ type: 'actions', actions });
      expect(requestFaults(actions, RULES)).toEqual([]);
    },
  );
});

describe('a signed sample', () => {
  it.each(signedNames)('%s: is refused with a wrong signature', (name) => {
    const { source, request } = readSample(name);
    const { header } = SIGNED[name]!;
    const signature = request.headers.get(header)!;
    // The last but three characters, so that neither prefix nor padding is what is wrong.
    const at = signature.length - 4;
    const wrong = signature.slice(0, at) + (signature[at] === 'a' ? 'b' : 'a') + signature.slice(at + 1);
    expect(verify(source, withHeaders(request, { [header]: wrong }))).toEqual({ ok: false, reason: 'wrongSignature' });
  });

  it.each(signedNames)('%s: is refused without a signature', (name) => {
    const { source, request } = readSample(name);
    expect(verify(source, withHeaders(request, { [SIGNED[name]!.header]: null }))).toEqual({
      ok: false,
      reason: 'missingSignature',
    });
  });

  it.each(signedNames)('%s: is refused when a byte of the body is another', (name) => {
    const { source, request } = readSample(name);
    const rawBody = Buffer.from(Buffer.from(request.rawBody).toString().replace('fabrikam', 'fabricam'));
    const changed = rawBody.equals(request.rawBody) ? Buffer.concat([rawBody, Buffer.from(' ')]) : rawBody;
    expect(verify(source, { ...request, rawBody: changed })).toEqual({ ok: false, reason: 'wrongSignature' });
  });

  it.each(signedNames)('%s: is refused when the secret is another', (name) => {
    const { environment, request } = readSample(name);
    const changed = Object.fromEntries(
      Object.entries(environment).map(([setting, secret]) => [
        setting,
        secret.replace('c2Ft', 'c2Fu').replace('sam', 'san'),
      ]),
    );
    expect(verify(readSample(name, changed).source, request)).toEqual({ ok: false, reason: 'wrongSignature' });
  });

  it.each(timedNames)('%s: is refused when it comes eleven minutes late', (name) => {
    const { source, request } = readSample(name);
    expect(verify(source, { ...request, now: later(request.now, 11) })).toEqual({ ok: false, reason: 'tooOld' });
  });

  it.each(timedNames)('%s: is refused when it comes from eleven minutes ahead', (name) => {
    const { source, request } = readSample(name);
    expect(verify(source, { ...request, now: later(request.now, -11) })).toEqual({ ok: false, reason: 'tooNew' });
  });

  it.each(timedNames)('%s: is refused when it is replayed with a fresh timestamp', (name) => {
    const { source, request } = readSample(name);
    const now = later(request.now, 11);
    const fresh = String(Math.floor(now.getTime() / 1000));
    const replayed = withHeaders({ ...request, now }, { [SIGNED[name]!.timestamp!]: fresh });
    expect(verify(source, replayed)).toEqual({ ok: false, reason: 'wrongSignature' });
  });

  it.each(timedNames)('%s: is refused without its timestamp', (name) => {
    const { source, request } = readSample(name);
    const { timestamp } = SIGNED[name]!;
    expect(verify(source, withHeaders(request, { [timestamp!]: null }))).toEqual({
      ok: false,
      reason: 'missingTimestamp',
    });
  });

  it.each(signedNames)('%s: has the same event id when it is replayed, whatever else is sent with it', async (name) => {
    const { source, request, expected } = readSample(name);
    const replayed = withHeaders(request, { 'x-github-delivery': 'another', 'x-request-id': 'another' });
    expect(verify(source, replayed)).toEqual({ ok: true });
    const read = readEvents(source, replayed);
    const selected = await selectEvent(source, read.ok ? read.events[0]! : '', { headers: replayed.headers, sandbox });
    expect(selected).toMatchObject({ eventId: expected.eventId });
  });
});

describe('a sample with a shared secret', () => {
  it.each(Object.entries(BY_HEADER))('%s: is refused with another secret and without one', (name, header) => {
    const { source, request } = readSample(name);
    const wrong = name === 'successfactors' ? 'sample-secret-never-use-it-0123456780' : 'Basic d29ya2RheTp3cm9uZw==';
    expect(verify(source, withHeaders(request, { [header]: wrong }))).toEqual({
      ok: false,
      reason: 'wrongCredentials',
    });
    expect(verify(source, withHeaders(request, { [header]: null }))).toEqual({
      ok: false,
      reason: 'missingCredentials',
    });
  });

  it.each(BY_QUERY)('%s: is refused with another token and without one', (name) => {
    const { source, request } = readSample(name);
    const wrong = new URLSearchParams({ token: 'sample-secret-never-use-it-012345678' });
    expect(verify(source, { ...request, query: wrong })).toEqual({ ok: false, reason: 'wrongCredentials' });
    expect(verify(source, { ...request, query: new URLSearchParams() })).toEqual({
      ok: false,
      reason: 'missingCredentials',
    });
  });

  it('power-automate: is refused when the caller is not known', () => {
    const { source, request } = readSample('power-automate');
    expect(verify(source, { ...request, isCallerKnown: false })).toEqual({ ok: false, reason: 'callerUnknown' });
  });
});
