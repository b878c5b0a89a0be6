import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEPLOYED_NODE, findNodes } from '../../../bench/nodes';

it('measures on the Node that is deployed', () => {
  const bicep = readFileSync(join(__dirname, '../../../infra/main.bicep'), 'utf8');
  expect(/^param nodeVersion string = '(\d+)'$/m.exec(bicep)?.[1]).toBe(String(DEPLOYED_NODE));
});

it('takes the Node that runs it where that is of the version', () => {
  const major = Number(/\d+/.exec(process.version)?.[0]);
  expect(findNodes([major])).toEqual({
    found: [{ path: process.execPath, version: process.version }],
    missing: [],
  });
});
