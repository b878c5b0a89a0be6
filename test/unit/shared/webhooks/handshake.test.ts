import { answerHandshake } from '../../../../shared/webhooks/handshake';
import { readSample } from './samples';

const post = { method: 'POST', now: new Date('2026-12-01T09:00:00Z') };
const NOTHING = Buffer.from('');

describe('answerHandshake', () => {
  const cloudEvents = readSample('cloudevents').source;
  const options = (headers: Record<string, string>, source = cloudEvents) =>
    answerHandshake(source, { ...post, method: 'OPTIONS', headers: new Headers(headers), rawBody: NOTHING });

  it('allows an origin of CloudEvents that is on the list', () => {
    expect(options({ 'webhook-request-origin': 'EventGrid.azure.net', 'webhook-request-rate': '120' })).toEqual({
      status: 200,
      headers: { Allow: 'POST', 'WebHook-Allowed-Origin': 'eventgrid.azure.net', 'WebHook-Allowed-Rate': '120' },
    });
  });

  it('does not allow another origin', () => {
    expect(options({ 'webhook-request-origin': 'evil.example.com' })).toEqual({
      status: 403,
      headers: { Allow: 'POST' },
    });
  });

  it('names no origin to OPTIONS of another kind', () => {
    expect(options({})).toEqual({ status: 200, headers: { Allow: 'POST' } });
    const { source } = readSample('deel');
    expect(options({ 'webhook-request-origin': 'eventgrid.azure.net' }, source)).toEqual({
      status: 200,
      headers: { Allow: 'POST' },
    });
  });

  describe('of Event Grid', () => {
    const { source, environment } = readSample('event-grid');
    const query = new URLSearchParams({ token: environment['EVENT_GRID_TOKEN'] ?? '' });
    const headers = new Headers({ 'aeg-event-type': 'SubscriptionValidation' });
    const body = (validationCode: unknown) =>
      Buffer.from(
        JSON.stringify([{ eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent', data: { validationCode } }]),
      );
    const CODE = '512d38b6-c7b8-40c8-89fe-f46f9e9622b6';

    it('gives the validation code back', () => {
      expect(answerHandshake(source, { ...post, query, headers, rawBody: body(CODE) })).toEqual({
        status: 200,
        body: { validationResponse: CODE },
      });
    });

    it('gives nothing back to a request that does not verify', () => {
      const none = new URLSearchParams();
      expect(answerHandshake(source, { ...post, query: none, headers, rawBody: body(CODE) })).toEqual({ status: 401 });
    });

    it.each([body('<script>'), body(7), Buffer.from('[]'), Buffer.from('null'), Buffer.from('{')])(
      'answers 400 to what is no validation: %s',
      (rawBody) => {
        expect(answerHandshake(source, { ...post, query, headers, rawBody })).toEqual({ status: 400 });
      },
    );

    it('leaves events to be verified and mapped', () => {
      const { request } = readSample('event-grid');
      expect(answerHandshake(source, { ...request, method: 'POST' })).toBeUndefined();
    });
  });

  it.each(['Ping test', '"Ping test"', '{"text":"Ping test"}'])('answers HiBob’s %s', (text) => {
    const { source } = readSample('hibob');
    const ping = { ...post, headers: new Headers(), rawBody: Buffer.from(text) };
    expect(answerHandshake(source, ping)).toEqual({ status: 200 });
    expect(answerHandshake(readSample('deel').source, ping)).toBeUndefined();
  });
});
