import { z } from 'zod';
import { startHttpServer } from './httpServer';

/*
 * What the OTLP exporters send, in JSON (https://github.com/open-telemetry/opentelemetry-proto/tree/main/opentelemetry/proto).
 */
const attribute = z.object({
  key: z.string(),
  value: z.object({
    stringValue: z.string().optional(),
    intValue: z.union([z.number(), z.string()]).optional(),
    boolValue: z.boolean().optional(),
    arrayValue: z.object({ values: z.array(z.object({ stringValue: z.string().optional() })) }).optional(),
  }),
});
type Attribute = z.output<typeof attribute>;

const attributes = z
  .array(attribute)
  .default([])
  .transform((list) => Object.fromEntries(list.map(({ key, value }) => [key, valueOf(value)])));

const valueOf = ({ stringValue, intValue, boolValue, arrayValue }: Attribute['value']): unknown =>
  stringValue ??
  (intValue === undefined ? undefined : Number(intValue)) ??
  boolValue ??
  arrayValue?.values.map((each) => each.stringValue);

const spanSchema = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  kind: z.number(),
  attributes,
  links: z.array(z.object({ traceId: z.string(), spanId: z.string() })).default([]),
  status: z.object({ code: z.number().optional() }).default({}),
});
export type TracedSpan = z.output<typeof spanSchema>;

const traces = z.object({
  resourceSpans: z.array(z.object({ scopeSpans: z.array(z.object({ spans: z.array(spanSchema) })) })),
});

const number = z.union([z.number(), z.string()]).transform(Number).optional();
const point = z.object({ attributes, asInt: number, asDouble: number, count: number, sum: number });
const points = z.object({ dataPoints: z.array(point) }).optional();
const figures = z.object({
  resourceMetrics: z.array(
    z.object({
      scopeMetrics: z.array(
        z.object({
          metrics: z.array(
            z.object({ name: z.string(), unit: z.string(), sum: points, gauge: points, histogram: points }),
          ),
        }),
      ),
    }),
  ),
});

export interface Figure {
  attributes: Record<string, unknown>;
  /** Of a histogram: how many values, and their sum. */
  count: number | undefined;
  value: number;
}

/** A collector on 127.0.0.1 that keeps what it is sent. */
export async function startCollector() {
  const server = await startHttpServer(() => ({ body: {} }));
  const bodiesOf = (path: string) => server.heard.filter((each) => each.path === path).map(({ body }) => body);
  return {
    url: server.url(''),
    /** All that came, as it came. */
    text: () => server.heard.map(({ body }) => body).join('\n'),
    spans: (): TracedSpan[] =>
      bodiesOf('/v1/traces').flatMap((body) =>
        traces
          .parse(JSON.parse(body))
          .resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
      ),
    /** What was told last of a metric, for each set of attributes. */
    figures: (name: string): Figure[] => {
      for (const body of bodiesOf('/v1/metrics').reverse()) {
        const { resourceMetrics } = figures.parse(JSON.parse(body));
        const metric = resourceMetrics
          .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics))
          .find((each) => each.name === name);
        const found = metric?.sum ?? metric?.gauge ?? metric?.histogram;
        if (found) return found.dataPoints.map(figureOf);
      }
      return [];
    },
    close: server.close,
  };
}

const figureOf = ({ attributes: of, asInt, asDouble, count, sum }: z.output<typeof point>): Figure => ({
  attributes: of,
  count,
  value: asInt ?? asDouble ?? sum ?? 0,
});

/** Names from a span up to the first whose parent is not among them, which is given last by its id. */
export function wayUp(span: TracedSpan, spans: TracedSpan[]): (string | undefined)[] {
  const parent = spans.find(({ traceId, spanId }) => traceId === span.traceId && spanId === span.parentSpanId);
  return [span.name, ...(parent ? wayUp(parent, spans) : [span.parentSpanId])];
}
