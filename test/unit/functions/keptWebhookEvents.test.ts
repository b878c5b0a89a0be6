import type { InvocationContext } from '@azure/functions';
import { type Tried, type WebhookEvent, afterTry, receivedEvent } from '../../../shared/domain/webhookEvent';

type Handler = (message: unknown, context: InvocationContext) => Promise<void>;

const HINT = { source: 'hr', key: 'abcdef0123456789abcdef0123456789' };
const RETAIN = { retainMs: 10 * 24 * 3600_000 };
const received = receivedEvent('hr', 'abc', '2026-03-02T09:00:00.000Z');

/** The event after a try at a time; where that changes nothing, as it was. */
const after = (tried: Tried, at: string, event: WebhookEvent = received): WebhookEvent =>
  afterTry(event, tried, at, RETAIN) ?? event;

const handlers: Record<string, Handler> = {};
const services = { webhooks: {} };

beforeAll(() => {
  const serviceBusQueue = (name: string, { handler }: { handler: Handler }) => {
    handlers[name] = handler;
  };
  jest.doMock('@azure/functions', () => ({ app: { serviceBusQueue } }));
  jest.doMock('../../../shared/clients', () => ({ services: () => Promise.resolve(services) }));
  jest.requireActual('../../../functions/handleWebhookEvent');
  jest.requireActual('../../../functions/recordWebhookDeadLetter');
});

/** What a function logs, by event and sentence, while the workflow gives this. */
async function loggedBy(name: string, webhooks: object): Promise<string[][]> {
  const lines: string[] = [];
  const log = (line: string) => lines.push(line);
  const options = { trigger: { type: 'serviceBusTrigger' } };
  const context = { functionName: name, log, warn: log, error: log, triggerMetadata: { sequenceNumber: 7 }, options };
  services.webhooks = webhooks;
  await handlers[name]?.(HINT, context as unknown as InvocationContext);
  return lines
    .map((line) => JSON.parse(line) as { event: string; message: string })
    .map(({ event, message }) => [event, message]);
}

describe('handleWebhookEvent logs', () => {
  const handled = (tried: Tried, event: WebhookEvent | undefined) =>
    loggedBy('handleWebhookEvent', { handleWebhookEvent: () => Promise.resolve({ type: 'tried', tried, event }) });

  const NOW = '2026-03-02T09:01:00.000Z';
  const A_DAY_LATER = '2026-03-03T09:01:00.000Z';
  const done: Tried = { type: 'done', outcome: '1 invited' };
  const nothing: Tried = { type: 'kept', outcome: 'mapping gives nothing.' };
  const away: Tried = { type: 'again', outcome: 'api.example.com answers 503.' };
  const undescribed: Tried = { type: 'givenUp', outcome: 'SOURCES describes no source of this name.' };

  it('mappingFailed where the mapping is at fault', async () => {
    expect(await handled(nothing, after(nothing, NOW))).toEqual([
      [
        'mappingFailed',
        'Webhook event kept: event abcdef0123456789abcdef0123456789 of source hr: mapping gives nothing.',
      ],
    ]);
  });

  it('webhookGivenUp, and no failed mapping, where a day of tries was in vain', async () => {
    expect(await handled(away, after(away, A_DAY_LATER))).toEqual([
      [
        'webhookGivenUp',
        'Webhook event kept: event abcdef0123456789abcdef0123456789 of source hr: api.example.com answers 503.',
      ],
    ]);
  });

  it('webhookGivenUp where nobody describes the source', async () => {
    expect(await handled(undescribed, after(undescribed, NOW))).toEqual([
      [
        'webhookGivenUp',
        'Webhook event kept: event abcdef0123456789abcdef0123456789 of source hr: SOURCES describes no source of this name.',
      ],
    ]);
  });

  it('webhookPutOff with the time of the next try', async () => {
    expect(await handled(away, after(away, NOW))).toEqual([
      [
        'webhookPutOff',
        'event abcdef0123456789abcdef0123456789 of source hr: api.example.com answers 503. Next try at 2026-03-02T09:02:00.000Z.',
      ],
    ]);
  });

  it('what was done, though another worker had the event kept meanwhile', async () => {
    expect(await handled(done, after(nothing, NOW))).toEqual([
      ['webhookDone', 'event abcdef0123456789abcdef0123456789 of source hr: 1 invited'],
    ]);
  });

  it.each([
    ['kept', after(nothing, NOW)],
    ['done', after(done, NOW)],
    ['deleted', undefined],
  ])('nothing of a vain try of an event that another worker has %s', async (_, event) => {
    expect(await handled(away, event)).toEqual([]);
  });
});

describe('recordWebhookDeadLetter logs', () => {
  const recorded = (event: WebhookEvent | undefined) =>
    loggedBy('recordWebhookDeadLetter', { keptEvents: { keep: () => Promise.resolve(event) } });

  const DEAD_LETTER = ['deadLettered', 'Dead letter, message 7: event abcdef0123456789abcdef0123456789 of source hr.'];
  const ended: Tried = { type: 'givenUp', outcome: 'It ended its worker ten times.' };

  it('webhookGivenUp, for nobody knows whether the mapping is at fault', async () => {
    expect(await recorded(after(ended, '2026-03-02T09:01:00.000Z'))).toEqual([
      DEAD_LETTER,
      [
        'webhookGivenUp',
        'Webhook event kept: event abcdef0123456789abcdef0123456789 of source hr: It ended its worker ten times.',
      ],
    ]);
  });

  it('the dead letter alone where the event is done', async () => {
    const done = after({ type: 'done', outcome: '1 invited' }, '2026-03-02T09:01:00.000Z');
    expect(await recorded(done)).toEqual([DEAD_LETTER]);
  });
});
