import { ownerOf, reportOf, weightsOf } from '../../../../tools/bundle/report';

it.each([
  ['node_modules/@azure/identity/dist/esm/index.js', '@azure/identity'],
  ['node_modules/a/node_modules/b/index.js', 'b'],
  ['../elsewhere/node_modules/luxon/src/luxon.js', 'luxon'],
  ['shared/tables/keys.ts', 'shared/tables'],
  ['functions.js', 'functions.js'],
])('says that %s belongs to %s', (file, owner) => {
  expect(ownerOf(file)).toBe(owner);
});

const output = (inputs: Record<string, number>) => ({
  bytes: 0,
  imports: [],
  exports: [],
  inputs: Object.fromEntries(Object.entries(inputs).map(([file, bytesInOutput]) => [file, { bytesInOutput }])),
});

it('adds up all files of a package in all outputs, heaviest first, nothing for what was dropped', () => {
  const outputs = {
    'a.js': output({ 'node_modules/x/1.js': 10, 'shared/a.ts': 25, 'node_modules/unused/index.js': 0 }),
    'b.js': output({ 'node_modules/x/2.js': 20 }),
  };
  expect(weightsOf('packages', { inputs: {}, outputs })).toEqual([
    { what: 'x', bytes: 30, where: 'packages' },
    { what: 'shared', bytes: 25, where: 'packages' },
  ]);
});

it('gives each its share, and the sum', () => {
  const lines = reportOf([
    { what: 'zod', bytes: 3072, where: 'packages' },
    { what: 'shared', bytes: 1024, where: 'main.js' },
  ]).split('\n');
  expect(lines.map((line) => line.split(/ {2,}/))).toEqual([
    ['zod', '3.0 KiB', '75.0 %', 'packages'],
    ['shared', '1.0 KiB', '25.0 %', 'main.js'],
    ['all', '4.0 KiB', '100.0 %'],
  ]);
});
