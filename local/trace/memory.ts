import {
  AggregationTemporality,
  InMemoryMetricExporter,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { useBackend } from '../../shared/telemetry/backend';
import { makeOpenTelemetry } from '../../shared/telemetry/openTelemetry';
import type { ShownSpan } from './spanTree';

/** Switches telemetry on for this process, and keeps all of it here. */
export function keepTelemetry() {
  const spans = new InMemorySpanExporter();
  const figures = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const backend = makeOpenTelemetry({
    spans: new SimpleSpanProcessor(spans),
    figures: new PeriodicExportingMetricReader({ exporter: figures }),
  });
  useBackend(backend);
  return {
    spans: () => spans.getFinishedSpans().map(shown),
    /** What was counted, as `name {attributes}` and the value or, of a histogram, how many values. */
    figures: async (): Promise<[what: string, value: number][]> => {
      await backend.flush();
      const last = figures.getMetrics().at(-1)?.scopeMetrics ?? [];
      return last.flatMap(({ metrics }) =>
        metrics.flatMap(({ descriptor, dataPoints }) =>
          dataPoints.map(({ attributes, value }): [string, number] => [
            `${descriptor.name} ${Object.values(attributes).join(', ')}`.trim(),
            typeof value === 'number' ? value : value.count,
          ]),
        ),
      );
    },
  };
}

const msOf = ([seconds, nanoseconds]: [number, number]): number => seconds * 1000 + nanoseconds / 1e6;

function shown(span: ReadableSpan): ShownSpan {
  const { traceId, spanId } = span.spanContext();
  return {
    traceId,
    spanId,
    parentSpanId: span.parentSpanContext?.spanId,
    name: span.name,
    startMs: msOf(span.startTime),
    durationMs: msOf(span.duration),
    attributes: span.attributes,
    links: span.links.map(({ context }) => ({ traceId: context.traceId, spanId: context.spanId })),
  };
}
