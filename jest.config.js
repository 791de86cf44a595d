/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  // Suites that run real programs share the processors with the others.
  testTimeout: 60_000,
  roots: ['<rootDir>/__tests__'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/__tests__/e2e/'],
  reporters: ['default', '<rootDir>/tools/jest-summary.cjs'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022' }, module: { type: 'commonjs' } }] },
};
