import { InvocationContext } from '@azure/functions';
import type { Gate } from '../../../../shared/graph/gate';
import { toldGate } from '../../../../shared/graph/toldGate';
import { functionRun } from '../../../../shared/telemetry/functionRun';
import { useMemory } from '../../../support/memoryBackend';

const memory = useMemory();
const AT = '2026-03-02T09:00:00.000Z';

/** What is logged, and what the gate below was told. */
async function told(work: (gate: Gate) => Promise<void>) {
  const below: unknown[] = [];
  const gate = {
    refused: (refusal: object) => Promise.resolve(void below.push(refusal)),
    close: (...given: unknown[]) => Promise.resolve(void below.push(given)),
  } as unknown as Gate;
  const lines: unknown[] = [];
  const context = new InvocationContext({
    logHandler: (level, line) => lines.push({ level, ...(JSON.parse(String(line)) as object) }),
  });
  await functionRun(() => work(toldGate('shares', gate)))(undefined, context);
  return { lines, below };
}

it('tells of a 429, counts it, and hands it on', async () => {
  const refusal = { beganAt: AT, retryAfterMs: 2_000, why: 'TooManyRequests' };
  const { lines, below } = await told((gate) => gate.refused(refusal));
  expect(lines).toEqual([
    expect.objectContaining({
      level: 'warning',
      event: 'throttled',
      message: 'Microsoft Graph asks to wait for 2 s (shares, TooManyRequests).',
      limit: 'shares',
      errorCode: 'TooManyRequests',
      statusCode: 429,
    }),
  ]);
  expect(memory.figures()).toEqual([['graph.throttled', 1, { limit: 'shares' }]]);
  expect(below).toEqual([refusal]);
});

it('tells that Graph refuses everybody, as an error, and closes the gate', async () => {
  const { lines, below } = await told((gate) => gate.close(AT, 'Authorization_RequestDenied'));
  expect(lines).toEqual([
    expect.objectContaining({
      level: 'error',
      event: 'consentLost',
      limit: 'shares',
      errorCode: 'Authorization_RequestDenied',
    }),
  ]);
  expect(below).toEqual([[AT, 'Authorization_RequestDenied']]);
});
