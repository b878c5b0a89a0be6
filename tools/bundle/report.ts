import type { Metafile } from 'esbuild';

export interface Weight {
  /** A package, or a folder of ours. */
  what: string;
  bytes: number;
  /** In main.js, which every start reads, or in packages/, read when first used. */
  where: 'main.js' | 'packages';
}

/** What the bundle holds, heaviest first, in bytes as they are written. */
export function weightsOf(where: Weight['where'], { outputs }: Metafile): Weight[] {
  const bytesOf = new Map<string, number>();
  for (const { inputs } of Object.values(outputs)) {
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
      const what = ownerOf(file);
      bytesOf.set(what, (bytesOf.get(what) ?? 0) + bytesInOutput);
    }
  }
  return [...bytesOf]
    .filter(([, bytes]) => bytes > 0)
    .map(([what, bytes]) => ({ what, bytes, where }))
    .sort((a, b) => b.bytes - a.bytes);
}

/** `@azure/identity` of `node_modules/@azure/identity/dist/…`; `shared/tables` of `shared/tables/keys.ts`. */
export function ownerOf(file: string): string {
  const [, inPackage] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file) ?? [];
  return inPackage ?? (file.split('/').slice(0, -1).join('/') || file);
}

export function reportOf(weights: Weight[]): string {
  const total = weights.reduce((sum, { bytes }) => sum + bytes, 0);
  const lines = weights.map(({ what, bytes, where }) => line(what, bytes, (100 * bytes) / total, where));
  return [...lines, line('all', total, 100, '')].join('\n');
}

const line = (what: string, bytes: number, percent: number, where: string): string =>
  `${what.padEnd(44)}${(bytes / 1024).toFixed(1).padStart(9)} KiB ${percent.toFixed(1).padStart(6)} %  ${where}`.trimEnd();
