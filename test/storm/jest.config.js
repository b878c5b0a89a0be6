/* eslint-disable @typescript-eslint/no-require-imports -- jest loads it as it stands */
const {
  projects: [unit],
} = require('../../jest.config.js');

/** `npm run test:storm`. Not among the projects of `npm test`, which plays the short storms in test/integration alone. */
module.exports = {
  ...unit,
  displayName: 'storm',
  rootDir: '../..',
  testMatch: ['<rootDir>/test/storm/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
};
