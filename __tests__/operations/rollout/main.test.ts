import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { CertificateMaker } from '../../support/certificates';
import { fakeDaemon } from '../docker/fake-daemon';
import { snapshot, spec, task } from './swarm-says';

const root = join(__dirname, '..', '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'rollout-'));
const maker = new CertificateMaker();
const gate = join(folder, 'rollout.js');

beforeAll(() => {
  const unused = ['ssh2', 'cpu-features', '@grpc/grpc-js', '@grpc/proto-loader'];
  execFileSync(
    join(root, 'node_modules', '.bin', 'esbuild'),
    [
      'operations/rollout/main.ts',
      ...['--bundle', '--platform=node', '--target=node20', '--log-level=error', `--outfile=${gate}`],
      ...unused.map((name) => `--alias:${name}=./operations/docker/no-ssh2.ts`),
    ],
    { cwd: root },
  );
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  maker.remove();
});

/** Runs the one file in a folder without `node_modules`. */
function run(args: readonly string[], env: Record<string, string> = {}) {
  return new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    const options = { cwd: folder, env: { PATH: process.env.PATH ?? '', ...env } };
    execFile(process.execPath, [gate, ...args], options, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

const planned = (host: string, image: string, certificate?: object) =>
  JSON.stringify({ host, service: 'web', planned: { image }, certificate, timings: { deadlineSeconds: 0 } });

test('is one file that runs alone, and tells a wrong invocation from a failed rollout', async () => {
  expect(await run([])).toMatchObject({ code: 64, stderr: expect.stringMatching(/usage: rollout/) });
  expect(await run([], { ROLLOUT: '{}' })).toMatchObject({
    code: 64,
    stderr: expect.stringMatching(/planned is missing/),
  });
  expect(await run(['--host', 'tcp://vps', 'web'])).toMatchObject({ code: 64 });
});

test('exits with 6 when nobody answers', async () => {
  const host = 'unix:///nowhere/docker.sock';
  expect(await run([], { ROLLOUT: planned(host, 'app:v2') })).toMatchObject({ code: 6 });
  expect(await run(['--host', host, 'web'])).toMatchObject({
    code: 6,
    stderr: expect.stringMatching(/does not run/),
  });
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
  const { certificate, privateKey } = maker.pair({ names: 'DNS:exam.test' });
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
    const stack = await run(['shop', '--json'], { DOCKER_HOST: daemon.host });
    expect(stack.code).toBe(0);
    expect(JSON.parse(stack.stdout)).toMatchObject({ service: 'web', outcome: 'converged', image: 'app:v2' });
    const absent = await run(['nothing'], { DOCKER_HOST: daemon.host });
    expect(absent).toMatchObject({
      code: 64,
      stderr: expect.stringMatching(/no stack and no service nothing/),
    });
  } finally {
    tls.close();
    await daemon.stop();
  }
});
