import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Metafile, type OutputFile, type Plugin, build, transform } from 'esbuild';
import { packageFile } from './deferImports';
import { BUILD_OPTIONS } from './options';
import type { PackageImports, Used } from './packageImports';

/**
 * Builds packages/: a CommonJS file for each package and JSON file that our code asks for, holding what it uses of it, and
 * files for what several of them share, so that nothing is there twice.
 *
 * esbuild splits ES modules only; each file it gives is turned into CommonJS by itself.
 * @see https://esbuild.github.io/api/#splitting
 */
export async function bundlePackages(root: string, folder: string, packages: PackageImports): Promise<Metafile> {
  const outdir = join(folder, 'packages');
  // They become known in any order, and the names of the shared files depend on it.
  const names = [...packages.keys()].sort();
  const { metafile, outputFiles } = await build({
    ...BUILD_OPTIONS,
    absWorkingDir: root,
    entryPoints: Object.fromEntries(names.map((name) => [packageFile(name), ENTRY + name])),
    outdir,
    format: 'esm',
    splitting: true,
    sourcemap: 'inline',
    write: false,
    external: NEVER_LOADED,
    plugins: [entries(root, packages), englishOnly],
  });
  await mkdir(outdir, { recursive: true });
  await Promise.all(outputFiles.map(writeAsCommonJs));
  return metafile;
}

/** Asked for by @azure/identity once a person shall log in with a browser. */
const NEVER_LOADED = ['open'];

const ENTRY = 'used-of:';

function entries(root: string, packages: PackageImports): Plugin {
  return {
    name: 'entries',
    setup(build) {
      const filter = new RegExp(`^${ENTRY}`);
      build.onResolve({ filter }, ({ path }) => ({ path: path.slice(ENTRY.length), namespace: ENTRY }));
      build.onLoad({ filter: /./, namespace: ENTRY }, ({ path }) => ({
        contents: reExport(path, packages.get(path) ?? 'everything'),
        resolveDir: root,
      }));
    },
  };
}

const reExport = (name: string, used: Used): string =>
  used === 'everything' ? `export * from '${name}';` : `export { ${[...used].sort().join(', ')} } from '${name}';`;

/** zod brings its messages in fifty languages, half of its size, and reads the English ones from another file. */
const englishOnly: Plugin = {
  name: 'English only',
  setup(build) {
    build.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({ contents: 'export {};' }));
  },
};

async function writeAsCommonJs({ path, text }: OutputFile): Promise<void> {
  const { code, map, warnings } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target: BUILD_OPTIONS.target,
    minify: true,
    sourcemap: 'external',
    sourcesContent: false,
  });
  // Such as import.meta, of which CommonJS has nothing: the file would load, and fail when used.
  const [warning] = warnings;
  if (warning)
    throw new Error(`${basename(path)} can't be CommonJS: ${warning.text} ${warning.location?.lineText ?? ''}`);
  await writeFile(path, `${code}//# sourceMappingURL=${basename(path)}.map\n`);
  await writeFile(`${path}.map`, map);
}
