import { cpSync } from 'node:fs';
import { NAMESPACE } from '../../lab/deploy/target';
import { docker } from '../../lab/engine/docker';
import { ProjectCopy } from '../support/programs/project-copy';
import { tell } from './support/http';
import { describeLab, expectSuccess, npmRunLab, runningLab, serviceIds, testTerraform } from './support/lab';

const onLab = (...args: string[]) => docker(runningLab().paths, args);

/** A running container of a service. */
async function containerOf(service: string): Promise<string> {
  const filter = ['--filter', `label=com.docker.swarm.service.name=${NAMESPACE}_${service}`];
  return (await onLab('ps', '--quiet', ...filter)).trim().split('\n')[0]!;
}

async function addressOf(service: string, network: string): Promise<string> {
  const format = `{{(index .NetworkSettings.Networks "${NAMESPACE}_${network}").IPAddress}}`;
  return (await onLab('inspect', '--format', format, await containerOf(service))).trim();
}

/** Whether a service's container gets a connection: curl has one as soon as it is told how long that took. */
async function reaches(service: string, host: string, port: number): Promise<boolean> {
  const ask = `curl -s -m 4 -o /dev/null -w '%{time_connect}' 'telnet://${host}:${port}' </dev/null || :`;
  const seconds = await onLab('exec', await containerOf(service), 'sh', '-c', ask);
  return Number(seconds) > 0;
}

describeLab('two networks', () => {
  const project = new ProjectCopy();
  afterAll(() => project.remove());
  let before: string[];
  const of = (ids: readonly string[], ...services: string[]) =>
    ids.filter((line) => services.some((service) => line.startsWith(`${NAMESPACE}_${service} `)));

  beforeAll(async () => {
    cpSync('lab', project.path('lab'), { recursive: true });
    project.edit(
      "      serverName: 'localhost',\n",
      "      serverName: 'localhost',\n      networks: { separate: true },\n",
    );
    before = await serviceIds();
  });

  test('on one network, nginx reaches the database: the probe of this test sees a connection', async () => {
    expect(await reaches('nginx', 'mariadb', 3306)).toBe(true);
  });

  testTerraform('on a platform that runs they are refused, and nothing is touched', async () => {
    const refused = await npmRunLab([], {}, project.folder);
    expect(refused.status).toBe(1);
    expect(refused.output).toContain('cannot be destroyed');
    expect(await serviceIds()).toEqual(before);
  });

  test('with ALLOW_DESTROY=1 they are made; nginx and the edge are not replaced', async () => {
    expectSuccess(await npmRunLab([], { ALLOW_DESTROY: '1' }, project.folder));
    const after = await serviceIds();
    expect(of(after, 'nginx', 'edge')).toEqual(of(before, 'nginx', 'edge'));
    expect(after).toHaveLength(before.length);
    expect(await tell('/corrections')).toMatchObject({ status: 200, database: 'ok' });
    expect((await tell('/reservations')).broker).toBe('ok');
  });

  test('nginx and the edge reach no backend, neither by name nor by address; applications do', async () => {
    for (const [backend, port] of [
      ['mariadb', 3306],
      ['kafka', 9092],
    ] as const) {
      const address = await addressOf(backend, 'back_network');
      expect(address).toMatch(/^10\./);
      for (const host of [backend, address]) {
        expect({ host, nginx: await reaches('nginx', host, port) }).toEqual({ host, nginx: false });
        expect({ host, edge: await reaches('edge', host, port) }).toEqual({ host, edge: false });
        expect({ host, users: await reaches('userservice', host, port) }).toEqual({ host, users: true });
      }
    }
  });

  test('a backend reaches neither nginx nor what is outside; an application does', async () => {
    const { mail } = runningLab();
    const connects = async (service: string, host: string, port: number) =>
      (
        await onLab(
          'exec',
          await containerOf(service),
          'bash',
          '-c',
          `timeout 4 bash -c 'exec 3<>/dev/tcp/${host}/${port}' 2>/dev/null && echo yes || echo no`,
        )
      ).trim();
    const nginx = await addressOf('nginx', 'proctorwise');
    expect(await connects('mariadb', nginx, 8081)).toBe('no');
    expect(await connects('mariadb', mail.host, mail.port)).toBe('no');
    expect(await connects('mariadb', '127.0.0.1', 3306)).toBe('yes');
    expect(await reaches('notificationservice', mail.host, mail.port)).toBe(true);
  });
});
