import {
  type Attributes as OtelAttributes,
  type Counter,
  type Gauge,
  type Histogram,
  type Meter,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  type UpDownCounter,
  trace,
} from '@opentelemetry/api';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, type MetricReader } from '@opentelemetry/sdk-metrics';
import { AlwaysOnSampler, BasicTracerProvider, type SpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Attributes, Backend, LiveSpan, SpanStart } from './backend';
import { METRICS } from './metrics';
import { parseTraceparent, toTraceparent } from './traceparent';

/** Where spans and figures go. */
export interface Exporters {
  spans: SpanProcessor;
  figures: MetricReader;
}

const NAME = 'invitation-workflow';

/**
 * Traces and figures by OpenTelemetry's SDK, over providers of its own: nothing is registered for the whole process.
 *
 * Every span is kept unless OTEL_TRACES_SAMPLER says otherwise. Its default is the caller's choice, and the Functions
 * host marks its own context as not sampled.
 */
export function makeOpenTelemetry({ spans, figures }: Exporters): Backend {
  const resource = defaultResource()
    .merge(resourceFromAttributes({ 'service.name': process.env['WEBSITE_SITE_NAME'] ?? NAME }))
    .merge(detectResources({ detectors: [envDetector] }));
  const isSamplerSet = (process.env['OTEL_TRACES_SAMPLER'] ?? '') !== '';
  const tracers = new BasicTracerProvider({
    resource,
    spanProcessors: [spans],
    ...(isSamplerSet ? {} : { sampler: new AlwaysOnSampler() }),
  });
  const meters = new MeterProvider({ resource, readers: [figures] });
  const tracer = tracers.getTracer(NAME);
  const instruments = instrumentsOf(meters.getMeter(NAME));
  return {
    startSpan: (start) => startSpan(tracer, start),
    add: (metric, value, attributes) => instruments.sums.get(metric)?.add(value, withoutUnknown(attributes)),
    record: (metric, value, attributes) => instruments.records.get(metric)?.record(value, withoutUnknown(attributes)),
    flush: async () => {
      await Promise.allSettled([tracers.forceFlush(), meters.forceFlush()]);
    },
  };
}

const KINDS = { internal: SpanKind.INTERNAL, producer: SpanKind.PRODUCER, client: SpanKind.CLIENT };

function startSpan(tracer: Tracer, { name, kind, parent, links, attributes }: SpanStart): LiveSpan {
  const from = parseTraceparent(parent);
  const context = from ? trace.setSpanContext(ROOT_CONTEXT, { ...from, isRemote: true }) : ROOT_CONTEXT;
  const linked = links.flatMap((link) => parseTraceparent(link) ?? []).map((linkedTo) => ({ context: linkedTo }));
  const options = { kind: KINDS[kind], links: linked, attributes: withoutUnknown(attributes) };
  const span = tracer.startSpan(name, options, context);
  return {
    traceparent: toTraceparent(span.spanContext()),
    set: (more) => span.setAttributes(withoutUnknown(more)),
    end: (errorType) => {
      if (errorType !== undefined) {
        span.setAttribute('error.type', errorType);
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      span.end();
    },
  };
}

const withoutUnknown = (attributes: Attributes): OtelAttributes =>
  Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));

function instrumentsOf(meter: Meter) {
  const sums = new Map<string, Counter | UpDownCounter>();
  const records = new Map<string, Histogram | Gauge>();
  for (const [name, { type, ...given }] of Object.entries(METRICS)) {
    const { unit, description } = given;
    switch (type) {
      case 'counter':
        sums.set(name, meter.createCounter(name, { unit, description }));
        break;
      case 'upDownCounter':
        sums.set(name, meter.createUpDownCounter(name, { unit, description }));
        break;
      case 'gauge':
        records.set(name, meter.createGauge(name, { unit, description }));
        break;
      case 'histogram': {
        const explicitBucketBoundaries = 'bounds' in given ? [...given.bounds] : [];
        records.set(name, meter.createHistogram(name, { unit, description, advice: { explicitBucketBoundaries } }));
        break;
      }
    }
  }
  return { sums, records };
}
