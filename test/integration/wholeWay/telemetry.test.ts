import { randomBytes } from 'node:crypto';
import { findLeaks } from '../../support/leaks';
import { type TracedSpan, startCollector, wayUp } from '../../support/otlp';
import { webhooksOf } from '../../support/sources';
import { waitFor } from '../../support/waitFor';
import { type WholeApp, invitationOf, startWholeApp } from '../../support/wholeApp';

const DAY_MS = 24 * 3600_000;
const TOKEN = 'a-token-of-these-tests';
const SOURCES = JSON.stringify({
  hr: {
    verification: { type: 'token', header: 'x-token', secrets: ['HR_TOKEN'] },
    eventId: 'id',
    mapping: "{ 'invitedUserEmailAddress': email }",
  },
});

let collector: Awaited<ReturnType<typeof startCollector>>;
let app: WholeApp;
beforeAll(async () => {
  collector = await startCollector();
  app = await startWholeApp({
    SOURCES,
    HR_TOKEN: TOKEN,
    TELEMETRY: 'otlp',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_BSP_SCHEDULE_DELAY: '50',
    OTEL_METRIC_EXPORT_INTERVAL: '200',
  });
}, 60_000);
afterAll(async () => {
  await app.stop();
  await collector.close();
});

interface Caller {
  traceId: string;
  spanId: string;
  traceparent: string;
}

