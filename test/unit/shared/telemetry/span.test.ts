import { carriedTrace } from '../../../../shared/telemetry/carriedTrace';
import { type Invocation, currentInvocation, currentTrace, within } from '../../../../shared/telemetry/invocation';
import { linkedTo, partOf } from '../../../../shared/telemetry/place';
import { inSpan } from '../../../../shared/telemetry/span';
import { useMemory } from '../../../support/memoryBackend';

const RUN = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const REQUEST = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const memory = useMemory();

const running = <T>(work: () => T, more: Partial<Invocation> = {}): T => {
  const log = { log: () => undefined, warn: () => undefined, error: () => undefined };
  return within({ log, messageId: undefined, traceparent: RUN, handsOnTrace: true, ...more }, work);
};

it('nests spans, and what is done in one goes on in its trace', async () => {
  const seen: (string | undefined)[] = [];
  await running(() =>
    inSpan({ name: 'outer' }, async () => {
      seen.push(currentTrace());
      await inSpan({ name: 'inner' }, () => Promise.resolve(seen.push(currentTrace())));
    }),
  );
  const [inner, outer] = memory.spans();
  expect(outer).toMatchObject({ name: 'outer', parent: RUN, kind: 'internal' });
  expect(inner).toMatchObject({ name: 'inner', parent: outer?.traceparent });
  expect(seen).toEqual([outer?.traceparent, inner?.traceparent]);
});

it('keeps spans apart that run side by side', async () => {
  await running(() =>
    Promise.all(
      ['a', 'b'].map((name) => inSpan({ name }, () => inSpan({ name: `${name}1` }, () => Promise.resolve()))),
    ),
  );
  const parentOf = (name: string) => memory.spans().find((span) => span.name === name)?.parent;
  const traceOf = (name: string) => memory.spans().find((span) => span.name === name)?.traceparent;
  expect([parentOf('a1'), parentOf('b1')]).toEqual([traceOf('a'), traceOf('b')]);
});

it('marks a span by the class of an error, without its message, and throws it on', async () => {
  const failing = () => Promise.reject(new TypeError('no ann@fabrikam.com'));
  await expect(running(() => inSpan({ name: 'x' }, failing))).rejects.toThrow('no ann@fabrikam.com');
  expect(memory.spans()[0]).toMatchObject({ errorType: 'TypeError' });
  expect(JSON.stringify(memory.spans())).not.toContain('fabrikam');
});

it('puts a span into an earlier trace and links what set it off, or the other way round', async () => {
  await running(() => inSpan({ name: 'part', ...partOf(REQUEST) }, () => Promise.resolve()));
  await running(() => inSpan({ name: 'linked', ...linkedTo(REQUEST) }, () => Promise.resolve()));
  expect(memory.spans()).toMatchObject([
    { name: 'part', parent: REQUEST, links: [RUN] },
    { name: 'linked', parent: RUN, links: [REQUEST] },
  ]);
});

it('links nothing that is in the same trace already, and nothing that is not known', async () => {
  const places = () => [partOf(RUN), linkedTo(RUN), partOf(undefined), linkedTo(undefined)];
  expect(await running(() => Promise.resolve(places()))).toEqual([{}, {}, {}, {}]);
  expect(partOf(REQUEST)).toEqual({ parent: REQUEST, links: [] });
});

describe('a message', () => {
  it('carries the trace that it is sent in', () => {
    expect(running(carriedTrace)).toEqual({ applicationProperties: { 'Diagnostic-Id': RUN, traceparent: RUN } });
  });

  it('of a timer begins a trace of its own, as does one that is sent outside of a function', () => {
    expect(running(carriedTrace, { handsOnTrace: false })).toEqual({});
    expect(carriedTrace()).toEqual({});
  });
});

it('goes on in the trace of what it is part of while TELEMETRY is off', async () => {
  memory.switchOff();
  expect(await running(() => inSpan({ name: 'x', ...partOf(REQUEST) }, () => Promise.resolve(currentTrace())))).toBe(
    REQUEST,
  );
});

it('enters no context of its own while TELEMETRY is off and nothing leads elsewhere', async () => {
  memory.switchOff();
  await running(async () => {
    const around = currentInvocation();
    expect(await inSpan({ name: 'x' }, () => Promise.resolve(currentInvocation() === around))).toBe(true);
  });
});
