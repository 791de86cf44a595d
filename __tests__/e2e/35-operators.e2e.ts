import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dockerEnvironment } from '../../lab/deploy/docker';
import { PORTS } from '../../lab/deploy/target';
import { eventually } from '../../lab/ground/shell';
import type { ServiceStatus, Status } from '../../operations/status/model';
import { tell } from './support/http';
import {
  describeLab,
  expectSuccess,
  operator,
  runningLab,
  runningTarget,
  runProgram,
  tasks,
} from './support/lab';

const DAY_TO_DAY = readFileSync(join(__dirname, '../../docs/day-to-day.md'), 'utf8');

/** The docker commands of a section's table, for one service. */
function commandsOf(section: string): string[] {
  const text = new RegExp(`\n## ${section}\n([\\s\\S]*?)\n## `).exec(DAY_TO_DAY)?.[1] ?? '';
  const rows = text.split('\n').filter((line) => line.startsWith('| '));
  return rows
    .flatMap((row) => [...row.matchAll(/`(docker [^`]+)`/g)].map(([, command]) => command!))
    .map((command) => command.replaceAll('<service>', 'userservice'));
}

/** Runs a command as an operator's shell does; one that follows is stopped, with status 124, once it has shown something. */
function typed(command: string): Promise<{ readonly status: number; readonly output: string }> {
  return new Promise((resolve) => {
    const child = execFile(
      'timeout',
      ['60', 'sh', '-c', command],
      { env: dockerEnvironment(runningTarget()) },
      (error, stdout, stderr) =>
        resolve({ status: error ? Number(error.code) : 0, output: `${stdout}${stderr}` }),
    );
    // What `timeout` does at its end, done earlier: it stops its command, and ends with 124.
    if (command.includes('--follow')) child.stdout?.once('data', () => child.kill('SIGALRM'));
  });
}

describeLab('docs/day-to-day.md', () => {
  const looks = commandsOf('Look');

  test('has a command for everything that operators look at', () => {
    expect(looks.length).toBeGreaterThanOrEqual(13);
  });

  test.each(looks)('%s answers', async (command) => {
    const { status, output } = await typed(command);
    expect({ status, output }).toEqual({
      status: command.includes('--follow') ? 124 : 0,
      output: expect.stringMatching(/\S/),
    });
  });

  test('scaled by hand, a service has the tasks at once; the others run on', async () => {
    const before = await tasks();
    await operator('service', 'scale', 'proctorwise_userservice=3');
    const now = await tasks();
    expect(now).toEqual(expect.arrayContaining(before));
    expect(now).toHaveLength(before.length + 1);
    await operator('service', 'scale', '--detach', 'proctorwise_userservice=2');
  });

  test('another image by hand rolls, and goes back by hand', async () => {
    const image = `${runningLab().registry}/proctorwise-analyticsservice:v2`;
    await operator('service', 'update', '--quiet', '--image', image, 'proctorwise_analyticsservice');
    expect((await tell('/analytics')).version).toBe('v2');
    expectSuccess(await rollout('proctorwise_analyticsservice'));
    await operator('service', 'rollback', '--quiet', 'proctorwise_analyticsservice');
    expect((await tell('/analytics')).version).toBe('v1');
  });

  test('./proctor rollout tells that a bad image by hand was rolled back, with exit code 2', async () => {
    const image = `${runningLab().registry}/proctorwise-analyticsservice:bad`;
    const update = ['service', 'update', '--detach', '--quiet', '--image', image];
    await operator(...update, 'proctorwise_analyticsservice');
    const verdict = await rollout('proctorwise_analyticsservice');
    expect(verdict.status).toBe(2);
    expect(verdict.output).toContain('rolled back');
    expect((await tell('/analytics')).version).toBe('v1');
  });

  test('./proctor status shows every service healthy, and a rollback by Swarm as what needs a look', async () => {
    expect(
      await eventually(60, async () => (await statusOf()).every(({ health }) => health === 'healthy')),
    ).toBe(true);
    const services = await statusOf();
    expect(services.map(({ name }) => name).sort()).toEqual([
      ...['analyticsservice', 'correctionservice', 'edge', 'kafka', 'mariadb', 'monitoringservice'],
      ...['nginx', 'notificationservice', 'reservationservice', 'userservice'],
    ]);
    const complaints = services.filter(({ ok }) => !ok);
    expect(complaints.map(({ name }) => name)).toEqual(['analyticsservice']);
    expect(complaints[0]).toMatchObject({ running: 1, desired: 1, problem: expect.stringMatching(/\S/) });
  });
});

async function statusOf(): Promise<readonly ServiceStatus[]> {
  const { output } = await onLab('status', [
    ...['--json', '--https-host', runningLab().address, '--https-port', String(PORTS.https)],
  ]);
  const line = output.split('\n').find((text) => text.startsWith('{'));
  return (JSON.parse(line ?? '{"services":[]}') as Status).services;
}

const rollout = (service: string) => onLab('rollout', ['--observe', '10s', service]);

function onLab(program: string, args: readonly string[]) {
  const { dockerHost, paths } = runningLab();
  const where = ['--host', dockerHost, '--ssh-option=-F', `--ssh-option=${paths.sshConfig}`];
  return runProgram(program, [...where, ...args]);
}
