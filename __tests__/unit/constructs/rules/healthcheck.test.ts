import { healthcheck } from '../../../../constructs/rules/healthcheck';
import { Healthcheck } from '../../../../constructs/swarm';
import { Duration } from '../../../../constructs/units';
import { contextOf, findings } from '../../../support/platform/rules';
import { newService } from '../../../support/platform/services';

const check = (startPeriod: Duration) =>
  findings(healthcheck, { healthcheck: Healthcheck.command(['true'], { startPeriod }) });

test('accepts a health check with a start period', () => expect(check(Duration.seconds(1))).toEqual([]));

test('refuses a health check without a start period', () => {
  expect(check(Duration.seconds(0))).toEqual([
    expect.stringMatching(
      /^web has a health check without a start period.*\nset startPeriod to about the time/,
    ),
  ]);
});

test('refuses a service without a health check, which types alone would ask for', () => {
  const bare = (stack: Parameters<typeof newService>[0]) => {
    const service = newService(stack, 'web');
    return [
      {
        node: service.node,
        props: { ...service.props, healthcheck: undefined },
      } as unknown as typeof service,
    ];
  };
  expect(healthcheck.check(contextOf(bare))).toMatchObject([
    { problem: 'has no health check', fix: "set healthcheck, for example Healthcheck.http('/health')" },
  ]);
});
