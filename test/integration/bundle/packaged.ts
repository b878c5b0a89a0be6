import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

export const ROOT = path.join(__dirname, '..', '..', '..');

/** The functions by the rule that each file of functions/ is one. */
export const FUNCTION_NAMES = readdirSync(path.join(ROOT, 'functions'))
  .map((file) => path.basename(file, '.ts'))
  .sort();

/** A folder outside the checkout: there no node_modules of ours makes up for what a package lacks. */
export const emptyFolder = (): string => mkdtempSync(path.join(tmpdir(), 'bundle-test-'));

const run = promisify(execFile);

/** `npm run package`, compiled before. Rejects with what it printed to stderr when it exits with another code than 0. */
export async function packageApp(...args: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [path.join(ROOT, 'dist', 'tools', 'package.js'), ...args], {
    // What the functions are registered with comes from here: none of ours may leak in.
    env: {},
  });
  return stdout;
}

const metafile = z.object({
  outputs: z.record(
    z.string(),
    z.object({
      inputs: z.record(z.string(), z.object({ bytesInOutput: z.number() })),
      imports: z.array(z.object({ path: z.string(), external: z.boolean().optional() })),
    }),
  ),
});
const bundleSchema = z.object({ ownCode: metafile, packages: metafile });

/** What the bundle holds, as esbuild recorded it beside the app's folder. */
export function readBundle(appFolder: string) {
  const { ownCode, packages } = bundleSchema.parse(
    JSON.parse(readFileSync(path.join(appFolder, '..', 'bundle.json'), 'utf8')),
  );
  const inputsOf = ({ outputs }: z.output<typeof metafile>) =>
    Object.values(outputs).flatMap(({ inputs }) =>
      Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
    );
  const asked = Object.values(ownCode.outputs).flatMap(({ imports }) => imports.map((one) => one.path));
  return { ownInputs: inputsOf(ownCode), packageInputs: inputsOf(packages), asked: [...new Set(asked)].sort() };
}
