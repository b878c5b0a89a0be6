import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { BUGS, plant } from '../../sabotage/bugs';

const rootPath = (file: string): string => path.join(__dirname, '..', '..', '..', file);

// `npm run test:sabotage` takes a quarter of an hour, so it runs seldom; that it still can is seen at once.
it.each(BUGS.map((bug) => [bug.name, bug] as const))('can still be planted: %s', (_name, bug) => {
  const text = readFileSync(rootPath(bug.file), 'utf8');
  expect(plant(text, bug)).not.toBe(text);
  expect(existsSync(rootPath(bug.test))).toBe(true);
});
