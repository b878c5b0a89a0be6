import { importsOf } from '../../../../tools/bundle/packageImports';

it('tells what a file uses of each package, types left out', () => {
  const { packages } = importsOf(`
    import { type Plain, z as schema } from 'zod';
    import type { Only } from '@azure/identity';
    import { type Alone } from '@azure/service-bus';
    import jsonata, { Focus } from 'jsonata';
    import * as tables from '@azure/data-tables';
    import { join } from 'node:path';
    import { a } from './a';
  `);
  expect(packages).toEqual(
    new Map<string, unknown>([
      ['zod', new Set(['z'])],
      ['jsonata', new Set(['default', 'Focus'])],
      ['@azure/data-tables', 'everything'],
    ]),
  );
});

it('takes everything of a package that is imported while running, or handed on', () => {
  const { packages } = importsOf(`
    import { sign } from 'jose';
    export { RestError } from '@azure/data-tables';
    export * from 'luxon';
    const load = async () => (await import('jose')).jwtVerify;
  `);
  expect(packages).toEqual(
    new Map([
      ['@azure/data-tables', 'everything'],
      ['luxon', 'everything'],
      ['jose', 'everything'],
    ]),
  );
});

it('defers what brings a value, and leaves alone what is imported to run', () => {
  const { deferrable } = importsOf(`
    import './register';
    import { a } from './a';
    import type { B } from './b';
    import { randomUUID } from 'node:crypto';
    export { c } from './c';
  `);
  expect(deferrable).toEqual(['./a', 'node:crypto', './c']);
});
