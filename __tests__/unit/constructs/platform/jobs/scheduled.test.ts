import { Cpu, Duration, type JobSpec, Memory, type PlatformSpec } from '../../../../../constructs';
import { catalogue } from '../../../../support/platform/catalogue';
import { DIGEST, SHELL, Workplace } from '../../../../support/platform/platform';
import type { Json } from '../../../../support/platform/template';

const workplace = new Workplace();
afterAll(() => workplace.remove());

type Job = JobSpec<string, string, string>;
const spec: PlatformSpec = catalogue;
const withJobs = (jobs: Readonly<Record<string, Job>>): PlatformSpec => ({ ...spec, jobs });
const OWN: Job = {
  image: 'acme/report:3',
  command: ['report', '--to', '${x}'],
  schedule: '*/30 6 * * mon-fri',
  timeZone: 'Europe/Berlin',
  limits: { cpus: Cpu.cores(0.3), memory: Memory.mebibytes(64) },
  settings: { KEEP: '3' },
};
const OF_SERVICE: Job = { service: 'users', command: ['tidy'], schedule: '30 3 * * *' };
const resourcesOf = (jobs: Readonly<Record<string, Job>>): Json =>
  workplace.synth(withJobs(jobs)).json.resource;

test('a rule is acknowledged for the job alone', () => {
  const job = { ...OWN, command: ['report', '--api-key', 'name-of-a-column'] };
  expect(() => resourcesOf({ report: job })).toThrow(/report \(no-secret-in-settings\)/);
  const acknowledge = { 'no-secret-in-settings': 'it is the name of a column' };
  expect(resourcesOf({ report: { ...job, acknowledge } }).docker_service.report).toBeDefined();
});

describe('with an image of its own', () => {
  const service = () =>
    resourcesOf({ report: { ...OWN, retries: 2, timeout: Duration.minutes(5) } }).docker_service.report;

  test('it waits for its times in a task of its own, with what job.sh is told', () => {
    const { container_spec: container, resources } = service().task_spec;
    expect(container.image).toBe(`acme/report:3@${DIGEST}`);
    expect(container.command).toEqual(['/bin/sh', '/launch']);
    expect(container.args).toEqual([
      '--drain=0',
      'KEEP=3',
      '--',
      ...['/bin/sh', '/job', 'NAME=report', 'MINUTES=0,30', 'HOURS=6', 'DAYS=*', 'MONTHS=*'],
      ...['WEEKDAYS=1,2,3,4,5', 'ZONE=<+01>-1<+02>,M3.5.0,M10.5.0/3', 'TIMEOUT=300', 'OVERLAP=skip'],
      ...['RETRIES=2', 'STATE=/var/tmp/job', '--', 'report', '--to', '$${x}'],
    ]);
    expect(container.cap_drop).toEqual(['ALL']);
    expect(container.configs.map(({ file_name }: Json) => file_name)).toEqual(['/launch', '/job']);
    expect(container.healthcheck.test).toEqual(['CMD', '/bin/sh', '/job', '--healthy', 'STATE=/var/tmp/job']);
    expect(resources.limits.memory_bytes).toBe(64 * 1024 ** 2);
    expect(resources.reservation.memory_bytes).toBe(16 * 1024 ** 2);
  });

  test('its memory is a volume of its own, which one task writes', () => {
    const { task_spec, update_config, mode } = service();
    expect(task_spec.container_spec.mounts).toMatchObject([
      { type: 'volume', source: expect.stringMatching(/_report_runs$/), target: '/var/tmp' },
    ]);
    expect(update_config.order).toBe('stop-first');
    expect(mode.replicated.replicas).toBe(1);
  });
});

