import { existsSync } from 'node:fs';
import { copyFile, readFile, readdir, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { z } from 'zod';
import type { Bundle } from '../bundle/bundle';
import { noticesOf } from './notices';
import { zipOf } from './zip';

const packageJson = z.object({
  name: z.string(),
  version: z.string(),
  license: z.string(),
  engines: z.record(z.string(), z.string()),
});

/** Files of ours that hold a package's code as text. */
const COPIES: Record<string, string> = { 'shared/webhooks/jsonata.json': 'node_modules/jsonata/jsonata.min.js' };

/** What SOURCES may name: it is of this deployment, so there may be none. */
const SOURCES_FILES = ['sources.json', 'sources.jsonc'];

/**
 * Puts beside the bundle what makes it an app: host.json, the webhook sources, a package.json without dependencies, and the
 * licences.
 */
export async function completeFolder(root: string, folder: string, { ownCode, packages }: Bundle): Promise<void> {
  const { name, version, license, engines } = packageJson.parse(
    JSON.parse(await readFile(join(root, 'package.json'), 'utf8')),
  );
  const deployed = { name, version, private: true, license, main: 'main.js', engines };
  const files = [ownCode, packages].flatMap(({ outputs }) =>
    Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs).map((file) => COPIES[file] ?? file)),
  );
  const sources = SOURCES_FILES.filter((file) => existsSync(join(root, file)));
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(deployed, undefined, 2)}\n`);
  await writeFile(join(folder, 'THIRD-PARTY-NOTICES.txt'), noticesOf(root, files));
  for (const file of ['host.json', 'LICENSE', ...sources]) await copyFile(join(root, file), join(folder, file));
}

/** Zips the folder's files; gives the size of the archive in bytes. */
export async function writeZip(folder: string, file: string): Promise<number> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const entries = paths.map(async (path) => ({
    name: relative(folder, path).split(sep).join('/'),
    data: await readFile(path),
  }));
  const zip = zipOf(await Promise.all(entries));
  await writeFile(file, zip);
  return zip.length;
}
