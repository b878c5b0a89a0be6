import type { BuildOptions } from 'esbuild';

/**
 * What every file of the bundle is built with. `module` before `main`: ES modules are cut down to what is used. Names
 * stay, for errors and traces are read by them.
 * @see https://esbuild.github.io/api/
 */
export const BUILD_OPTIONS = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  mainFields: ['module', 'main'],
  minify: true,
  keepNames: true,
  metafile: true,
  sourcesContent: false,
  logLevel: 'warning',
} as const satisfies BuildOptions;
