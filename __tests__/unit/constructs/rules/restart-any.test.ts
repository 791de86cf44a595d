import { restartAny } from '../../../../constructs/rules/restart-any';
import type { RestartPolicy } from '../../../../constructs/swarm';
import { Duration } from '../../../../constructs/units';
import { findings } from '../../../support/platform/rules';

const check = (policy: Partial<RestartPolicy>) =>
  findings(restartAny, { restartPolicy: { condition: 'any', delay: Duration.seconds(5), ...policy } });

test('accepts the default, and any end with another delay', () => {
  expect(findings(restartAny)).toEqual([]);
  expect(check({ delay: Duration.seconds(30) })).toEqual([]);
});

test.each(['on-failure', 'none'] as const)('refuses %s', (condition) => {
  expect(check({ condition })).toEqual([
    `web restarts its tasks only "${condition}"\nset restartPolicy's condition to 'any', or leave it out`,
  ]);
});

test.each([0, 3])('refuses a limit of %d attempts', (maxAttempts) => {
  expect(check({ maxAttempts })).toEqual([
    `web gives up after ${maxAttempts} restarts\nleave restartPolicy's maxAttempts out`,
  ]);
});

test('says both at once', () => expect(check({ condition: 'none', maxAttempts: 1 })).toHaveLength(2));
