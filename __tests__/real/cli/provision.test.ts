import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hcl } from '../../../constructs/swarm/hcl';
import { platform } from '../../../services.config';
import { Workplace } from '../../support/platform/platform';
import { ProjectCopy } from '../../support/programs/project-copy';
import { type FakeDaemon, fakeDaemon } from '../../unit/operations/docker/fake-daemon';

const PASSWORD = { TF_VAR_db_password: 'correct-horse-battery' };

/** Not `ProjectCopy.run`, which would keep a daemon in this process from answering. */
const provision = (project: ProjectCopy, args: readonly string[], variables: Record<string, string> = {}) =>
  new Promise<{ status: unknown; stdout: string; stderr: string }>((done) => {
    const env = { PATH: process.env.PATH, HOME: project.folder, ...variables };
    const command = [project.path('proctor'), 'provision', ...args];
    execFile(process.execPath, command, { cwd: project.folder, env }, (error, stdout, stderr) =>
      done({ status: error ? error.code : 0, stdout, stderr }),
    );
  });

describe('./proctor provision', () => {
  const project = new ProjectCopy();
  let daemon: FakeDaemon;
  beforeAll(async () => {
    // A Swarm without a service.
    daemon = await fakeDaemon((_, __, response) => response.end('[]'));
  });
  afterAll(async () => {
    await daemon.stop();
    project.remove();
  });

  test.each<[string, string[]]>([
    ['no phase', []],
    ['an unknown phase', ['begin']],
    ['an argument too many', ['prepare', 'now']],
  ])('called with %s prints its usage and ends with 64', async (_, args) => {
    const { status, stderr } = await provision(project, args, { ...PASSWORD, DOCKER_HOST: daemon.host });
    expect(stderr).toMatch(/^error: .*\n.*\nusage: \.\/proctor provision \[options\] prepare\|finish\n/);
    expect(status).toBe(64);
    expect(daemon.requests).toEqual([]);
  });

  test.each<[string, Record<string, string>, RegExp]>([
    [
      'server',
      PASSWORD,
      /^error: neither DOCKER_HOST nor VPS_HOST is set: .*\n {2}export DOCKER_HOST=ssh:\/\/deploy@/,
    ],
    [
      'user',
      { ...PASSWORD, VPS_HOST: '203.0.113.10' },
      /^error: VPS_USER is not set: .*\n {2}export VPS_USER=/,
    ],
    [
      'password',
      { DOCKER_HOST: 'unix:///nonexistent.sock' },
      /^error: TF_VAR_db_password is not set: the password that mariadb accepts\n {2}export TF_VAR_db_password="\$\(cat FILE\)"/,
    ],
    [
      'encryption',
      { ...PASSWORD, DOCKER_HOST: 'tcp://203.0.113.10:2375' },
      /^provision: cannot use the Docker host "tcp:.*\nwrite ssh:\/\//,
    ],
  ])('without a %s says so and what to do, without a stack trace', async (_, variables, message) => {
    const { status, stderr } = await provision(project, ['prepare'], variables);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(status).toBe(1);
  });

  test('asks the daemon at DOCKER_HOST for the environment’s MariaDB, and says when it is not deployed', async () => {
    const variables = { ...PASSWORD, DOCKER_HOST: daemon.host, PLATFORM_ENVIRONMENT: 'staging' };
    const { status, stderr } = await provision(project, ['prepare'], variables);
    expect(stderr).toBe(
      'provision: there is no service proctorwise-staging_mariadb on this Swarm\n  deploy it first; `docker service ls` shows what there is\n',
    );
    expect(status).toBe(1);
  });

  test('takes both from the environment’s file, too', async () => {
    const lines = [`DOCKER_HOST=${daemon.host}`, `TF_VAR_db_password=${PASSWORD.TF_VAR_db_password}`];
    project.write('.env.staging', `${lines.join('\n')}\n`);
    const { status, stderr } = await provision(project, ['prepare', '--environment', 'staging']);
    expect(stderr).toMatch(/^provision: there is no service proctorwise-staging_mariadb on this Swarm\n/);
    expect(status).toBe(1);
  });

  test('goes to VPS_HOST as Terraform would: user, port, known hosts, ssh configuration', async () => {
    const { stderr } = await provision(project, ['finish'], {
      ...PASSWORD,
      PATH: `${daemon.sshFolder}:${process.env.PATH}`,
      VPS_HOST: '203.0.113.10',
      VPS_USER: 'deploy',
      VPS_PORT: '2222',
      VPS_SSH_CONFIG: '/etc/vps.conf',
    });
    expect(stderr).toContain('there is no service proctorwise_mariadb');
    // The first asks for a shared connection.
    const asked = readFileSync(join(daemon.sshFolder, 'ssh.args'), 'utf8')
      .split('\n')
      .find((args) => args.endsWith('dial-stdio'));
    expect(asked).toMatch(/^-o ForwardAgent=no -F \/etc\/vps\.conf -o StrictHostKeyChecking=yes /);
    expect(asked).toMatch(/ -l deploy -p 2222 -- 203\.0\.113\.10 docker system dial-stdio$/);
  });
});

