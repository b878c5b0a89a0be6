import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readHostJson } from '../../../../local/functionsHost/hostJson';

let root: string;
beforeEach(() => (root = mkdtempSync(path.join(os.tmpdir(), 'hostJson-'))));
afterEach(() => rmSync(root, { recursive: true }));

function withHostJson(content: unknown) {
  writeFileSync(path.join(root, 'host.json'), JSON.stringify(content));
  return readHostJson(root);
}

it("takes Azure's defaults for what is left out", () => {
  expect(withHostJson({ version: '2.0' })).toEqual({
    routePrefix: 'api',
    serviceBus: { maxConcurrentCalls: 16, autoCompleteMessages: true, maxAutoLockRenewalMs: 300_000 },
  });
});

it('heeds what is set', () => {
  const serviceBus = { maxConcurrentCalls: 2, autoCompleteMessages: false, maxAutoLockRenewalDuration: '01:02:03' };
  expect(withHostJson({ extensions: { http: { routePrefix: '/v1/' }, serviceBus } })).toEqual({
    routePrefix: 'v1',
    serviceBus: { maxConcurrentCalls: 2, autoCompleteMessages: false, maxAutoLockRenewalMs: 3_723_000 },
  });
});

it('names the property that is wrong', () => {
  expect(() => withHostJson({ extensions: { serviceBus: { maxAutoLockRenewalDuration: '5 min' } } })).toThrow(
    /must be a time span such as 00:05:00[\s\S]*extensions\.serviceBus\.maxAutoLockRenewalDuration/,
  );
});

it('says that the file is missing', () => {
  expect(() => readHostJson(root)).toThrow('host.json is missing');
});
