import type { Service, Task } from '../../../../operations/docker/answers';
import { DockerClient } from '../../../../operations/docker/client';
import {
  askJobs,
  type JobRun,
  jobInWords,
  jobWarnings,
  readJobLog,
} from '../../../../operations/status/jobs';
import { fakeDaemon } from '../docker/fake-daemon';

const NOW = Date.parse('2026-11-27T12:00:00Z');
const run = (change: Partial<JobRun> = {}): JobRun => ({
  end: 'completed',
  due: '2026-11-27T03:30:00Z',
  at: '2026-11-27T03:30:01Z',
  seconds: 12,
  status: 0,
  tries: 1,
  by: 'schedule',
  lines: [],
  ...change,
});
const line = (of: JobRun) => JSON.stringify({ job: 'tidy', ...of });

test('a job’s log has its runs and its next time among what its program says', () => {
  const first = run();
  const second = run({ at: '2026-11-27T11:00:00Z', by: 'hand', end: 'failed', status: 3, lines: ['no'] });
  const log = [
    'job: tidy: 30 3 * * * UTC0',
    line(first),
    '{"job":"tidy","next":"2026-11-28T03:30:00Z"}',
    'some output',
    '{"job": broken',
    '{"job":"tidy","end":"well","due":1}',
    // Remembered, and told again.
    line(first),
    line(second),
    line(second).slice(0, 40),
  ].join('\n');
  expect(readJobLog(log)).toEqual({
    next: '2026-11-28T03:30:00Z',
    runs: [
      { job: 'tidy', ...second },
      { job: 'tidy', ...first },
    ],
  });
  expect(readJobLog('')).toEqual({ next: null, runs: [] });
});

const serviceOf = (Args: string[], Name = 'shop_tidy') =>
  ({ ID: Name, Spec: { Name, TaskTemplate: { ContainerSpec: { Image: 'x', Args } } } }) as unknown as Service;
const ARGS = ['--drain=0', 'A=1', '--', '/bin/sh', '/job', 'NAME=tidy', '--', 'tidy'];

test('it is told by its program, and its running task is asked', async () => {
  const task = (ID: string, State: string, DesiredState: string) =>
    ({ ID, ServiceID: 'shop_tidy', DesiredState, Status: { State, Timestamp: '' } }) as unknown as Task;
  const asked: string[] = [];
  const docker = {
    taskLog: async (id: string) => {
      asked.push(id);
      return line(run());
    },
  };
  const services = [serviceOf(ARGS), serviceOf(['--', 'web'], 'shop_web')];
  const tasks = [task('old', 'failed', 'shutdown'), task('new', 'running', 'running')];
  const jobs = await askJobs(docker, { services, tasks, stack: 'shop' });
  expect(jobs).toMatchObject([{ name: 'tidy', runs: [{ end: 'completed' }] }]);
  expect(asked).toEqual(['new']);
});

const RUNNING = {
  ID: 'new',
  ServiceID: 'shop_tidy',
  DesiredState: 'running',
  Status: { State: 'running', Timestamp: '' },
} as unknown as Task;
const TIDY = { services: [serviceOf(ARGS)], tasks: [RUNNING], stack: 'shop' };

test('its newest run is seen behind a megabyte of long lines', async () => {
  const frame = (text: string) => {
    const header = Buffer.alloc(8);
    header.writeUInt8(1, 0);
    header.writeUInt32BE(Buffer.byteLength(text), 4);
    return Buffer.concat([header, Buffer.from(text)]);
  };
  const long = Array.from({ length: 80 }, () => frame(`${'x'.repeat(16_000)}\n`));
  const old = run({ at: '2026-11-26T03:30:01Z' });
  const log = [frame(`${line(old)}\n`), ...long, frame(`${line(run({ end: 'failed', status: 3 }))}\n`)];
  const daemon = await fakeDaemon((_request, _body, response) => response.end(Buffer.concat(log)));
  const docker = new DockerClient({ host: daemon.host });
  try {
    expect(await askJobs(docker, TIDY)).toMatchObject([{ runs: [{ end: 'failed' }], problem: null }]);
  } finally {
    docker.close();
    await daemon.stop();
  }
});

test('one whose log cannot be read is not one that has not run', async () => {
  const taskLog = () =>
    Promise.reject(new Error('this logging driver does not support reading\nuse another'));
  const jobs = await askJobs({ taskLog }, TIDY);
  const problem = 'this logging driver does not support reading';
  expect(jobs).toEqual([{ name: 'tidy', next: null, runs: [], problem }]);
  expect(jobInWords(jobs[0]!, NOW)).toBe(`its log cannot be read: ${problem}`);
  expect(jobWarnings(jobs, NOW)).toEqual([
    'job tidy: its log cannot be read, so nothing is known of its runs',
  ]);
});

test('in words', () => {
  const job = { name: 'tidy', next: '2026-11-28T03:30:00Z', problem: null };
  const words = (...runs: JobRun[]) => jobInWords({ ...job, runs }, NOW);
  expect(words(run())).toBe('done, took 12 s, 8 h ago; next in 15 h');
  expect(words(run({ end: 'failed', status: 3, tries: 3, by: 'hand' }))).toBe(
    'FAILED with status 3, took 12 s, 3 tries, by hand, 8 h ago; next in 15 h',
  );
  expect(words(run({ end: 'lost', status: null, seconds: 0 }))).toBe('LOST, 8 h ago; next in 15 h');
  expect(words()).toBe('has not run yet, as far as its log goes; next in 15 h');
  expect(jobInWords({ ...job, next: null, runs: [] }, NOW)).toBe('has not run yet, as far as its log goes');
});

test('a last run that failed is a warning with its last lines, and one that was left out hides none', () => {
  const warnings = (...runs: JobRun[]) =>
    jobWarnings([{ name: 'tidy', next: null, runs, problem: null }], NOW);
  const failed = run({ end: 'failed', status: 3, lines: ['a', 'b', 'c', 'd'] });
  const said = ['job tidy: FAILED with status 3, took 12 s, 8 h ago: b | c | d'];
  expect(warnings(failed, run())).toEqual(said);
  expect(warnings(run({ end: 'skipped', status: null }), failed)).toEqual(said);
  expect(warnings(run(), failed)).toEqual([]);
  expect(warnings()).toEqual([]);
});
