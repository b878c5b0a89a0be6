import { connect } from 'node:net';
import { once } from 'node:events';
import { startHostProcess, type HostProcess } from '../../support/hostProcess';

let host: HostProcess;
beforeEach(async () => {
  host = await startHostProcess({ onlyFunctions: ['waits', 'byHand', 'everySecond'] });
});
afterEach(() => host.end());

it('finishes what is in hand and takes nothing new', async () => {
  await host.seen('appStart');
  const waiting = fetch(host.url('/api/waits'));
  await host.seen('waiting');
  const timer = host.fireTimer('byHand');
  await host.seen('byHand');

  const stopped = host.stopHost();
  const socket = connect(host.httpPort, '127.0.0.1');
  await expect(once(socket, 'connect')).rejects.toThrow('ECONNREFUSED');
  expect(host.sightings.some(({ seen }) => seen === 'appTerminate')).toBe(false);

  await host.release();
  expect(await (await waiting).text()).toBe('released');
  await timer;
  await stopped;
  await host.seen('appTerminate');
});

it('gives up after its time on what does not finish', async () => {
  const waiting = fetch(host.url('/api/waits'));
  await host.seen('waiting');
  const lost = expect(waiting).rejects.toThrow('fetch failed');
  await host.stopHost();
  await host.seen('appTerminate');
  await lost;
});
