import { connect } from 'node:net';
import { once } from 'node:events';
import { startHostProcess, type HostProcess } from '../../support/hostProcess';
import { waitFor } from '../../support/waitFor';

let host: HostProcess;
beforeEach(async () => {
  host = await startHostProcess({ onlyFunctions: ['waits', 'byHand', 'everySecond'] });
});
afterEach(() => host.end());

async function refusesConnections(): Promise<boolean> {
  const socket = connect(host.httpPort, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return false;
  } catch {
    return true;
  } finally {
    socket.destroy();
  }
}

it('finishes what is in hand and takes nothing new', async () => {
  await host.seen('appStart');
  const waiting = fetch(host.url('/api/waits'));
  await host.seen('waiting');
  const timer = host.fireTimer('byHand');
  await host.seen('byHand');

  const stopped = host.stopHost();
  await waitFor(refusesConnections, { describe: 'connections to be refused' });
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

it('starts again in the same process, with the functions that were registered', async () => {
  await host.stopHost();
  await host.restartHost();
  await host.seen('appStart', 2);
  const waiting = fetch(host.url('/api/waits'));
  await host.seen('waiting');
  await host.release();
  expect((await waiting).status).toBe(200);
  await host.stopHost();
});
