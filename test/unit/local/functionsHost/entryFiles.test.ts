import { globToRegExp } from '../../../../local/functionsHost/entryFiles';

it.each<[string, string, boolean]>([
  ['dist/functions/*.js', 'dist/functions/health.js', true],
  ['dist/functions/*.js', 'dist/functions/health.js.map', false],
  ['dist/functions/*.js', 'dist/functions/deep/health.js', false],
  ['dist/**/*.js', 'dist/functions/deep/health.js', true],
  ['dist/**/*.js', 'dist/health.js', true],
  ['./dist/main.js', 'dist/main.js', true],
  ['dist/main.js', 'dist/mainXjs', false],
  ['dist/{index.js,functions/*.js}', 'dist/index.js', true],
  ['dist/{index.js,functions/*.js}', 'dist/functions/a.js', true],
  ['dist/{index.js,functions/*.js}', 'dist/other.js', false],
  ['dist/?.js', 'dist/a.js', true],
  ['dist/?.js', 'dist/ab.js', false],
])('%s for %s is %s', (glob, file, expected) => {
  expect(globToRegExp(glob).test(file)).toBe(expected);
});
