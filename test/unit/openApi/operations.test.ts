import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Access } from '../../../shared/http/auth/access';
import { ERROR_CODES } from '../../../shared/http/errorCodes';
import { errorCodesOf } from '../../../shared/http/openApi/operation';
import { OPERATIONS } from '../../../shared/http/openApi/operations';

interface Registered {
  name: string;
  methods: string[];
  route: string;
  /** Undefined for a function that anybody may call. */
  access?: Access;
}

const registered: Registered[] = [];

jest.mock('../../../shared/httpFunction', () => {
  const register = (name: string, { methods, route, access }: Omit<Registered, 'name'>) =>
    registered.push({ name, methods, route, ...(access ? { access } : {}) });
  return { httpFunction: register, openHttpFunction: register, mayCall: () => Promise.resolve(false) };
});
jest.mock('@azure/functions', () => ({
  app: { timer: () => undefined, serviceBusQueue: () => undefined },
  output: { serviceBusQueue: () => undefined },
}));

const FUNCTIONS = path.join(__dirname, '../../../functions');

beforeAll(async () => {
  for (const file of readdirSync(FUNCTIONS)) await import(path.join(FUNCTIONS, file));
});

it('has every method of every HTTP function with who may call it, and nothing else', () => {
  const functions = registered.flatMap(({ name, methods, route, access }) =>
    methods.map((method) => ({ name, method: method.toLowerCase(), path: `/${route}`, access: access ?? 'open' })),
  );
  const operations = OPERATIONS.map(({ functionName, method, path: route, access }) => ({
    name: functionName,
    method,
    path: route,
    access: typeof access === 'string' ? 'open' : access,
  }));
  const byPlace = (a: { path: string; method: string }, b: { path: string; method: string }) =>
    `${a.path} ${a.method}`.localeCompare(`${b.path} ${b.method}`);
  expect(functions.length).toBeGreaterThan(20);
  expect(operations.sort(byPlace)).toEqual(functions.sort(byPlace));
});

it('has ids that are all different', () => {
  const ids = OPERATIONS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

it('names every code that errorAnswer takes, each once in an operation', () => {
  const named = OPERATIONS.map(errorCodesOf);
  expect([...new Set(named.flat())].sort()).toEqual(Object.keys(ERROR_CODES).sort());
  expect(named.filter((codes) => new Set(codes).size !== codes.length)).toEqual([]);
});

it('has a parameter for each name in a path', () => {
  const missing = OPERATIONS.filter(({ path: route, parameters = [] }) => {
    const names = [...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const given = parameters.filter(({ in: place }) => place === 'path').map(({ name }) => name);
    return names.join() !== given.join();
  });
  expect(missing.map(({ id }) => id)).toEqual([]);
});
