import { toTraceContext } from '../../../../local/functionsHost/traceContext';

const traceParent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

it('carries on the trace of the caller', () => {
  expect(toTraceContext(traceParent, 'a=b')).toEqual({ traceParent, traceState: 'a=b', attributes: {} });
});

it.each([
  undefined,
  42,
  'nonsense',
  '00-00000000000000000000000000000000-b7ad6b7169203331-01',
  '00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01',
  '00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01',
])('starts a trace of its own for %p', (given) => {
  const { traceParent: fresh, traceState } = toTraceContext(given, 'a=b');
  expect(fresh).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
  expect(fresh).not.toBe(toTraceContext(given).traceParent);
  expect(traceState).toBe('');
});