describe('the script that it runs', () => {
  const project = new ProjectCopy();
  const workplace = new Workplace();
  const variables = { ...PASSWORD, DOCKER_HOST: 'ssh://deploy@203.0.113.10' };
  const given = async (phase: string) => {
    const { stdout } = await provision(project, [phase], variables);
    return JSON.parse(stdout);
  };
  beforeAll(() => {
    project.write(
      'cli/gate/provision.ts',
      'console.log(JSON.stringify({ phase: process.argv[2], input: JSON.parse(process.env.PROVISION!) }));\nprocess.exitCode = 3;\n',
    );
  });
  afterAll(() => {
    project.remove();
    workplace.remove();
  });

  test.each(['prepare', 'finish'])(
    '%s gets what Terraform would give it, but for server and hash',
    async (phase) => {
      const { platform: built } = workplace.build(platform);
      const { json } = workplace.synth(platform);
      const [{ 'local-exec': exec }] = json.resource.null_resource[`mariadb_${phase}`].provisioner;
      const { phase: asked, input } = await given(phase);
      expect(asked).toBe(phase);
      const { host, ...rest } = input;
      expect(host).toBe(variables.DOCKER_HOST);
      const { url, sshOptions } = built.connection;
      const password = { ...rest.password, hash: built.secrets.get('db_password')!.hash };
      const inTerraform = { host: url, sshOptions, ...rest, password, phase };
      expect(exec.environment.PROVISION).toBe(`\${jsonencode(${hcl(inTerraform)})}`);
    },
  );

  test('gets the hash that the name of Terraform’s secret would end in, and decides the exit status', async () => {
    const { status, stdout } = await provision(project, ['prepare'], variables);
    const { password } = JSON.parse(stdout).input;
    const hash = createHash('sha256').update(`proctorwise/db_password/${PASSWORD.TF_VAR_db_password}`);
    expect(password.hash).toBe(hash.digest('hex').slice(0, 10));
    expect(stdout).not.toContain(PASSWORD.TF_VAR_db_password);
    expect(status).toBe(3);
  });

  test('finds a schema file where it is, and a missing one is named', async () => {
    project.edit('proctorwise_users: {}', "proctorwise_users: { schema: 'schemas/users.sql' }");
    const { stderr } = await provision(project, ['prepare'], variables);
    expect(stderr).toMatch(
      /^error: mariadb: the schema of proctorwise_users is not there: schemas\/users\.sql\n/,
    );
    project.write('schemas/users.sql', 'SELECT 1;\n');
    const { input } = await given('prepare');
    expect(readFileSync(input.databases[0].schemaFile, 'utf8')).toBe('SELECT 1;\n');
  });
});
