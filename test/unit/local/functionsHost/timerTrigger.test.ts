import { makeTimer } from '../../../../local/functionsHost/timerTrigger';
import { makeWorkInHand } from '../../../../local/functionsHost/workInHand';
import type { Call, Invoke } from '../../../../local/functionsHost/invoke';
import type { HostedFunction, TimerTrigger } from '../../../../local/functionsHost/triggers';

const yearly = '0 0 0 1 1 *';
const hosted: HostedFunction<TimerTrigger> = {
  name: 'timer',
  metadata: { name: 'timer', bindings: {} },
  callback: () => undefined,
  trigger: { type: 'timerTrigger', bindingName: 't', schedule: yearly },
};

it('runs what is fired during a run after it, never beside it', async () => {
  let running = 0;
  let most = 0;
  const invoke: Invoke = async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise(setImmediate);
    running -= 1;
    return {};
  };
  const calls = jest.fn(invoke);
  const timer = makeTimer(hosted, yearly, { invoke: calls, work: makeWorkInHand() });
  await Promise.all([timer.fire(), timer.fire(), timer.fire()]);
  expect(calls).toHaveBeenCalledTimes(3);
  expect(most).toBe(1);
});

it('hands over a timer that has never run, then one that has', async () => {
  const calls: Call[] = [];
  const invoke: Invoke = (_, call) => {
    calls.push(call);
    return Promise.resolve({});
  };
  const timer = makeTimer(hosted, yearly, { invoke, work: makeWorkInHand() });
  await timer.fire();
  await timer.fire();
  const [first, second] = calls.map(
    ({ input }) =>
      JSON.parse(input.json ?? '') as { ScheduleStatus: { Last: string; Next: string }; IsPastDue: boolean },
  );
  expect(first).toMatchObject({ Schedule: { AdjustForDST: true }, IsPastDue: false });
  expect(first?.ScheduleStatus.Last).toBe('0001-01-01T00:00:00+00:00');
  expect(first?.ScheduleStatus.Next).toMatch(/^\d{4}-01-01T00:00:00.000Z$/);
  expect(second?.ScheduleStatus.Last).toMatch(/^2\d{3}-/);
});

it('rejects with what the function threw, and runs again', async () => {
  const invoke = jest.fn<ReturnType<Invoke>, Parameters<Invoke>>();
  invoke.mockRejectedValueOnce(new Error('failed')).mockResolvedValueOnce({});
  const timer = makeTimer(hosted, yearly, { invoke, work: makeWorkInHand() });
  await expect(timer.fire()).rejects.toThrow('failed');
  await expect(timer.fire()).resolves.toBeUndefined();
});
