/* eslint-disable @typescript-eslint/no-require-imports */
const { app } = require('@azure/functions');

app.http('echo', {
  route: 'echo/{id}',
  methods: ['GET', 'POST', 'HEAD'],
  handler: async (request, context) => ({
    headers: { 'x-method': request.method },
    jsonBody: {
      url: request.url,
      method: request.method,
      params: request.params,
      query: Object.fromEntries(request.query),
      headers: Object.fromEntries(request.headers),
      body: await request.text(),
      traceParent: context.traceContext.traceParent,
    },
  }),
});

app.get('literal', { route: 'echo/me', handler: () => ({ body: 'literal' }) });
app.get('typed', { route: 'typed/{number:int}', handler: ({ params }) => ({ body: params.number }) });
app.get('optional', { route: 'optional/{x?}', handler: ({ params }) => ({ jsonBody: params }) });
app.get('files', { route: 'files/{*rest}', handler: ({ params }) => ({ body: params.rest }) });
app.get('nothing', () => undefined);
app.get('secret', { authLevel: 'function', handler: () => ({ body: 'secret' }) });

app.get('throws', () => {
  throw new Error('not today');
});

app.post('bytes', async (request) => ({
  status: 201,
  headers: { 'content-type': 'application/octet-stream' },
  cookies: [{ name: 'seen', value: 'a b', httpOnly: true, sameSite: 'Lax', maxAge: 60 }],
  body: Buffer.from(await request.arrayBuffer()),
}));

app.get('logs', (_, context) => {
  context.log('for your', { information: 1 });
  context.warn('careful');
  context.error('broken');
  return {};
});

app.get('waits', async () => {
  process.send({ seen: 'waiting' });
  await new Promise((resolve) => process.once('release', resolve));
  return { body: 'released' };
});
