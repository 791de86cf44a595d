import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { type FakeDaemon, fakeDaemon } from '../../../unit/operations/docker/fake-daemon';
import { task } from '../../../unit/operations/rollout/swarm-says';
import { answers } from '../../../unit/operations/status/answers';

const program = join(__dirname, '../../../../proctor');

/** Runs it on loopback; `interruptAt` sends Ctrl-C after so many blocks. */
function run(args: readonly string[], env: Record<string, string> = {}, interruptAt = 0) {
  const options = ['--https-host=127.0.0.1', '--https-port=1', ...args];
  const child = spawn(process.execPath, [program, 'status', ...options], {
    env: { PATH: process.env.PATH, ...env },
  });
  let [stdout, stderr] = ['', ''];
  let interrupted = false;
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
    if (interrupted || interruptAt === 0 || stdout.split('SERVICE').length - 1 < interruptAt) return;
    interrupted = true;
    child.kill('SIGINT');
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, stdout, stderr })),
  );
}

/** A daemon that answers as `answers` says. */
function daemonWith(found: ReturnType<typeof answers>): Promise<FakeDaemon> {
  return fakeDaemon((request, _body, response) => {
    const [route = ''] = (request.url ?? '').split('?');
    const say: Record<string, unknown> = {
      '/info': found.info,
      '/services': found.services,
      '/tasks': found.tasks,
      '/containers/json': found.containers,
      '/nodes': found.nodes,
      '/system/df': found.usage,
    };
    const body = JSON.stringify(say[route]);
    if (body === undefined) response.statusCode = 500;
    response.end(body ?? '{"message":"a disk operation is already running"}');
  });
}

test('exits with 0 for a platform that is well, over one connection', async () => {
  const daemon = await daemonWith(answers());
  try {
    const { code, stdout } = await run(['--stack', 'shop'], { DOCKER_HOST: daemon.host });
    expect(stdout).toMatch(/all 1 services well/);
    expect(stdout).not.toContain('\u001b');
    expect(code).toBe(0);
    expect(daemon.connections()).toBe(1);
    expect(daemon.requests).toContainEqual(
      expect.stringMatching(/^GET \/services\?.*com\.docker\.stack\.namespace=shop/),
    );
  } finally {
    await daemon.stop();
  }
});

test('exits with 1 when a replica is missing, and says it in JSON, too', async () => {
  const { tasks, ...rest } = answers();
  const daemon = await daemonWith({ ...rest, tasks: tasks.slice(1) });
  try {
    const { code, stdout } = await run(['--stack', 'shop', '--json'], { DOCKER_HOST: daemon.host });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, services: [{ running: 1, desired: 2 }] });
  } finally {
    await daemon.stop();
  }
});

test('hides what is secret in the errors of tasks', async () => {
  const { tasks, ...rest } = answers();
  const error = 'exec: "serve --password=correct-horse-battery": not found';
  const failed = {
    ...tasks[0]!,
    ...task({ id: 't0', state: 'rejected', created: -60, error }),
    Spec: tasks[0]!.Spec,
  };
  const daemon = await daemonWith({ ...rest, tasks: [...tasks.slice(1), failed] });
  try {
    const env = { DOCKER_HOST: daemon.host, TF_VAR_db_password: 'correct-horse-battery' };
    for (const args of [[], ['--json']]) {
      const { code, stdout } = await run(['--stack', 'shop', ...args], env);
      expect(code).toBe(1);
      expect(stdout).toContain('--password=<TF_VAR_db_password>');
      expect(stdout).not.toContain('correct-horse-battery');
    }
  } finally {
    await daemon.stop();
  }
});

test('goes on when Docker cannot count its disk space', async () => {
  const { usage: _usage, ...rest } = answers();
  const daemon = await daemonWith(rest);
  try {
    const { code, stdout } = await run(['--stack', 'shop'], { DOCKER_HOST: daemon.host });
    expect(code).toBe(0);
    expect(stdout).toMatch(/docker +not available/);
  } finally {
    await daemon.stop();
  }
});

test('looks again and again until Ctrl-C, and ends with the code of the last look', async () => {
  const daemon = await daemonWith(answers());
  try {
    const { code, stdout } = await run(['--stack', 'shop', '--watch'], { DOCKER_HOST: daemon.host }, 2);
    expect(stdout.match(/SERVICE/g)).toHaveLength(2);
    expect(code).toBe(0);
    expect(daemon.connections()).toBe(1);
  } finally {
    await daemon.stop();
  }
});

test('tells an unreachable server from a wrong invocation', async () => {
  expect(await run(['--host', 'unix:///nowhere/docker.sock'])).toMatchObject({
    code: 6,
    stderr: expect.stringMatching(/does not run/),
  });
  expect(await run(['--help'])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^usage: \.\/proctor status/),
  });
  expect(await run(['--colour'])).toMatchObject({
    code: 64,
    stderr: expect.stringMatching(/usage: \.\/proctor status/),
  });
  const daemon = await daemonWith({ ...answers(), services: [] });
  try {
    const missing = await run(['--stack', 'shop'], { DOCKER_HOST: daemon.host });
    expect(missing).toMatchObject({ code: 64, stderr: expect.stringMatching(/no stack shop/) });
  } finally {
    await daemon.stop();
  }
});
