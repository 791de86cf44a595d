/** One lab for all files, one after the other in the order of their names. @type {import('jest').Config} */
module.exports = {
  ...require('./jest.config.js'),
  testMatch: ['**/__tests__/e2e/*.e2e.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  maxWorkers: 1,
  testTimeout: 15 * 60_000,
  testSequencer: '<rootDir>/__tests__/e2e/support/in-order.cjs',
  globalSetup: '<rootDir>/__tests__/e2e/support/setup.ts',
  globalTeardown: '<rootDir>/__tests__/e2e/support/teardown.ts',
};
