import { Healthcheck } from '../../../../constructs/swarm';
import { Duration } from '../../../../constructs/units';
import { newService } from '../../../support/platform/services';
import { synthStack } from '../../../support/platform/template';

test('http asks the service itself, on its port, no longer than the time-out', () => {
  const options = { timeout: Duration.seconds(7) };
  expect(Healthcheck.http('/health').test(8000).join(' ')).toBe(
    'CMD curl -fsS -m 3 -o /dev/null http://127.0.0.1:8000/health',
  );
  expect(Healthcheck.http('/ready', options).test(8003).join(' ')).toBe(
    'CMD curl -fsS -m 7 -o /dev/null http://127.0.0.1:8003/ready',
  );
});

test('http on a service without a port is refused', () => {
  expect(() =>
    synthStack((stack) => newService(stack, 'web', { healthcheck: Healthcheck.http('/health') })),
  ).toThrow("Healthcheck.http('/health') needs the service's port");
});

test('a command has no shell, a line has one', () => {
  expect(Healthcheck.command(['pg_isready', '-q']).test(undefined)).toEqual(['CMD', 'pg_isready', '-q']);
  expect(Healthcheck.shell('a | b').test(undefined)).toEqual(['CMD-SHELL', 'a | b']);
});

test('has Docker-like defaults', () => {
  const { interval, timeout, startPeriod, retries } = Healthcheck.command(['true']);
  expect([`${interval}`, `${timeout}`, `${startPeriod}`, retries]).toEqual(['5s', '3s', '30s', 3]);
});

test('takes every prop', () => {
  const options = {
    interval: Duration.seconds(11),
    timeout: Duration.seconds(12),
    startPeriod: Duration.minutes(2),
    retries: 9,
  };
  expect(Healthcheck.shell('true', options)).toMatchObject(options);
});

test.each([0, -1, 1.5])('refuses %d retries', (retries) => {
  expect(() => Healthcheck.command(['true'], { retries })).toThrow(
    `retries ${retries}\n  expected 1 or more`,
  );
});

test('what looks like a Terraform expression arrives as it is', () => {
  const healthcheck = Healthcheck.shell("curl -w '%{http_code}' http://${HOSTNAME}/");
  const template = synthStack((stack) => newService(stack, 'web', { healthcheck }));
  expect(template.resource('docker_service', 'web').task_spec.container_spec.healthcheck.test).toEqual([
    'CMD-SHELL',
    "curl -w '%%{http_code}' http://$${HOSTNAME}/",
  ]);
});

test('a slower node’s minimum lengthens what is shorter, and the probe’s own limit with it', () => {
  const options = { startPeriod: Duration.minutes(2), interval: Duration.seconds(3) };
  const least = {
    startPeriod: Duration.minutes(1),
    interval: Duration.seconds(20),
    timeout: Duration.seconds(9),
  };
  const check = Healthcheck.http('/health', { ...options, port: 8081, retries: 5 }).atLeast(least);
  expect(check.startPeriod.toString()).toBe('2m');
  expect(check.interval.toString()).toBe('20s');
  expect(check.timeout.toString()).toBe('9s');
  expect(check.retries).toBe(5);
  expect(check.test(8000).join(' ')).toBe('CMD curl -fsS -m 9 -o /dev/null http://127.0.0.1:8081/health');
  expect(Healthcheck.http('/').atLeast({}).interval).toEqual(Healthcheck.http('/').interval);
});

test('a patient probe is told how long it may ask, and Docker how long it may wait', () => {
  const healthcheck = Healthcheck.patient((timeout) => ['probe', timeout], Duration.hours(1), {
    timeout: Duration.seconds(5),
  }).atLeast({ timeout: Duration.seconds(9) });
  const template = synthStack((stack) => newService(stack, 'web', { healthcheck }));
  const said = template.resource('docker_service', 'web').task_spec.container_spec.healthcheck;
  expect(said).toMatchObject({ test: ['CMD', 'probe', '--timeout=9'], timeout: '1h' });
  // What the gate and the plan reckon with.
  expect(`${healthcheck.timeout}`).toBe('9s');
});
