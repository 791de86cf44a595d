import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { type FakeDaemon, fakeDaemon } from '../../../unit/operations/docker/fake-daemon';

const PROCTOR = resolve(__dirname, '../../../../proctor');
const SERVICE = {
  ID: 's1',
  Spec: {
    Name: 'shop_web',
    TaskTemplate: { ContainerSpec: { Image: 'shop/web:1' } },
    UpdateConfig: { Order: 'start-first' },
  },
};

let daemon: FakeDaemon;
afterEach(() => daemon.stop());

test.each(['SIGINT', 'SIGTERM'] as const)('%s leaves no trial on the server', async (signal) => {
  let child: ReturnType<typeof spawn> | undefined;
  daemon = await fakeDaemon((request, _body, response) => {
    const [route = ''] = (request.url ?? '').split('?');
    if (route === '/services/create') {
      child?.kill(signal);
      response.statusCode = 201;
      response.end('{"ID":"trial"}');
    } else if (request.method === 'DELETE') response.end('{}');
    else if (route === '/services') {
      response.end(JSON.stringify(request.url?.includes('trial') ? [] : [SERVICE]));
    } else if (route === '/tasks') response.end('[{"ID":"t","Status":{"State":"starting"}}]');
    else response.end('"OK"');
  });
  child = spawn(process.execPath, [PROCTOR, 'doctor', 'hardening', '--stack', 'shop', 'web'], {
    env: { ...process.env, DOCKER_HOST: daemon.host },
  });
  let stderr = '';
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  const code = await new Promise((done) => child!.once('close', done));
  expect(stderr).toContain('web was not tried to the end');
  expect(code).toBe(1);
  expect(daemon.requests.at(-1)).toBe('DELETE /services/trial');
});
