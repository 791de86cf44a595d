/** Faults on purpose, on the lab of the end-to-end tests. @type {import('jest').Config} */
module.exports = {
  ...require('./jest.e2e.config.js'),
  testMatch: ['**/__tests__/faults/*.faults.ts'],
  globalSetup: '<rootDir>/__tests__/faults/support/setup.ts',
  globalTeardown: '<rootDir>/__tests__/faults/support/teardown.ts',
};
