import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { figuresEveryMs } from './figuresEveryMs';
import { type Exporters, makeOpenTelemetry } from './openTelemetry';

/**
 * To whatever OTEL_EXPORTER_OTLP_ENDPOINT names (http://localhost:4318), over HTTP in JSON.
 * @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
const exporters = (): Exporters => ({
  spans: new BatchSpanProcessor(new OTLPTraceExporter()),
  figures: new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter(),
    exportIntervalMillis: figuresEveryMs(),
  }),
});

export const makeBackend = () => makeOpenTelemetry(exporters());
