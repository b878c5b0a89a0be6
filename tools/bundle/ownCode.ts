import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Metafile, build } from 'esbuild';
import { deferImports } from './deferImports';
import { BUILD_OPTIONS } from './options';
import type { PackageImports } from './packageImports';

/** The functions of the app: one a file, named as the file. */
export const functionNames = (root: string): string[] =>
  readdirSync(join(root, 'functions'))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .sort();

/** Builds main.js: @azure/functions and all of our code. Tells which packages it will ask for, and what of them. */
export async function bundleOwnCode(
  root: string,
  folder: string,
): Promise<{ metafile: Metafile; packages: PackageImports }> {
  const packages: PackageImports = new Map();
  const { metafile } = await build({
    ...BUILD_OPTIONS,
    absWorkingDir: root,
    stdin: {
      contents: functionNames(root)
        .map((name) => `import './functions/${name}';`)
        .join('\n'),
      resolveDir: root,
      sourcefile: 'functions.js',
    },
    outfile: join(folder, 'main.js'),
    format: 'cjs',
    sourcemap: true,
    // The host supplies it under this name.
    external: ['@azure/functions-core'],
    plugins: [deferImports(root, packages)],
  });
  return { metafile, packages };
}
