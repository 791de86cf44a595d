import { worst } from '../../../../contract/outcome';
import { currentPlan, currentTimings } from '../../../../operations/rollout/current-spec';
import { differences } from '../../../../operations/rollout/specification/differences';
import { snapshot, spec } from './swarm-says';

test('takes the present specification as the plan, all of it', () => {
  const { service } = snapshot({ now: 0, spec: spec('app:v2', 3) });
  expect(currentPlan(service)).toMatchObject({ image: 'app:v2', replicas: 3, secrets: [], whole: true });
  const { TaskTemplate } = service.Spec;
  const other = {
    ...service.Spec,
    TaskTemplate: { ...TaskTemplate, ContainerSpec: { ...TaskTemplate.ContainerSpec!, Args: ['--other'] } },
  };
  expect(differences(currentPlan(service), service.Spec)).toEqual([]);
  expect(differences(currentPlan(service), other)).toEqual(['other args']);
  const global = { ...service, Spec: { ...service.Spec, Mode: { Global: {} } } };
  expect(currentPlan(global).replicas).toBeNull();
});

test('reads Docker’s nanoseconds, and leaves to the defaults what the service does not say', () => {
  const { service } = snapshot({ now: 0 });
  const container = {
    Image: 'app:v2',
    Healthcheck: { Interval: 5e9, StartPeriod: 20e9 },
    StopGracePeriod: 30e9,
  };
  const set = { ...service, Spec: { ...service.Spec, TaskTemplate: { ContainerSpec: container } } };
  expect(currentTimings(set)).toEqual({
    startPeriodSeconds: 20,
    healthIntervalSeconds: 5,
    healthTimeoutSeconds: null,
    healthRetries: null,
    delaySeconds: null,
    monitorSeconds: 5,
    stopGraceSeconds: 30,
    parallelism: 1,
  });
});

test('takes the time-out of a probe that waits for a recovery from its own arguments', () => {
  const { service } = snapshot({ now: 0 });
  const Healthcheck = { Test: ['CMD', '/bin/sh', '/serving', '--timeout=5', '--', 'true'], Timeout: 3600e9 };
  const set = {
    ...service,
    Spec: { ...service.Spec, TaskTemplate: { ContainerSpec: { Image: 'app:v2', Healthcheck } } },
  };
  expect(currentTimings(set).healthTimeoutSeconds).toBe(5);
});

test('a stack is as good as its worst service', () => {
  expect(worst(['converged', 'timedOut', 'rolledBack'])).toBe('rolledBack');
  expect(worst(['converged', 'unreachable'])).toBe('unreachable');
  expect(worst(['converged'])).toBe('converged');
});
