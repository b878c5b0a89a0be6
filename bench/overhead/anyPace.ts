import type * as Settings from '../../shared/settings';

/**
 * Loaded beside the functions, lets them ask Graph BENCH_PER_SECOND times a second: the setting ends at Graph's own limit,
 * and how much more one core could do is what is to be found out.
 */
// eslint-disable-next-line @typescript-eslint/no-require-imports -- what others see of the module is changed
const settings = require('../../shared/settings') as {
  -readonly [name in keyof typeof Settings]: (typeof Settings)[name];
};

const { readSettings } = settings;
settings.readSettings = (environment) => ({
  ...readSettings(environment),
  GRAPH_INVITATIONS_PER_SECOND: Number(process.env['BENCH_PER_SECOND']),
});
