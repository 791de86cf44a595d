import { oneEnvEntry } from '../../../../constructs/rules/one-env-entry';
import { findings } from '../../../support/platform/rules';

test.each([undefined, {}, { ONE: '1' }])('accepts %j', (environment) => {
  expect(findings(oneEnvEntry, environment ? { environment } : {})).toEqual([]);
});

test('refuses two entries by their names, never by their values', () => {
  expect(findings(oneEnvEntry, { environment: { B: 'first', A: 'second' } })).toEqual([
    'web has 2 environment entries (B, A)\nwrite settings instead, which keep their order; environment is for one entry at most',
  ]);
});
