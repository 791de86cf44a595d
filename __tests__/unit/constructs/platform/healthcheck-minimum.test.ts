import { Duration } from '../../../../constructs';
import { platform as spec } from '../../../../services.config';
import { Workplace } from '../../../support/platform/platform';

const workplace = new Workplace();
afterAll(() => workplace.remove());

test('an environment that is slow has no service whose health check is more hurried, in the service and in its gate', () => {
  const least = {
    startPeriod: Duration.minutes(5),
    interval: Duration.seconds(20),
    timeout: Duration.seconds(15),
  };
  const { environments } = spec;
  const slow = {
    ...spec,
    environments: { ...environments, staging: { ...environments.staging, healthcheckMinimum: least } },
  };
  const services = Object.values(workplace.synth(slow, 'staging').json.resource.docker_service as object);
  expect(services).toHaveLength(10);
  for (const { task_spec } of services) {
    const { healthcheck } = task_spec.container_spec;
    expect(healthcheck).toMatchObject({ start_period: '5m', interval: '20s' });
    // The backends' probes wait for a recovery, and bound what they ask themselves.
    const waits = healthcheck.test.includes('/serving');
    expect(healthcheck.timeout).toBe(waits ? '1h' : '15s');
    if (waits) expect(healthcheck.test).toContain('--timeout=15');
    if (healthcheck.test.includes('curl')) expect(healthcheck.test.join(' ')).toContain(' -m 15 ');
  }
  const gate = JSON.stringify(workplace.synth(slow, 'staging').json.resource.null_resource.kafka_rollout);
  expect(gate).toMatch(/startPeriodSeconds\W+300\b/);
});
