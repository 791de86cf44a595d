import { execFile } from 'node:child_process';
import { platform } from '../../../services.config';
import { ProjectCopy } from '../../support/programs/project-copy';
import { type FakeDaemon, fakeDaemon } from '../../unit/operations/docker/fake-daemon';

describe('./proctor secrets', () => {
  const project = new ProjectCopy();
  let daemon: FakeDaemon;
  beforeAll(async () => {
    // A Swarm without anything.
    daemon = await fakeDaemon((_, __, response) => response.end('[]'));
  });
  afterAll(async () => {
    await daemon.stop();
    project.remove();
  });

  // Not `ProjectCopy.run`, which would keep a daemon in this process from answering.
  const secrets = (args: readonly string[], variables: Record<string, string> = {}) =>
    new Promise<{ status: unknown; stdout: string; stderr: string }>((done) => {
      const env = { PATH: process.env.PATH, HOME: project.folder, ...variables };
      const command = [project.path('proctor'), 'secrets', ...args];
      execFile(process.execPath, command, { cwd: project.folder, env }, (error, stdout, stderr) =>
        done({ status: error ? error.code : 0, stdout, stderr }),
      );
    });

  test('lists each secret of the catalogue with the services that will use it', async () => {
    const { status, stdout, stderr } = await secrets(['--json'], { DOCKER_HOST: daemon.host });
    expect([status, stderr]).toEqual([0, '']);
    const { secrets: rows } = JSON.parse(stdout);
    expect(rows.map(({ name }: { name: string }) => name)).toEqual(Object.keys(platform.secrets));
    expect(rows[0]).toMatchObject({
      provisionedIn: 'mariadb',
      replaces: { userservice: 2, analyticsservice: 1 },
      next: { does: 'missing' },
    });
  });

  test('makes a value before there is a server, a digest or anything else', async () => {
    const { status, stdout, stderr } = await secrets(['--generate', 'jwt_secret_key', '--print']);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^[A-Za-z0-9]{43}\n$/);
  });

  test('without a server it says which variable names one', async () => {
    const { status, stderr } = await secrets([]);
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/^error: neither DOCKER_HOST nor VPS_HOST is set/),
    ]);
  });
});
