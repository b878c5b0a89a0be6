import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ENTRY = `
  import { makeSandbox } from './shared/webhooks/sandbox';
  const sandbox = makeSandbox();
  void sandbox.run([{ name: 'm', expression: 'a + 1' }], '{"a":1}').then((answer) => console.log(JSON.stringify(answer)));
`;

describe('the sandbox in a bundle of one file', () => {
  it('runs where no node_modules is, and lets the process end', () => {
    const outfile = join(folder, 'bundle.js');
    const root = join(__dirname, '../../../..');
    buildSync({
      stdin: { contents: ENTRY, resolveDir: root, loader: 'ts' },
      outfile,
      bundle: true,
      minify: true,
      platform: 'node',
      format: 'cjs',
    });
    writeFileSync(join(folder, 'package.json'), '{}');
    // Not closed on purpose: the process has to end by itself. A hang fails by the limit.
    const output = execFileSync(process.execPath, [outfile], { cwd: folder, encoding: 'utf8', timeout: 20_000 });
    expect(JSON.parse(output)).toEqual({ ok: true, results: { m: '2' } });
  });
});
