/** @type {import('jest').Config} */
const transform = {
  '^.+\\.[cm]?[jt]s$': [
    '@swc/jest',
    { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
  ],
};
const project = (name, testTimeout) => ({
  displayName: name,
  testEnvironment: 'node',
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  transform,
  // A package that is ESM-only goes into this list: jest's require can't load it as it is.
  // The package that is deployed has our name too.
  modulePathIgnorePatterns: ['<rootDir>/out/'],
  transformIgnorePatterns: ['/node_modules/(?!(jose)/)'],
  ...(testTimeout ? { setupFilesAfterEnv: ['<rootDir>/test/support/longerTimeout.ts'] } : {}),
});

module.exports = {
  projects: [project('unit'), project('property', 120_000), project('integration', 30_000), project('crash', 30_000)],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  collectCoverageFrom: ['shared/domain/**/*.ts'],
  coverageThreshold: { 'shared/domain/': { branches: 100 } },
  // One more than two cores: most of an integration test is waiting.
  maxWorkers: 3,
};
