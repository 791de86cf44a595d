import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, symlinkSync } from 'node:fs';
import { ownValue } from '../../lab/deploy/own-secrets';
import { PORTS } from '../../lab/deploy/target';
import { eventually } from '../../lab/ground/shell';
import type { JobStatus } from '../../operations/status/jobs';
import { ProjectCopy } from '../support/programs/project-copy';
import { tell } from './support/http';
import {
  describeLab,
  expectSuccess,
  npmRunLab,
  operator,
  type Run,
  runningLab,
  runningTarget,
  runProgram,
  tasks,
  testTerraform,
} from './support/lab';

/** What the test says through the shell, a catalogue does by itself. */
const MIGRATE = `command: uvicorn(8000),
      migrate: { command: ['sh', '-c', process.env.MIGRATE || 'true'], timeout: Duration.seconds(60) },`;
const JOBS = `jobs: {
    each: {
      service: 'userservice',
      command: ['sh', '-c', 'echo "a key of \${#JWT_SECRET_KEY}"; exit \${JOB_STATUS:-0}'],
      schedule: '* * * * *',
      timeZone: 'Europe/Berlin',
    },
  },
  nginx: {`;

describeLab('jobs', () => {
  const project = new ProjectCopy();
  afterAll(() => project.remove());

  const proctor = (verb: string, args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    runProgram(
      verb,
      ['--environment', 'lab', ...args],
      { ...runningTarget().variables, ...more },
      project.folder,
    );
  const run = (...command: string[]) => proctor('run', ['userservice', '--', ...command]);
  const deploy = (more: Readonly<Record<string, string>>) => proctor('deploy', ['--yes'], more);
  const jobServices = async () =>
    (await operator('service', 'ls', '--filter', 'label=proctor.job', '--format', '{{.Name}}')).trim();
  /** Neither a job, nor a container of one: Docker 20.10 lets those run on whose job is removed. */
  const nothingStays = async () => {
    expect(await jobServices()).toBe('');
    const containers = [
      'ps',
      '--all',
      '--filter',
      'label=proctor.job.of',
      '--format',
      '{{.Names}} {{.Status}}',
    ];
    expect(await eventually(30, async () => (await operator(...containers)) === '')).toBe(true);
  };
  /** What is broken to a terminal's width is one line. */
  const inOneLine = ({ output }: Pick<Run, 'output'>) => output.replaceAll(/\s+/g, ' ');
  const jobs = async (): Promise<readonly JobStatus[]> => {
    const { output } = await proctor('status', [
      ...['--json', '--https-host', runningLab().address, '--https-port', String(PORTS.https)],
    ]);
    return JSON.parse(output.split('\n').find((line) => line.startsWith('{')) ?? '{"jobs":[]}').jobs;
  };
  /** One that goes on; its end is waited for later. */
  const begin = (...command: string[]) => {
    const child = spawn(
      process.execPath,
      ['proctor', 'run', '--environment', 'lab', 'userservice', '--', ...command],
      {
        cwd: project.folder,
        env: { ...process.env, ...runningTarget().variables },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
    const says = (word: string) => eventually(120, async () => output.includes(word));
    return { child, ended, says };
  };

  beforeAll(async () => {
    expectSuccess(await npmRunLab());
    symlinkSync(runningLab().paths.dir, project.path('.lab'));
    if (existsSync('.terraform.lock.hcl')) cpSync('.terraform.lock.hcl', project.path('.terraform.lock.hcl'));
    project.edit('command: uvicorn(8000),', MIGRATE);
    project.edit('nginx: {', JOBS);
  });

  describe('a command by hand', () => {
    test('has what the service has, and its status is ours; no secret is shown, and nothing stays', async () => {
      const before = await tasks();
      const script =
        'echo "as $(id -u), $JWT_ALGORITHM"; echo "key $JWT_SECRET_KEY, $DATABASE_URL"; echo wrong >&2; exit 3';
      const { status, output } = await run('sh', '-c', script);
      expect(output).toMatch(/as \d+, HS256\n/);
      expect(output).toContain('wrong\n');
      expect(output).toMatch(/key <TF_VAR_jwt_secret_key>, /i);
      // Made from another one's value, which the service has not.
      expect(output).toMatch(/, mysql\+pymysql:\/\/\w+_userservice:<db_password_userservice>@mariadb:3306\//);
      const { secrets } = runningTarget();
      for (const value of [secrets.jwt_secret_key, ownValue('db_password_userservice', secrets)?.value])
        expect(output).not.toContain(value);
      expect(status).toBe(3);
      await nothingStays();
      expect(await tasks()).toEqual(before);
    });

    test('gets our signals, and is gone then', async () => {
      const { child, ended, says } = begin(
        'sh',
        '-c',
        "trap 'exit 42' TERM; echo began; while :; do sleep 1; done",
      );
      expect(await says('began')).toBe(true);
      expect(await jobServices()).toMatch(/^proctorwise_userservice-run-[0-9a-f]{6}$/);
      child.kill('SIGINT');
      expect(await ended).toBe(42);
      await nothingStays();
    });

    test('is stopped at its time-out', async () => {
      const { status, output } = await proctor('run', [
        '--timeout',
        '5s',
        'userservice',
        '--',
        'sleep',
        '600',
      ]);
      expect(output).toContain('was still running after 5 s, and was stopped');
      expect(status).toBe(124);
      await nothingStays();
    });

    test('that is not in the image is told in Docker’s words', async () => {
      const { status, output } = await run('there-is-no-such-program');
      expect(output).toMatch(/not found/);
      expect(status).toBe(127);
    });
  });

  describe('a migration', () => {
    testTerraform('that fails keeps everything as it is, and its last lines are told', async () => {
      const before = await tasks();
      const MIGRATE = 'echo "no such column: name"; exit 4';
      const plan = await proctor('plan', [], { MIGRATE, IMAGE_TAG: 'v2' });
      expect(inOneLine(plan)).toContain('userservice migrates before anything rolls');
      const failed = await deploy({ MIGRATE, IMAGE_TAG: 'v2' });
      expect(failed.status).toBe(1);
      expect(inOneLine(failed)).toMatch(
        /migrate of proctorwise_userservice: failed with status 4 after \d+ s/,
      );
      expect(inOneLine(failed)).toContain('no such column: name');
      expect(inOneLine(failed)).toContain('nothing was rolled');
      expect(await tasks()).toEqual(before);
      expect((await tell('/users')).version).toBe('v1');
      await nothingStays();
    });

    testTerraform('that works runs with the new image, before it rolls', async () => {
      const MIGRATE = '[ "$LAB_VERSION" = v2 ] && echo "$JWT_ALGORITHM"';
      const done = await deploy({ MIGRATE, IMAGE_TAG: 'v2' });
      expectSuccess(done);
      expect(inOneLine(done)).toMatch(/migrate of proctorwise_userservice: done in \d+ s/);
      expect((await tell('/users')).version).toBe('v2');
      await nothingStays();
      const again = await deploy({ MIGRATE, IMAGE_TAG: 'v2' });
      expectSuccess(again);
      expect(again.output).toContain('nothing to do');
    });

    testTerraform('does not run on the way back', async () => {
      // Two releases, each with one.
      expectSuccess(await deploy({ MIGRATE: 'true', IMAGE_TAG: 'v1' }));
      const back = await proctor('rollback', ['--to', 'previous', '--yes'], { MIGRATE: 'exit 9' });
      expectSuccess(back);
      expect(inOneLine(back)).not.toContain('migrate of');
      expect((await tell('/users')).version).toBe('v2');
      expectSuccess(await deploy({ IMAGE_TAG: 'v1' }));
    });
  });

  describe('a schedule', () => {
    testTerraform('runs at its times, and its runs are seen', async () => {
      const seen = await eventually(200, async () => (await jobs()).some(({ runs }) => runs.length > 0));
      expect(seen).toBe(true);
      const [job] = await jobs();
      expect(job).toMatchObject({
        name: 'each',
        next: expect.any(String),
        runs: expect.arrayContaining([
          expect.objectContaining({
            end: 'completed',
            status: 0,
            by: 'schedule',
            lines: [expect.stringMatching(/^a key of \d\d/)],
          }),
        ]),
      });
    });

    testTerraform('is run now by hand, with its status', async () => {
      const once = await proctor('run', ['each']);
      expect(once.output).toMatch(/a key of \d+\n/);
      expectSuccess(once);
      const byHand = async () => (await jobs())[0]?.runs.some(({ by }) => by === 'hand') ?? false;
      expect(await eventually(120, byHand)).toBe(true);
    });
  });

  testTerraform(
    'a rotated secret goes, although a run by hand holds it; nobody takes a run for a stranger',
    async () => {
      const { ended, says } = begin('sh', '-c', 'echo began; sleep 60; echo done');
      expect(await says('began')).toBe(true);
      expect((await proctor('status', [])).output).not.toContain('not in the catalogue');
      const rotated = await deploy({
        IMAGE_TAG: 'v1',
        TF_VAR_jwt_secret_key: randomBytes(24).toString('hex'),
      });
      expectSuccess(rotated);
      expect(await ended).toBe(0);
      const secrets = (await operator('secret', 'ls', '--format', '{{.Name}}')).split('\n');
      expect(secrets.filter((name) => name.startsWith('proctorwise_jwt_secret_key_'))).toHaveLength(1);
    },
  );

  testTerraform('a job that the catalogue does not have any more goes', async () => {
    expectSuccess(await npmRunLab());
    expect(await operator('service', 'ls', '--format', '{{.Name}}')).not.toContain('proctorwise_each');
  });
});
