import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { startHostProcess } from '../../support/hostProcess';
import { writeApp, type WrittenApp } from '../../support/writeApp';

let app: WrittenApp | undefined;
afterEach(() => {
  app?.remove();
  app = undefined;
});

const start = "const { app } = require('@azure/functions');";

it.each<[string, Record<string, string>, RegExp]>([
  ['there is no function', { 'functions/a.js': '' }, /^No function is registered in /],
  ['no file is found', {}, /^No file matches "functions\/\*\.js", the "main" of .*: has the app been built\?$/],
  ['package.json names no files', { 'package.json': '{}' }, /package\.json has no "main"/],
  [
    'a file cannot be loaded',
    { 'functions/good.js': `${start} app.get('good', () => ({}));`, 'functions/bad.js': 'throw new Error("a cause")' },
    /^Cannot load functions\/bad\.js: a cause$/,
  ],
  [
    'a name is taken',
    {
      'functions/a.js': `${start} app.get('one', () => ({}));`,
      'functions/b.js': `${start} app.get('One', () => ({}));`,
    },
    /^Cannot load functions\/b\.js: Function "One" is registered twice/,
  ],
  [
    'a route is taken',
    {
      'functions/a.js': `${start}
        app.get('one', { route: 'x/{id}', handler: () => ({}) });
        app.get('two', { route: 'x/{key}', handler: () => ({}) });`,
    },
    /^The functions "one" and "two" both have the route GET \/api\/x\/{}\.$/,
  ],
  [
    'a schedule is none',
    { 'functions/a.js': `${start} app.timer('t', { schedule: '* * *', handler: () => undefined });` },
    /^Function "t": The schedule "\* \* \*" must have six fields/,
  ],
  [
    "a queue's setting is missing",
    {
      'functions/a.js': `${start} app.serviceBusQueue('q', { queueName: '%Q%', connection: 'C', handler: () => undefined });`,
    },
    /^Function "q": The setting Q, which "%Q%" refers to, has no value\.$/,
  ],
  [
    "a queue's connection is missing",
    {
      'functions/a.js': `${start} app.serviceBusQueue('q', { queueName: 'q', connection: 'C', handler: () => undefined });`,
    },
    /^Function "q": The setting C has no value: it must be a Service Bus connection string\.$/,
  ],
])('refuses to start when %s', async (_, files, message) => {
  app = writeApp(files);
  await expect(startHostProcess({ appRoot: app.root })).rejects.toThrow(message);
});

it('refuses to start when a function is asked for that is not there', async () => {
  await expect(startHostProcess({ onlyFunctions: ['echo', 'nobody'] })).rejects.toThrow(
    'There is no function named "nobody"',
  );
});

it('names the variable that changes the port when the port is taken', async () => {
  const occupant = createServer().listen(0, '127.0.0.1');
  await once(occupant, 'listening');
  const { port } = occupant.address() as AddressInfo;
  await expect(startHostProcess({ httpPort: port, onlyFunctions: ['echo'] })).rejects.toThrow(
    `Port ${port} is taken: set FUNCTIONS_PORT to a free one.`,
  );
  occupant.close();
});

it('reads the files that braces and folders name, and the prefix of host.json', async () => {
  app = writeApp({
    'package.json': '{"main": "{index.js,functions/*.js}"}',
    'host.json': '{"version": "2.0", "extensions": {"http": {"routePrefix": ""}}}',
    'index.js': `${start} app.get('first', () => ({ body: 'first' }));`,
    'functions/a.js': `${start} app.get('second', () => ({ body: 'second' }));`,
  });
  const host = await startHostProcess({ appRoot: app.root });
  try {
    expect(await (await fetch(host.url('/first'))).text()).toBe('first');
    expect(await (await fetch(host.url('/second'))).text()).toBe('second');
  } finally {
    await host.end();
  }
});
