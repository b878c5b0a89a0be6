import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { noticesOf } from '../../../../tools/package/notices';

let root = '';
beforeEach(() => (root = mkdtempSync(path.join(tmpdir(), 'notices-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

function writePackage(name: string, files: Record<string, string>): string {
  const folder = path.join(root, 'node_modules', name);
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(folder, file), text);
  return `node_modules/${name}/index.js`;
}

it('has a section for each package with its licence and every text that comes with it', () => {
  const files = [
    writePackage('b', { 'package.json': '{"name":"b","version":"2.0.0","license":"ISC"}', 'licence.md': 'ISC text' }),
    writePackage('@a/a', {
      'package.json': '{"name":"@a/a","version":"1.0.0","license":"Apache-2.0"}',
      LICENSE: 'Apache text\r\n',
      'NOTICE.txt': 'a notice',
      'license-checker.js': 'no licence',
    }),
    'shared/clients.ts',
  ];
  const notices = noticesOf(root, [...files, ...files]);
  expect(notices.split(/\n-{100}\n\n/)).toEqual([
    'The bundle holds parts of the packages below, each under its own licence.\n',
    '@a/a 1.0.0: Apache-2.0\n\nApache text\n\na notice\n',
    'b 2.0.0: ISC\n\nISC text\n',
  ]);
});

it('refuses a package that states no licence', () => {
  const file = writePackage('c', { 'package.json': '{"name":"c","version":"3.0.0"}' });
  expect(() => noticesOf(root, [file])).toThrow('c 3.0.0 states no licence');
});
