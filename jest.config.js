/** @type {import('jest').Config} */
const common = {
  testEnvironment: 'node',
  // Examples import the package by its name, as projects do that have installed it.
  moduleNameMapper: { '^proctorwise-swarm$': '<rootDir>/constructs' },
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022' }, module: { type: 'commonjs' } }] },
};

const project = (name, suffix, more = {}) => ({
  ...common,
  displayName: name,
  roots: [`<rootDir>/__tests__/${name}`],
  testMatch: [`**/*.${suffix}.ts`],
  ...more,
});

/** A lab of its own, made before the first file and removed after the last. */
const onLab = (name, suffix) =>
  project(name, suffix, {
    globalSetup: `<rootDir>/__tests__/${name}/support/setup.ts`,
    globalTeardown: `<rootDir>/__tests__/${name}/support/teardown.ts`,
  });

/** One project is run at a time: package.json has a script for each. @type {import('jest').Config} */
module.exports = {
  projects: [project('unit', 'test'), project('real', 'test'), onLab('e2e', 'e2e'), onLab('proof', 'faults')],
  reporters: ['default', '<rootDir>/build/jest-summary.cjs'],
  // Jest itself leaves one processor alone, which is half of a small machine.
  maxWorkers: '100%',
  testSequencer: '<rootDir>/build/in-order.cjs',
};
