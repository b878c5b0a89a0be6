import { isSameTrace, parseTraceparent, toTraceparent } from '../../../../shared/telemetry/traceparent';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SPAN_ID = 'b7ad6b7169203331';

it('reads what W3C Trace Context describes, and writes it the same', () => {
  const text = `00-${TRACE_ID}-${SPAN_ID}-01`;
  const read = parseTraceparent(text);
  expect(read).toEqual({ traceId: TRACE_ID, spanId: SPAN_ID, traceFlags: 1 });
  expect(read && toTraceparent(read)).toBe(text);
});

it.each([
  ['nothing', undefined],
  ['a trace of zeros', `00-${'0'.repeat(32)}-${SPAN_ID}-01`],
  ['a span of zeros', `00-${TRACE_ID}-${'0'.repeat(16)}-01`],
  ['capitals', `00-${TRACE_ID.toUpperCase()}-${SPAN_ID}-01`],
  ['another version', `01-${TRACE_ID}-${SPAN_ID}-01`],
  ['more behind it', `00-${TRACE_ID}-${SPAN_ID}-01-ann@fabrikam.com`],
])('takes %s for none', (_, text) => {
  expect(parseTraceparent(text)).toBeUndefined();
});

it('tells spans of one trace from those of others', () => {
  const one = `00-${TRACE_ID}-${SPAN_ID}-00`;
  expect(isSameTrace(one, `00-${TRACE_ID}-00f067aa0ba902b7-01`)).toBe(true);
  expect(isSameTrace(one, `00-${TRACE_ID.replace('0', '1')}-${SPAN_ID}-00`)).toBe(false);
  expect(isSameTrace(undefined, undefined)).toBe(false);
});
