/* eslint-disable @typescript-eslint/no-require-imports */
const { app } = require('@azure/functions');

app.timer('everySecond', {
  schedule: '* * * * * *',
  handler: () => process.send({ seen: 'everySecond' }),
});

app.timer('atStart', {
  schedule: '%TEST_SCHEDULE%',
  runOnStartup: true,
  handler: (timer) => process.send({ seen: 'atStart', timer }),
});

app.timer('byHand', {
  schedule: '0 0 0 1 1 *',
  handler: async (timer) => {
    process.send({ seen: 'byHand', timer });
    await new Promise((resolve) => process.once('release', resolve));
    process.send({ seen: 'byHand done' });
  },
});

app.timer('failing', {
  schedule: '0 0 0 1 1 *',
  handler: () => {
    throw new Error('the timer failed');
  },
});
