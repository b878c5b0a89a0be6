/* eslint-disable @typescript-eslint/no-require-imports */
const { app } = require('@azure/functions');

app.hook.appStart(() => void process.send({ seen: 'appStart' }));
app.hook.appTerminate(() => void process.send({ seen: 'appTerminate' }));

app.get('hooked', { route: 'hooked/{name}', handler: ({ params }) => ({ jsonBody: params }) });

app.hook.preInvocation((hook) => {
  if (hook.invocationContext.functionName !== 'hooked') return;
  hook.hookData.startedBy = 'preInvocation';
  const { functionHandler } = hook;
  hook.functionHandler = async (...args) => {
    const answer = await functionHandler(...args);
    return { jsonBody: { ...answer.jsonBody, wrapped: true } };
  };
});

app.hook.postInvocation((hook) => {
  if (hook.invocationContext.functionName !== 'hooked') return;
  hook.result = { jsonBody: { ...hook.result.jsonBody, seenBy: [hook.hookData.startedBy, 'postInvocation'] } };
});
