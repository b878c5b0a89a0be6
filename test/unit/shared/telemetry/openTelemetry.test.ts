import {
  AggregationTemporality,
  InMemoryMetricExporter,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { SpanStart } from '../../../../shared/telemetry/backend';
import { METRICS } from '../../../../shared/telemetry/metrics';
import { makeOpenTelemetry } from '../../../../shared/telemetry/openTelemetry';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SPAN_ID = 'b7ad6b7169203331';
/** Not to be kept, says who called. */
const UNSAMPLED = `00-${TRACE_ID}-${SPAN_ID}-00`;
const LINKED = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

const start = (changes: Partial<SpanStart> = {}): SpanStart => ({
  name: 'x',
  kind: 'internal',
  parent: undefined,
  links: [],
  attributes: {},
  ...changes,
});

function inMemory() {
  const spans = new InMemorySpanExporter();
  const figures = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: figures });
  const backend = makeOpenTelemetry({ spans: new SimpleSpanProcessor(spans), figures: reader });
  return { backend, spans, figures };
}

const given = { ...process.env };
afterEach(() => {
  process.env = { ...given };
});

describe('a span', () => {
  it('is kept though its caller does not want it, in the caller’s trace, with its links and what it came to', () => {
    const { backend, spans } = inMemory();
    const live = backend.startSpan(start({ kind: 'client', parent: UNSAMPLED, links: [LINKED, 'none'] }));
    live.set({ 'http.response.status_code': 429, 'attempt.id': undefined });
    live.end('429');
    const [span] = spans.getFinishedSpans();
    expect(span).toMatchObject({
      name: 'x',
      kind: 2,
      parentSpanContext: { traceId: TRACE_ID, spanId: SPAN_ID, isRemote: true },
      attributes: { 'http.response.status_code': 429, 'error.type': '429' },
      status: { code: 2 },
      events: [],
    });
    expect(span?.links).toEqual([
      { context: { traceId: LINKED.slice(3, 35), spanId: LINKED.slice(36, 52), traceFlags: 1 } },
    ]);
    expect(live.traceparent).toBe(`00-${TRACE_ID}-${span?.spanContext().spanId ?? ''}-01`);
  });

  it('without a parent begins a trace', () => {
    const { backend, spans } = inMemory();
    backend.startSpan(start()).end();
    const [span] = spans.getFinishedSpans();
    expect(span?.parentSpanContext).toBeUndefined();
    expect(span?.status).toEqual({ code: 0 });
  });

  it('is left to OTEL_TRACES_SAMPLER where that is set', () => {
    process.env['OTEL_TRACES_SAMPLER'] = 'parentbased_always_on';
    const { backend, spans } = inMemory();
    const live = backend.startSpan(start({ parent: UNSAMPLED }));
    live.end();
    expect(spans.getFinishedSpans()).toEqual([]);
    expect(live.traceparent).toMatch(new RegExp(`^00-${TRACE_ID}-[0-9a-f]{16}-00$`));
  });
});

it.each([
  ['the function app in Azure', { WEBSITE_SITE_NAME: 'func-inviting' }, 'func-inviting'],
  ['OTEL_SERVICE_NAME', { WEBSITE_SITE_NAME: 'func-inviting', OTEL_SERVICE_NAME: 'mine' }, 'mine'],
  ['itself', {}, 'invitation-workflow'],
])('names the service after %s', (_, environment, name) => {
  Object.assign(process.env, environment);
  const { backend, spans } = inMemory();
  backend.startSpan(start()).end();
  expect(spans.getFinishedSpans()[0]?.resource.attributes['service.name']).toBe(name);
});

it('has an instrument for every figure, with its unit, and adds or replaces as it should', async () => {
  const { backend, figures } = inMemory();
  for (const name of Object.keys(METRICS)) {
    for (const value of [2, 3]) {
      const isSum = /counter/i.test(METRICS[name as keyof typeof METRICS].type);
      if (isSum) backend.add(name, value, { kind: 'guest', limit: undefined });
      else backend.record(name, value, { kind: 'guest' });
    }
  }
  await backend.flush();
  const told = figures.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics));
  const values = told.map(({ descriptor: { name, unit }, dataPoints: [point] }) => [
    name,
    unit,
    typeof point?.value === 'number' ? point.value : point?.value.sum,
  ]);
  expect(values).toEqual([
    ['invitations.requested', '{invitation}', 5],
    ['invitations.sent', '{invitation}', 5],
    ['invitations.reminded', '{mail}', 5],
    ['invitations.accepted', '{invitation}', 5],
    ['invitations.failed', '{invitation}', 5],
    ['invitations.needs_review', '{invitation}', 5],
    ['invitations.time_to_send', 's', 5],
    ['invitations.time_to_redeem', 's', 5],
    ['invitations.open', '{invitation}', 5],
    ['graph.throttled', '{call}', 5],
    ['gate.pace', '1/s', 3],
    ['wakeups.overdue', '{wakeup}', 3],
    ['wakeups.oldest_overdue', 's', 3],
  ]);
  expect(told[0]?.dataPoints[0]?.attributes).toEqual({ kind: 'guest' });
});

it('has buckets for a redemption that fit days, not milliseconds', async () => {
  const { backend, figures } = inMemory();
  backend.record('invitations.time_to_redeem', 3 * 24 * 3600, {});
  await backend.flush();
  const point = figures.getMetrics()[0]?.scopeMetrics[0]?.metrics[0]?.dataPoints[0];
  expect(point?.value).toMatchObject({
    buckets: { boundaries: expect.arrayContaining([86_400, 2_592_000]) as number[] },
  });
});
