import { logRotation } from '../../../../constructs/rules/log-rotation';
import type { LogDriver } from '../../../../constructs/swarm';
import { findings } from '../../../support/platform/rules';

const check = (logDriver: LogDriver) => findings(logRotation, { logDriver });
const options = { 'max-size': '10m', 'max-file': '3' };

test('accepts the default', () => expect(findings(logRotation)).toEqual([]));

test.each(['json-file', 'local'])('accepts %s with rotation', (name) => {
  expect(check({ name, options })).toEqual([]);
});

test.each(['journald', 'syslog', 'none'])('accepts %s, which writes no files of its own', (name) => {
  expect(check({ name, options: {} })).toEqual([]);
});

test.each([
  ['json-file', {}],
  ['json-file', { 'max-size': '10m' }],
  ['json-file', { 'max-file': '3' }],
  ['local', {}],
])('refuses %s with %j', (name, rotation) => {
  expect(check({ name, options: rotation as Record<string, string> })).toEqual([
    `web has the log driver ${name} without rotation\ngive it the options 'max-size' and 'max-file', or leave logDriver out`,
  ]);
});
