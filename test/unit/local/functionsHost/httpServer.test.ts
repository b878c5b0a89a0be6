import { once } from 'node:events';
import { connect } from 'node:net';
import { toHttpRoutes } from '../../../../local/functionsHost/httpRoutes';
import { listen, makeHttpServer } from '../../../../local/functionsHost/httpServer';
import { makeWorkInHand } from '../../../../local/functionsHost/workInHand';

const trigger = { type: 'httpTrigger' as const, bindingName: 'h', authLevel: 'anonymous' as const, methods: ['GET'] };
const waits = { name: 'waits', metadata: { name: 'waits', bindings: {} }, callback: () => undefined, trigger };

let server: ReturnType<typeof makeHttpServer>;
// Here and not at the end: a test that waits in vain must not keep the process.
afterEach(() => {
  server.close();
});

it('has nothing in hand any more for a caller that was gone before the answer', async () => {
  let begin = (): void => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  let answer: (answered: { returnValue: null }) => void = () => undefined;
  const answered = new Promise<{ returnValue: null }>((resolve) => (answer = resolve));
  const work = makeWorkInHand();
  server = makeHttpServer({
    routes: toHttpRoutes([waits], 'api'),
    admin: () => ({ status: 404 }),
    functionKey: undefined,
    invoke: () => {
      begin();
      return answered;
    },
    work,
  });
  const gone = new Promise((resolve) => server.on('connection', (socket) => socket.on('close', resolve)));
  const caller = connect(await listen(server, 0), '127.0.0.1');
  await once(caller, 'connect');
  caller.write('GET /api/waits HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await begun;
  caller.destroy();
  await gone;
  answer({ returnValue: null });
  await work.done();
});
