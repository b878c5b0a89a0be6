/** @type {import('jest').Config} */
const transform = {
  '^.+\\.[cm]?[jt]s$': [
    '@swc/jest',
    { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
  ],
};
const project = (name) => ({
  displayName: name,
  testEnvironment: 'node',
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  transform,
  // A package that is ESM-only goes into this list: jest's require can't load it as it is.
  // The package that is deployed has our name too.
  modulePathIgnorePatterns: ['<rootDir>/out/'],
  transformIgnorePatterns: ['/node_modules/(?!(jose)/)'],
  setupFilesAfterEnv: ['<rootDir>/test/support/longerTimeout.ts'],
});

module.exports = {
  projects: ['unit', 'property', 'integration', 'crash'].map(project),
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  collectCoverageFrom: ['shared/domain/**/*.ts'],
  coverageThreshold: { 'shared/domain/': { branches: 100 } },
  // One more than two cores: most of an integration test is waiting.
  maxWorkers: 3,
};
