import { readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { transform } from '@swc/core';
import type { Plugin } from 'esbuild';
import { type PackageImports, addUsed, importsOf, isPackage } from './packageImports';

/** Registers with the host, so it is needed at once. */
const EAGER_PACKAGE = '@azure/functions';

/** `azure-identity` of `@azure/identity`; `shared-webhooks-jsonata.json` of `./shared/webhooks/jsonata.json`. */
export const packageFile = (specifier: string): string => specifier.replace(/^(?:@|\.\/)/, '').replaceAll('/', '-');

/**
 * Lets each import of our own files happen when what it brings is first used, and each package but @azure/functions, and
 * each JSON file of ours, be a file of its own beside the bundle, read then. Registering the functions so costs neither running nor reading what only
 * an invocation needs. Fills `packages` with what is to be built.
 *
 * Refuses `__dirname` and the like: beside the bundle there are no files of ours.
 * @see https://swc.rs/docs/configuration/modules#lazy
 */
export function deferImports(root: string, packages: PackageImports): Plugin {
  const isOurs = (path: string): boolean => path.startsWith(root + sep) && !path.includes(`${sep}node_modules${sep}`);
  return {
    name: 'defer imports',
    setup(build) {
      const found: PackageImports = new Map();
      const needed = new Set<string>();
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        if (!isOurs(path)) return undefined;
        const source = await readFile(path, 'utf8');
        refuseOwnPath(relative(root, path), source);
        const imports = importsOf(source);
        for (const [specifier, used] of imports.packages) addUsed(found, specifier, used);
        return { loader: 'js', contents: await toDeferred(path, source, imports.deferrable) };
      });
      build.onResolve({ filter: /^[^./]/ }, ({ path, importer }) => {
        if (!isOurs(importer) || !isPackage(path) || path === EAGER_PACKAGE) return undefined;
        needed.add(path);
        return { path: `./packages/${packageFile(path)}.js`, external: true };
      });
      // As big as a package may be, and as a rule of use to few functions.
      build.onResolve({ filter: /^\..*\.json$/ }, ({ path, importer, resolveDir }) => {
        if (!isOurs(importer)) return undefined;
        const specifier = `./${relative(root, join(resolveDir, path)).split(sep).join('/')}`;
        addUsed(found, specifier, new Set(['default']));
        needed.add(specifier);
        return { path: `./packages/${packageFile(specifier)}.js`, external: true };
      });
      // Not before: what one file uses of a package may become known after another file asked for it.
      build.onEnd(() => {
        for (const specifier of needed) packages.set(specifier, found.get(specifier) ?? 'everything');
      });
    },
  };
}

async function toDeferred(filename: string, source: string, lazy: string[]): Promise<string> {
  const { code } = await transform(source, {
    filename,
    configFile: false,
    swcrc: false,
    sourceMaps: 'inline',
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs', lazy },
  });
  return code;
}

export function refuseOwnPath(file: string, source: string): void {
  const found = /\b(?:__dirname|__filename|import\.meta)\b/.exec(source);
  if (found) {
    throw new Error(`${file} asks for its own place (${found[0]}), which a bundle has not. Import the file it reads.`);
  }
}
