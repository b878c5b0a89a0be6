import { startHostProcess, type HostProcess } from '../../support/hostProcess';
import { waitFor } from '../../support/waitFor';

let host: HostProcess;
beforeAll(async () => {
  host = await startHostProcess(
    { onlyFunctions: ['everySecond', 'atStart', 'byHand', 'failing', 'nothing'] },
    { TEST_SCHEDULE: '0 0 0 1 1 *' },
  );
});
afterAll(() => host.end());

const admin = (path: string) => fetch(host.url(`/admin/functions/${path}`), { method: 'POST' });

it('runs a timer on its schedule', async () => {
  await host.seen('everySecond', 2);
});

it('runs a timer at the start when it asks for that, with the timer object of the real worker', async () => {
  const { timer } = await host.seen('atStart');
  expect(timer).toEqual({
    schedule: { adjustForDST: true },
    scheduleStatus: {
      last: '0001-01-01T00:00:00+00:00',
      lastUpdated: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
      next: expect.stringMatching(/^\d{4}-01-01T00:00:00.000Z$/) as string,
    },
    isPastDue: false,
  });
});

it('fires a timer by hand, each run after the one before', async () => {
  const first = host.fireTimer('byHand');
  await host.seen('byHand', 1);
  expect((await admin('byHand')).status).toBe(202);
  expect(host.sightings.filter(({ seen }) => seen === 'byHand')).toHaveLength(1);

  await host.release();
  await first;
  await host.seen('byHand', 2);
  const order = host.sightings.map(({ seen }) => seen).filter((seen) => seen.startsWith('byHand'));
  expect(order).toEqual(['byHand', 'byHand done', 'byHand']);
  await host.release();
  await host.seen('byHand done', 2);
});

it('rejects with what the timer threw', async () => {
  await expect(host.fireTimer('failing')).rejects.toThrow('the timer failed');
});

it('accepts a timer through the admin API that then fails, and logs it', async () => {
  const failures = () => host.logs.filter(({ functionName, level }) => functionName === 'failing' && level === 'error');
  const before = failures().length;
  expect((await admin('failing')).status).toBe(202);
  await waitFor(() => failures().length === before + 1);
});

it.each([
  ['nobody', 404],
  ['nothing', 400],
])('answers %s through the admin API with %i', async (name, status) => {
  expect((await admin(name)).status).toBe(status);
});

it('rejects firing a timer that is not there', async () => {
  await expect(host.fireTimer('nobody')).rejects.toThrow('There is no timer function named "nobody".');
});
