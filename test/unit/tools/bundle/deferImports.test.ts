import { packageFile, refuseOwnPath } from '../../../../tools/bundle/deferImports';

it.each(['__dirname', '__filename', 'import.meta'])('refuses a file that asks for its own place by %s', (name) => {
  expect(() => refuseOwnPath('shared/page.ts', `const page = read(${name} + '/page.html');`)).toThrow(
    `shared/page.ts asks for its own place (${name}), which a bundle has not.`,
  );
});

it('takes a file that does not', () => {
  expect(() => refuseOwnPath('shared/page.ts', "import page from './page.json';")).not.toThrow();
});

it.each([
  ['luxon', 'luxon'],
  ['@azure/identity', 'azure-identity'],
  ['csv-parse/sync', 'csv-parse-sync'],
  ['./shared/webhooks/jsonata.json', 'shared-webhooks-jsonata.json'],
])('names the file of %s %s', (specifier, name) => {
  expect(packageFile(specifier)).toBe(name);
});
