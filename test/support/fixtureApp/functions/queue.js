/* eslint-disable @typescript-eslint/no-require-imports */
const { app } = require('@azure/functions');

app.serviceBusQueue('receive', {
  queueName: '%TEST_QUEUE%',
  connection: 'TestServiceBus',
  handler: async (message, context) => {
    const { triggerMetadata, traceContext } = context;
    process.send({ seen: 'message', message, triggerMetadata, traceParent: traceContext.traceParent });
    if (message.waits) await new Promise((resolve) => process.once('release', resolve));
    if (message.throws) throw new Error('cannot handle this');
  },
});
