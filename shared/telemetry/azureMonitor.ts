import { DefaultAzureCredential } from '@azure/identity';
import { AzureMonitorMetricExporter, AzureMonitorTraceExporter } from '@azure/monitor-opentelemetry-exporter';
import { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { figuresEveryMs } from './figuresEveryMs';
import { type Exporters, makeOpenTelemetry } from './openTelemetry';

/**
 * To the Application Insights that APPLICATIONINSIGHTS_CONNECTION_STRING names, the one of the Functions host; with the
 * app's identity where APPLICATIONINSIGHTS_AUTHENTICATION_STRING asks the host for it, too.
 * @see https://learn.microsoft.com/azure/azure-monitor/app/azure-ad-authentication
 */
function exporters(): Exporters {
  const clientId = process.env['AZURE_CLIENT_ID'];
  const asksForIdentity = /\bAuthorization=AAD\b/i.test(process.env['APPLICATIONINSIGHTS_AUTHENTICATION_STRING'] ?? '');
  const options = asksForIdentity
    ? { credential: new DefaultAzureCredential(clientId ? { managedIdentityClientId: clientId } : {}) }
    : {};
  return {
    spans: new BatchSpanProcessor(new AzureMonitorTraceExporter(options)),
    figures: new PeriodicExportingMetricReader({
      exporter: new AzureMonitorMetricExporter(options),
      exportIntervalMillis: figuresEveryMs(),
    }),
  };
}

export const makeBackend = () => makeOpenTelemetry(exporters());
