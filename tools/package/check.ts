import { cpSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadApp } from '../../local/functionsHost/loadApp';

/**
 * Loads all of a packaged app, in a place where no node_modules can help out, and tells what is wrong with it; nothing
 * when it registers just the functions that are named. Azure would start a broken one as an app with no functions, and say
 * nothing. To be called once in a process, which then ends.
 */
export async function faultsOf(folder: string, names: string[]): Promise<string[]> {
  const place = realpathSync(mkdtempSync(join(tmpdir(), 'package-')));
  try {
    cpSync(folder, place, { recursive: true });
    const { functions } = await loadApp(place, () => undefined);
    loadPackages(place);
    return [
      ...names.filter((name) => !functions.has(name)).map((name) => `Function "${name}" is not registered.`),
      ...[...functions.keys()]
        .filter((name) => !names.includes(name))
        .map((name) => `Nobody knows function "${name}".`),
    ];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** They are read when first used, so that main.js loads says nothing of them: those it asks for, and all that are there. */
function loadPackages(place: string): void {
  const main = join(place, 'main.js');
  const load = createRequire(main);
  const asked = readFileSync(main, 'utf8').matchAll(/require\("(\.\/packages\/[^"]+)"\)/g);
  for (const [, file = ''] of asked) load(file);
  for (const file of readdirSync(join(place, 'packages'))) {
    if (file.endsWith('.js')) load(`./packages/${file}`);
  }
}
