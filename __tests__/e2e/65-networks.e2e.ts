import { cpSync, existsSync, symlinkSync } from 'node:fs';
import { NAMESPACE } from '../../lab/deploy/target';
import { docker } from '../../lab/engine/docker';
import { ProjectCopy } from '../support/programs/project-copy';
import { tell } from './support/http';
import {
  describeLab,
  expectSuccess,
  runningLab,
  runningTarget,
  runProgram,
  serviceIds,
  testTerraform,
} from './support/lab';

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

const BACKENDS = ['kafka', 'mariadb'];
const APPLICATIONS = [
  'analyticsservice',
  'correctionservice',
  'monitoringservice',
  'notificationservice',
  'reservationservice',
  'userservice',
];

describeLab('two networks', () => {
  const project = new ProjectCopy();
  afterAll(() => project.remove());
  let before: string[];
  const of = (ids: readonly string[], ...services: string[]) =>
    ids.filter((line) => services.some((service) => line.startsWith(`${NAMESPACE}_${service} `)));
  /** What is broken to a terminal's width is one line. */
  const program = async (variables: object, verb: string, ...args: string[]) => {
    const all = { ...runningTarget().variables, COLUMNS: '400', ...variables };
    return runProgram(verb, ['--environment', 'lab', ...args], all, project.folder);
  };
  const networks = (words: string) =>
    project.edit(
      / {6}serverName: 'localhost',\n(?: {6}networks: .*\n)?/,
      `      serverName: 'localhost',\n      networks: ${words},\n`,
    );
  const database = async () => [(await tell('/corrections')).database, (await tell('/reservations')).broker];
  /** Rows by database, as far as there are tables. */
  const rows = async () =>
    onLab(
      ...['exec', await containerOf('mariadb'), 'mariadb', '-uroot', '-N', '-e'],
      'SELECT COUNT(*) FROM proctorwise_corrections.records; SELECT COUNT(*) FROM proctorwise_reservations.records',
    );

  beforeAll(async () => {
    cpSync('lab', project.path('lab'), { recursive: true });
    symlinkSync(runningLab().paths.dir, project.path('.lab'));
    if (existsSync('.terraform.lock.hcl')) cpSync('.terraform.lock.hcl', project.path('.terraform.lock.hcl'));
    networks('{ separate: true }');
    before = await serviceIds();
  });

  testTerraform(
    'on one network, nginx reaches the database: the probe of this test sees a connection',
    async () => {
      expect(await reaches('nginx', 'mariadb', 3306)).toBe(true);
    },
  );

  testTerraform('on a platform that runs they are refused, and nothing is touched', async () => {
    const refused = await program({}, 'deploy', '--yes');
    expect(refused.status).toBe(1);
    expect(refused.output).toContain('ALLOW_DESTROY=1');
    expect(await serviceIds()).toEqual(before);
  });

  testTerraform('with ALLOW_DESTROY=1 the plan names each outage, and wants each acknowledged', async () => {
    const plan = await program({ ALLOW_DESTROY: '1' }, 'plan', '--gate');
    expect(plan.status).toBe(1);
    for (const service of [...APPLICATIONS, ...BACKENDS]) {
      expect(plan.output).toMatch(new RegExp(`REPLACE +${service} .*DOWNTIME about \\d+ s`));
      expect(plan.output).toMatch(new RegExp(`STOPPED: ${service}: `));
    }
    expect(plan.output).not.toMatch(/(REPLACE|STOPPED:) +(nginx|edge)/);
    expect(await serviceIds()).toEqual(before);
  });

  testTerraform(
    'acknowledged, they are made with all data; nginx and the edge are not replaced',
    async () => {
      const kept = await rows();
      const names = [...APPLICATIONS, ...BACKENDS].join(',');
      const run = await program({ ALLOW_DESTROY: '1' }, 'deploy', '--yes', '--acknowledge', names);
      expectSuccess(run);
      const after = await serviceIds();
      expect(of(after, 'nginx', 'edge')).toEqual(of(before, 'nginx', 'edge'));
      for (const service of [...APPLICATIONS, ...BACKENDS]) {
        expect(of(after, service)).toHaveLength(1);
        expect(of(after, service)).not.toEqual(of(before, service));
      }
      expect(await rows()).toBe(kept);
      expect(await database()).toEqual(['ok', 'ok']);
    },
  );

  testTerraform(
    'nginx and the edge reach no backend, neither by name nor by address; applications do',
    async () => {
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
    },
  );

  testTerraform('a backend reaches neither nginx nor what is outside; an application does', async () => {
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

  testTerraform(
    'encrypted, the networks are others, which the engine has made so, and all answers',
    async () => {
      networks('{ separate: true, encrypted: true }');
      const plan = await program({ ALLOW_DESTROY: '1' }, 'plan', '--gate');
      expect(plan.output).toContain('STOPPED');
      const asked = [...plan.output.matchAll(/^ *STOPPED: (\S+): /gm)].map(([, name]) => name!);
      expect(asked).toEqual(expect.arrayContaining([...APPLICATIONS, ...BACKENDS, 'nginx', 'edge']));
      const kept = await rows();
      const run = await program({ ALLOW_DESTROY: '1' }, 'deploy', '--yes', '--acknowledge', asked.join(','));
      expectSuccess(run);
      const format = '{{.Name}} {{.Internal}} {{json .Options}}';
      const seen = await onLab(
        ...['network', 'inspect', '--format', format],
        ...[`${NAMESPACE}_proctorwise_encrypted`, `${NAMESPACE}_back_network_encrypted`],
      );
      expect(seen).toMatch(/_proctorwise_encrypted false .*"encrypted"/);
      expect(seen).toMatch(/_back_network_encrypted true .*"encrypted"/);
      expect((await onLab('network', 'ls', '--format', '{{.Name}}')).split('\n')).not.toContain(
        `${NAMESPACE}_proctorwise`,
      );
      expect(await rows()).toBe(kept);
      expect(await database()).toEqual(['ok', 'ok']);
      expect((await program({ ALLOW_DESTROY: '1' }, 'plan')).status).toBe(0);
    },
  );
});
