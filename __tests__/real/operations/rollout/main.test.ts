import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { makePair } from '../../../support/programs/certificates';
import { fakeDaemon } from '../../../unit/operations/docker/fake-daemon';
import { snapshot, spec, task } from '../../../unit/operations/rollout/swarm-says';

const root = join(__dirname, '../../../operations', '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'rollout-'));
const gate = join(folder, 'rollout.js');

/** What Terraform runs in a deploy, as one file each. */
const GATES = ['rollout', 'job', 'place', 'provision'] as const;

beforeAll(() => {
  const unused = ['ssh2', 'cpu-features', '@grpc/grpc-js', '@grpc/proto-loader'];
  execFileSync(
    join(root, 'node_modules', '.bin', 'esbuild'),
    [
      ...GATES.map((name) => `cli/gate/${name}.ts`),
      ...['--bundle', '--platform=node', '--target=node20', '--log-level=error', `--outdir=${folder}`],
      ...unused.map((name) => `--alias:${name}=./operations/docker/no-ssh2.ts`),
    ],
    { cwd: root },
  );
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** `./proctor rollout`, which finds out by itself what was planned. */
const byHand = (args: readonly string[], env: Record<string, string> = {}) =>
  execute([join(root, 'proctor'), 'rollout', ...args], env);

/** Runs the one file in a folder without `node_modules`. */
const run = (args: readonly string[], env: Record<string, string> = {}) => execute([gate, ...args], env);

function execute(command: readonly string[], env: Record<string, string>) {
  return new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    const options = { cwd: folder, env: { PATH: process.env.PATH ?? '', ...env } };
    execFile(process.execPath, command, options, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

const planned = (host: string, image: string, certificate?: object) =>
  JSON.stringify({ host, service: 'web', planned: { image }, certificate, timings: { deadlineSeconds: 0 } });

test.each(GATES)('%s ends with 70 and its name where something throws that nobody awaits', async (name) => {
  const thrower = join(folder, 'thrower.cjs');
  writeFileSync(
    thrower,
    "process.nextTick(() => { throw new Error('lost', { cause: new Error('the reason') }); });",
  );
  const { code, stderr } = await execute(['--require', thrower, join(folder, `${name}.js`)], {});
  expect(stderr).toMatch(
    /^the [\w’ ]+ itself failed: Error: lost\n(?: {4}at .*\n)+cause: Error: the reason$/m,
  );
  expect(code).toBe(70);
});

test('is one file that runs alone, and tells a wrong invocation from a failed rollout', async () => {
  expect(await run([])).toMatchObject({ code: 64, stderr: expect.stringMatching(/by hand: .*rollout/) });
  expect(await byHand([])).toMatchObject({
    code: 64,
    stderr: expect.stringMatching(/usage: .*proctor rollout/),
  });
  expect(await run([], { ROLLOUT: '{}' })).toMatchObject({
    code: 64,
    stderr: expect.stringMatching(/planned is missing/),
  });
  expect(await byHand(['--host', 'tcp://vps', 'web'])).toMatchObject({ code: 64 });
});

test('exits with 6 when nobody answers', async () => {
  const host = 'unix:///nowhere/docker.sock';
  expect(await run([], { ROLLOUT: planned(host, 'app:v2') })).toMatchObject({ code: 6 });
  expect(await byHand(['--host', host, 'web'])).toMatchObject({
    code: 6,
    stderr: expect.stringMatching(/does not run/),
  });
});

test('watches no longer than Swarm does where a port waits for it, and says so to nobody else', async () => {
  const seen = snapshot({
    previous: spec('app:v1'),
    now: 0,
    tasks: [1, 2].map((slot) => task({ slot, created: 1 })),
  });
  const daemon = await fakeDaemon((request, _body, response) => {
    const url = request.url ?? '';
    if (url.startsWith('/_ping')) response.end('OK');
    else response.end(JSON.stringify(url.startsWith('/services/') ? seen.service : seen.tasks));
  });
  const ROLLOUT = JSON.stringify({
    host: daemon.host,
    service: 'web',
    planned: { image: 'app:v2' },
    timings: { observeSeconds: 1e12, deadlineSeconds: 0 },
  });
  try {
    expect(await run([], { ROLLOUT, ROLLOUT_HANDOVER: 'other' })).toMatchObject({ code: 3 });
    expect(await run([], { ROLLOUT, ROLLOUT_HANDOVER: 'other,web' })).toMatchObject({ code: 0 });
  } finally {
    await daemon.stop();
  }
});

test('exits with the code of the outcome, and finds the services of a stack; a certificate is a warning alone', async () => {
  const seen = snapshot({
    previous: spec('app:v1'),
    now: 0,
    tasks: [1, 2].map((slot) => task({ slot, created: -500 })),
  });
  const service = {
    ...seen.service,
    Spec: { ...seen.service.Spec, Labels: { 'com.docker.stack.namespace': 'shop' } },
  };
  const daemon = await fakeDaemon((request, _body, response) => {
    const url = request.url ?? '';
    if (url.startsWith('/_ping')) response.end('OK');
    else if (url.startsWith('/services/')) response.end(JSON.stringify(service));
    else response.end(JSON.stringify(url.startsWith('/services') ? [service] : seen.tasks));
  });
  const { certificate, privateKey } = makePair({ names: 'DNS:exam.test' });
  const tls = createServer({ cert: certificate, key: privateKey });
  await new Promise<void>((done) => tls.listen(0, '127.0.0.1', done));
  const { port } = tls.address() as AddressInfo;
  const door = { host: '127.0.0.1', port, serverName: 'exam.test', acme: true };
  try {
    expect(await run([], { ROLLOUT: planned(daemon.host, 'app:v2') })).toMatchObject({ code: 0 });
    expect(await run([], { ROLLOUT: planned(daemon.host, 'app:v3') })).toMatchObject({ code: 5 });
    const warned = await run([], { ROLLOUT: planned(daemon.host, 'app:v2', door) });
    expect(warned.code).toBe(0);
    expect(warned.stdout).toMatch(/\nwarning: the certificate at 127\.0\.0\.1:\d+ .* is the fallback: .*\n$/);
    const stack = await byHand(['shop', '--json'], { DOCKER_HOST: daemon.host });
    expect(stack.code).toBe(0);
    expect(JSON.parse(stack.stdout)).toMatchObject({ service: 'web', outcome: 'converged', image: 'app:v2' });
    const absent = await byHand(['nothing'], { DOCKER_HOST: daemon.host });
    expect(absent).toMatchObject({
      code: 64,
      stderr: expect.stringMatching(/no stack and no service nothing/),
    });
  } finally {
    tls.close();
    await daemon.stop();
  }
});

describe('what a failing task prints', () => {
  const PASSWORD = 'pa ss/w"ö+rd@1234';
  const url = `mysql://shop:${encodeURIComponent(PASSWORD)}@mariadb/shop`;
  // The secret begins before the place where a long line is cut.
  const log = [`DATABASE_URL=${url}`, `${'x'.repeat(290)}${PASSWORD}`];
  const frame = (text: string): Buffer => {
    const header = Buffer.alloc(8);
    header.writeUInt8(1, 0);
    header.writeUInt32BE(Buffer.byteLength(text), 4);
    return Buffer.concat([header, Buffer.from(text)]);
  };
  const seen = snapshot({
    now: 60,
    spec: spec('app:v1'),
    status: 'rollback_completed',
    tasks: [
      task({ slot: 1, image: 'app:v1', created: -500 }),
      task({
        slot: 2,
        image: 'app:v2',
        created: 5,
        state: 'failed',
        error: `exec: --dsn ${url}`,
        exitCode: 1,
      }),
    ],
  });
  const Health = { Log: [{ ExitCode: 1, Output: `cannot log in with ${PASSWORD}` }] };

  test('is told without the secrets of the environment, in the terminal, as JSON and in the file', async () => {
    const daemon = await fakeDaemon((request, _body, response) => {
      const path = (request.url ?? '').split('?')[0]!;
      if (path.endsWith('/logs')) response.end(Buffer.concat(log.map((line) => frame(`${line}\n`))));
      else if (path === '/containers/c1/json') response.end(JSON.stringify({ State: { Health } }));
      else if (path.startsWith('/services/')) response.end(JSON.stringify(seen.service));
      else if (path === '/tasks') response.end(JSON.stringify(seen.tasks));
      else response.end('{}');
    });
    const env = {
      ROLLOUT: planned(daemon.host, 'app:v2'),
      ROLLOUT_REPORTS: folder,
      TF_VAR_db_password: PASSWORD,
      TF_VAR_smtp_port: '587',
    };
    try {
      const [words, json] = [await run([], env), await run(['--json'], env)];
      const file = readFileSync(join(folder, 'web.json'), 'utf8');
      expect([words.code, json.code]).toEqual([2, 2]);
      // Under `./proctor deploy` a line says its kind.
      const kinds = words.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).gate);
      expect(new Set(kinds)).toEqual(new Set(['report']));
      for (const text of [words.stdout + words.stderr, json.stdout + json.stderr, file]) {
        expect(text).toContain('DATABASE_URL=mysql://shop:<TF_VAR_db_password>@mariadb/shop');
        expect(text).toContain('cannot log in with <TF_VAR_db_password>');
        expect(text).toContain('--dsn mysql://shop:<TF_VAR_db_password>@');
        expect(text).not.toContain(encodeURIComponent(PASSWORD));
        expect(text).not.toMatch(/pa ss/);
      }
    } finally {
      await daemon.stop();
    }
  });
});
