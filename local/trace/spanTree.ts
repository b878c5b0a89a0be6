/** A span as it is shown. Ids are those of its own trace; times in milliseconds. */
export interface ShownSpan {
  traceId: string;
  spanId: string;
  /** Of a span that is not among those shown, where it is the first of its trace. */
  parentSpanId: string | undefined;
  name: string;
  startMs: number;
  durationMs: number;
  attributes: Record<string, unknown>;
  links: { traceId: string; spanId: string }[];
}

/** The traces that have to do with an invitation, each as a tree, in the order in which they began. */
export function treesOf(invitationId: string, spans: ShownSpan[]): string {
  const names = new Map(spans.map(({ spanId, name }) => [spanId, name]));
  const traceIds = new Set(spans.filter((span) => span.attributes['invitation.id'] === invitationId).map(traceOf));
  const first = [...traceIds].map((traceId) => spans.filter((span) => span.traceId === traceId).sort(byStart));
  return first
    .sort((one, other) => (one[0]?.startMs ?? 0) - (other[0]?.startMs ?? 0))
    .map((trace) => treeOf(trace, names))
    .join('\n\n');
}

const traceOf = ({ traceId }: ShownSpan): string => traceId;
const byStart = (one: ShownSpan, other: ShownSpan): number => one.startMs - other.startMs;

function treeOf(trace: ShownSpan[], names: Map<string, string>): string {
  const ids = new Set(trace.map(({ spanId }) => spanId));
  const roots = trace.filter(({ parentSpanId }) => parentSpanId === undefined || !ids.has(parentSpanId));
  const lines = roots.flatMap((root) => linesOf(root, trace, names, '', ''));
  return [`trace ${trace[0]?.traceId ?? ''}`, ...lines].join('\n');
}

function linesOf(
  span: ShownSpan,
  trace: ShownSpan[],
  names: Map<string, string>,
  branch: string,
  indent: string,
): string[] {
  const children = trace.filter(({ parentSpanId }) => parentSpanId === span.spanId);
  const below = children.flatMap((child, index) => {
    const isLast = index === children.length - 1;
    return linesOf(child, trace, names, `${indent}${isLast ? '└─ ' : '├─ '}`, `${indent}${isLast ? '   ' : '│  '}`);
  });
  return [lineOf(span, names, branch), ...below];
}

const NAME_WIDTH = 46;

function lineOf(
  { name, durationMs, attributes, links }: ShownSpan,
  names: Map<string, string>,
  branch: string,
): string {
  const linked = links.map(
    ({ traceId, spanId }) => `linked to ${names.get(spanId) ?? 'a span'} of ${traceId.slice(0, 8)}…`,
  );
  const said = [...wordsOf(attributes), ...linked].join(', ');
  return `${(branch + name).padEnd(NAME_WIDTH)} ${durationMs.toFixed(1).padStart(8)} ms  ${said}`.trimEnd();
}

const TOLD = ['invitation.steps', 'invitation.status', 'http.response.status_code', 'attempt.id', 'error.type'];

const wordsOf = (attributes: Record<string, unknown>): string[] =>
  TOLD.flatMap((name) => {
    const value = attributes[name];
    if (Array.isArray(value)) return value.map(String);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : [];
  });