/** A caller with a trace of its own, which it does not want kept: so do most Functions hosts. */
function aCaller(): Caller {
  const [traceId, spanId] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-00` };
}

const looksAt = (id: string): TracedSpan[] =>
  collector
    .spans()
    .filter(({ name, attributes }) => name === 'look at invitation' && attributes['invitation.id'] === id);

/** The call of Graph that mailed, in a trace, once it is known. */
const mailing = (traceId: string): Promise<TracedSpan> =>
  waitFor(() => collector.spans().find((span) => span.traceId === traceId && span.name === 'POST /invitations'), {
    describe: 'the span of the mail',
  });

/** All of a trace up to the span, whose parents are told after it. */
const wayTo = (span: TracedSpan, root: string): Promise<(string | undefined)[]> =>
  waitFor(
    () => {
      const way = wayUp(span, collector.spans());
      return way.at(-1) === root && way;
    },
    { describe: 'the whole way to be told' },
  );

async function invite(email: string, caller: Caller, more: object = {}): Promise<string> {
  const answer = await app.post({ invitedUserEmailAddress: email, ...more }, { traceparent: caller.traceparent });
  expect(answer.status).toBe(202);
  return invitationOf(answer).id;
}

describe('one invitation is one trace', () => {
  it('from the caller over the hint to Graph, which is told of it', async () => {
    const caller = aCaller();
    const id = await invite('ann@fabrikam.com', caller);
    await app.until(id, 'pendingAcceptance');
    const mail = await mailing(caller.traceId);
    expect(await wayTo(mail, caller.spanId)).toEqual([
      'POST /invitations',
      'look at invitation',
      'advanceInvitation',
      'send invitations',
      'requestInvitation',
      caller.spanId,
    ]);
    expect(mail.kind).toBe(3);
    expect(mail.attributes).toMatchObject({ 'http.response.status_code': 201, 'url.template': '/invitations' });
    expect(mail.attributes['attempt.id']).toBe(app.graph.calls.find(isMailTo('ann'))?.headers['client-request-id']);
    expect(app.graph.calls.find(isMailTo('ann'))?.headers['traceparent']).toBe(
      `00-${caller.traceId}-${mail.spanId}-01`,
    );
    expect(looksAt(id)[0]?.attributes).toMatchObject({ 'invitation.kind': 'guest', 'invitation.source': 'api' });
  });

  it('from a webhook over both queues to Graph', async () => {
    const caller = aCaller();
    const headers = { 'X-Token': TOKEN, traceparent: caller.traceparent };
    const answer = await webhooksOf(app).post('hr', { id: '1', email: 'bob@fabrikam.com' }, headers);
    expect(answer.status).toBe(202);
    const mail = await mailing(caller.traceId);
    expect(await wayTo(mail, caller.spanId)).toEqual([
      'POST /invitations',
      'look at invitation',
      'advanceInvitation',
      'send invitations',
      'handle webhook event',
      'handleWebhookEvent',
      'send webhook-events',
      'receiveWebhook',
      caller.spanId,
    ]);
  });

  it('also where its hint is lost and a tick brings it back: what set off the look is linked', async () => {
    await app.stopBroker();
    const caller = aCaller();
    const id = await invite('cid@fabrikam.com', caller);
    await app.startBroker();
    await app.until(id, 'pendingAcceptance');
    const mail = await mailing(caller.traceId);
    expect(await wayTo(mail, caller.spanId)).toEqual([
      'POST /invitations',
      'look at invitation',
      'requestInvitation',
      caller.spanId,
    ]);
    const [link, ...others] = looksAt(id).find(({ spanId }) => spanId === mail.parentSpanId)?.links ?? [];
    expect(others).toEqual([]);
    // It ends after the look in it, so it may come with the next export.
    const run = await waitFor(() => collector.spans().find(({ spanId }) => spanId === link?.spanId), {
      describe: 'the run that was linked',
    });
    expect(run).toMatchObject({ name: 'advanceInvitation', traceId: link?.traceId });
    expect(link?.traceId).not.toBe(caller.traceId);
  });

  it('ends with the first mail: a reminder is a trace of its own, linked to the request', async () => {
    const caller = aCaller();
    const id = await invite('dan@fabrikam.com', caller);
    await app.until(id, 'pendingAcceptance');
    await app.jump(4 * DAY_MS);
    await app.until(id, ({ sends }) => sends.length === 2);
    const reminder = await waitFor(() => looksAt(id).find(hasReminded), { describe: 'the look that reminded' });
    expect(reminder.traceId).not.toBe(caller.traceId);
    const request = collector
      .spans()
      .find((span) => span.traceId === caller.traceId && span.name === 'requestInvitation');
    expect(reminder.links).toEqual([{ traceId: caller.traceId, spanId: request?.spanId }]);
    const mail = await mailing(reminder.traceId);
    expect(mail.parentSpanId).toBe(reminder.spanId);
    const first = looksAt(id).filter(({ traceId }) => traceId === caller.traceId);
    // A tick at the same time may have it looked at twice.
    const steps = first.flatMap(({ attributes }) => attributes['invitation.steps']);
    expect(steps.filter((step) => step === 'send → sent')).toHaveLength(1);
  });
});

/** The step that sends a second mail comes when the reminder is due. */
const hasReminded = ({ links, attributes }: TracedSpan): boolean =>
  links.length > 0 && String(attributes['invitation.steps']).includes('send → sent');

const isMailTo = (name: string) => (call: { method: string; path: string; body: string }) =>
  call.method === 'POST' && call.path === '/v1.0/invitations' && call.body.includes(`${name}@fabrikam.com`);

const OF_API = { kind: 'guest', source: 'api' };
const OF_HR = { kind: 'guest', source: 'hr' };
const counted = (value: number, attributes: object) => ({ attributes, count: undefined, value });

describe('figures', () => {
  it('count by kind and source, and time what was sent and redeemed', async () => {
    await app.graph.redeem('ann@fabrikam.com');
    await app.jump(2 * DAY_MS);
    const accepted = await waitFor(() => collector.figures('invitations.accepted')[0], { describe: 'the redemption' });
    expect(accepted).toEqual(counted(1, OF_API));
    expect(collector.figures('invitations.requested')).toEqual([counted(3, OF_API), counted(1, OF_HR)]);
    expect(collector.figures('invitations.sent')).toEqual([counted(3, OF_API), counted(1, OF_HR)]);
    expect(collector.figures('invitations.open')).toEqual([counted(2, OF_API), counted(1, OF_HR)]);
    expect(collector.figures('invitations.time_to_send').map(({ count }) => count)).toEqual([3, 1]);
    expect(collector.figures('invitations.time_to_redeem').map(({ count }) => count)).toEqual([1]);
    const [reminded] = collector
      .figures('invitations.reminded')
      .filter(({ attributes }) => attributes['source'] === 'api');
    expect(reminded?.value).toBeGreaterThanOrEqual(1);
  });

  it('tell the pace of each limit, and what a tick found past its time', async () => {
    await app.host.fireTimer('wakeInvitations');
    const paces = await waitFor(() => {
      const found = collector.figures('gate.pace');
      return found.length === 3 && found;
    });
    expect(paces.map(({ attributes, value }) => [attributes['limit'], value])).toEqual([
      // A margin is kept to Graph's limit.
      ['invitations', expect.closeTo(25, 0)],
      ['shares', 1],
      ['linkedIn', 1],
    ]);
    expect(collector.figures('wakeups.overdue')).toHaveLength(1);
    expect(collector.figures('wakeups.oldest_overdue')).toHaveLength(1);
  });

  it('count what Graph throttles, by limit, and the log says so', async () => {
    const fault = { method: 'POST', path: '/invitations', email: 'eva@fabrikam.com', answer: 429, retryAfter: 1 };
    await app.graph.behave({ faults: [fault] });
    await app.until(await invite('eva@fabrikam.com', aCaller()), 'pendingAcceptance');
    const throttled = await waitFor(() => collector.figures('graph.throttled')[0]);
    expect(throttled).toEqual(counted(1, { limit: 'invitations' }));
    expect(linesOf('throttled')).toEqual([
      expect.objectContaining({ limit: 'invitations', statusCode: 429, errorCode: 'TooManyRequests' }),
    ]);
  });
});

type Fields = Record<string, unknown>;

/** The fields of the lines that tell of an event. */
const linesOf = (event: string): Fields[] =>
  app.host.logs
    .filter(({ line }) => line.startsWith('{'))
    .map(({ line }) => JSON.parse(line) as Fields)
    .filter((fields) => fields['event'] === event);

describe('the log', () => {
  it('tells of an invitation with the ids by which message, trace and try at Graph are found', async () => {
    const caller = aCaller();
    const id = await invite('fay@fabrikam.com', caller);
    await app.until(id, 'pendingAcceptance');
    const [sent] = await waitFor(() => {
      const found = linesOf('sent').filter(({ invitationId }) => invitationId === id);
      return found.length > 0 && found;
    });
    expect(sent).toMatchObject({ ...OF_API, invitationId: id });
    expect(sent?.['attemptId']).toBe(app.graph.calls.find(isMailTo('fay'))?.headers['client-request-id']);
    expect(sent?.['secondsToSend']).toEqual(expect.any(Number));
    expect(sent?.['messageId']).toMatch(new RegExp(`^w-0-.*-${id}~`));
    expect(sent?.['traceparent']).toMatch(new RegExp(`^00-${caller.traceId}-`));
  });
});

describe('what leaves the app for the collector', () => {
  it('holds no address and no ticket', async () => {
    const [mail] = await app.graph.mailsTo('ann@fabrikam.com');
    const tickets = [/ticket(?:=|%3d)(.+?)(?:&|%26|$)/i.exec(mail?.redeemUrl ?? '')?.[1] ?? 'none'];
    expect(tickets[0]).toMatch(/.{16}/);
    const addresses = ['ann', 'bob', 'cid', 'dan', 'eva', 'fay'].map((name) => `${name}@fabrikam.com`);
    expect(collector.spans().length).toBeGreaterThan(30);
    expect(findLeaks([{ where: 'collector', text: collector.text() }], { tickets, addresses })).toEqual([]);
  });
});
