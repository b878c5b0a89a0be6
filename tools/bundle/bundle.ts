import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Metafile } from 'esbuild';
import { bundleOwnCode } from './ownCode';
import { bundlePackages } from './packages';
import { type Weight, weightsOf } from './report';

export interface Bundle {
  ownCode: Metafile;
  packages: Metafile;
}

/**
 * Makes the bundle anew: `main.js` and `packages/` in the folder, and beside the folder `bundle.json` with what went into
 * it. Throws what esbuild finds wrong.
 */
export async function makeBundle(root: string, folder: string): Promise<Bundle> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const { metafile: ownCode, packages: used } = await bundleOwnCode(root, folder);
  const packages = await bundlePackages(root, folder, used);
  await writeFile(join(dirname(folder), 'bundle.json'), JSON.stringify({ ownCode, packages }, undefined, 1));
  return { ownCode, packages };
}

export const weigh = ({ ownCode, packages }: Bundle): Weight[] =>
  [...weightsOf('main.js', ownCode), ...weightsOf('packages', packages)].sort((a, b) => b.bytes - a.bytes);