describe('of a service', () => {
  test('it has what the service’s tasks have, and neither its port nor its drain', () => {
    const { users, tidy } = resourcesOf({ tidy: OF_SERVICE }).docker_service;
    const [theirs, own] = [users.task_spec.container_spec, tidy.task_spec.container_spec];
    expect(own.image).toBe(theirs.image);
    expect(own.secrets).toEqual(theirs.secrets);
    const settings = (args: string[]) =>
      args.slice(0, args.indexOf('--')).filter((word) => !/^--(drain|wait)/.test(word));
    expect(settings(own.args)).toEqual(settings(theirs.args));
    expect(own.args.slice(-2)).toEqual(['--', 'tidy']);
    expect(tidy.task_spec.networks_advanced.map(({ name }: Json) => name)).toEqual(
      users.task_spec.networks_advanced.map(({ name }: Json) => name),
    );
  });

  test('settings of its own do not take the place of the service’s', () => {
    const [name = ''] = Object.keys(spec.services.users!.settings ?? { LOG_LEVEL: '' });
    const users = { ...spec.services.users!, settings: { [name]: 'theirs' } };
    const of = { ...withJobs({ tidy: { ...OF_SERVICE, settings: { [name]: 'own', MORE: '1' } } }) };
    const { json } = workplace.synth({ ...of, services: { ...spec.services, users } });
    const { args } = json.resource.docker_service.tidy.task_spec.container_spec;
    expect(args).toEqual(expect.arrayContaining([`${name}=theirs`, 'MORE=1']));
    expect(args).not.toContain(`${name}=own`);
  });

  test('nor that of its URLs and secrets, which the launcher sets last', () => {
    const settings = { DATABASE_URL: 'own', SESSION_KEY: 'own', KAFKA_BOOTSTRAP_SERVERS: 'own' };
    const { tidy } = resourcesOf({ tidy: { ...OF_SERVICE, settings } }).docker_service;
    const { args } = tidy.task_spec.container_spec;
    expect(args.filter((word: string) => word.endsWith('=own'))).toEqual([]);
    expect(args).toContain('KAFKA_BOOTSTRAP_SERVERS=kafka:9092');
  });

  test('nor of its environment, over which they would win', () => {
    const users = { ...spec.services.users!, environment: { MODE: 'theirs' } };
    const of = withJobs({ tidy: { ...OF_SERVICE, settings: { MODE: 'own', MORE: '1' } } });
    const { json } = workplace.synth({ ...of, services: { ...spec.services, users } });
    const { args, env } = json.resource.docker_service.tidy.task_spec.container_spec;
    expect(env).toEqual({ MODE: 'theirs' });
    expect(args).toContain('MORE=1');
    expect(args).not.toContain('MODE=own');
  });
});

test('they come last, under gates of their own, and nobody waits for them', () => {
  const resource = resourcesOf({ report: OWN, tidy: OF_SERVICE });
  expect(resource.docker_service.report.depends_on).toContain('null_resource.nginx_rollout');
  expect(resource.null_resource.deployed.depends_on).toEqual(
    expect.arrayContaining(['null_resource.report_rollout', 'null_resource.tidy_rollout']),
  );
  const others = Object.entries<Json>(resource.docker_service).filter(
    ([id]) => !['report', 'tidy'].includes(id),
  );
  expect(JSON.stringify(others)).not.toMatch(/(report|tidy)_rollout/);
});

test('their restart interrupts nobody, as the plan is told', () => {
  const { platform } = workplace.build(withJobs({ report: OWN }), 'production', SHELL);
  const { deploy } = (platform.toTerraform() as Json)['//'];
  expect(deploy.background).toContain('report');
  expect(deploy.waves.at(-1)).toEqual(['report']);
});

test('a catalogue without them is as it was', () => {
  expect(JSON.stringify(workplace.synth(spec).json)).not.toContain('/job');
});

test.each<[string, Job, RegExp]>([
  ['neither', { command: ['x'], schedule: '* * * * *' }, /the job a has neither a service nor an image/],
  ['both', { ...OWN, service: 'users' }, /the job a has both a service and an image/],
  [
    'an unknown service',
    { ...OF_SERVICE, service: 'nobody' },
    /of the service nobody, which is not in services/,
  ],
  [
    'no limits',
    { image: 'x:1', command: ['x'], schedule: '* * * * *' },
    /the job a has an image and no limits/,
  ],
  [
    'secrets of its own',
    { ...OF_SERVICE, secrets: { A: 'jwt' } },
    /has secrets or variables beside those of users/,
  ],
  ['no command', { ...OF_SERVICE, command: [] }, /the job a has no command/],
  ['no schedule', { ...OF_SERVICE, schedule: '61 * * * *' }, /the job a cannot be timed: .*no minute/],
  [
    'no zone',
    { ...OF_SERVICE, timeZone: 'Mars/Olympus' },
    /the job a cannot be timed: there is no time zone/,
  ],
  ['no time', { ...OF_SERVICE, timeout: Duration.seconds(0) }, /the job a has no time/],
  ['retries', { ...OF_SERVICE, retries: 11 }, /the job a has 11 retries/],
])('%s is refused', (_, job, why) => {
  expect(() => workplace.build(withJobs({ a: job }))).toThrow(why);
});

test('a name that something else has is refused', () => {
  expect(() => workplace.build(withJobs({ users: OF_SERVICE }))).toThrow(/"users" names two things/);
  expect(() => workplace.build(withJobs({ nginx: OF_SERVICE }))).toThrow(
    /the job "nginx" is the name of one/,
  );
});
