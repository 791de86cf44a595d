import { spawnSync } from 'node:child_process';
import { parse } from 'yaml';
import { composeOf, type PlatformSpec } from '../../../constructs';
import { platform } from '../../../services.config';
import { declaredInCompose, declaredInTerraform } from '../../support/platform/declared';
import { ODD_SCHEMA, oddCatalogue } from '../../support/platform/odd-catalogue';
import { ACME, lockOf, SHELL, Workplace } from '../../support/platform/platform';
import type { Json } from '../../support/platform/template';
import { ProjectCopy } from '../../support/programs/project-copy';

const workplace = new Workplace();
workplace.write(ODD_SCHEMA.path, ODD_SCHEMA.text);
afterAll(() => workplace.remove());

function both(spec: PlatformSpec, environment: string, optionalSecrets: readonly string[] = []) {
  const { json } = workplace.synth(spec, environment);
  const { platform: built } = workplace.build(spec, environment);
  const files = composeOf(built, { optionalSecrets });
  return { ...files, json, document: parse(files.compose) as Json, namespace: built.namespace };
}

const optionalIn = (spec: PlatformSpec) =>
  Object.entries(spec.secrets).flatMap(([id, { optional }]) => (optional ? [id] : []));

describe.each<[string, PlatformSpec, string, boolean]>([
  ['production', platform, 'production', false],
  ['production with all optional secrets', platform, 'production', true],
  ['staging', platform, 'staging', false],
  ["production with Let's Encrypt", { ...platform, tls: ACME } as PlatformSpec, 'production', false],
  ['an odd platform', oddCatalogue, 'production', true],
])('%s, in Terraform and in compose:', (_, spec, environment, optional) => {
  const { json, document, namespace, configs } = both(spec, environment, optional ? optionalIn(spec) : []);
  const services = Object.keys(json.resource.docker_service);

  test('the same services', () => {
    expect(Object.keys(document.services).sort()).toEqual([...services].sort());
  });

  test.each(services)('%s is the same in every field', (name) => {
    expect(declaredInCompose(document, namespace, name)).toEqual(declaredInTerraform(json, name, optional));
  });

  test('the same network', () => {
    const named = Object.entries<Json>(document.networks).map(([id, { driver, attachable }]) => ({
      name: `${namespace}_${id}`,
      driver,
      attachable,
    }));
    const [network] = Object.values<Json>(json.resource.docker_network);
    expect(named).toEqual([{ name: network.name, driver: network.driver, attachable: network.attachable }]);
  });

  test('the same configs, under the same names', () => {
    const inCompose = Object.values<Json>(document.configs).map(({ name, file }) => ({
      name,
      text: configs.get(file.replace('./', '')),
    }));
    const inTerraform = Object.values<Json>(json.resource.docker_config).map(({ name, data }) => ({
      name,
      text: Buffer.from(data, 'base64').toString('utf8'),
    }));
    const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
    expect(inCompose.sort(byName)).toEqual(inTerraform.sort(byName));
  });
});

describe('secrets in compose', () => {
  const { document, compose } = both(platform, 'production');

  test('are all external, with a name that a variable can change, and no more', () => {
    expect(document.secrets.jwt_secret_key).toEqual({
      external: true,
      name: '${JWT_SECRET_KEY_SECRET:-proctorwise_jwt_secret_key}',
    });
    for (const secret of Object.values<Json>(document.secrets)) {
      expect(Object.keys(secret).sort()).toEqual(['external', 'name']);
      expect(secret.external).toBe(true);
    }
  });

  test('that are optional are only there when they are asked for', () => {
    expect(Object.keys(document.secrets)).toEqual(
      expect.not.arrayContaining(['smtp_username', 'smtp_password', 'smtp_from_email']),
    );
    const some = both(platform, 'production', ['smtp_username']).document;
    expect(some.secrets).toHaveProperty('smtp_username');
    expect(some.secrets).not.toHaveProperty('smtp_password');
    const targets = some.services.notificationservice.secrets.map(({ target }: Json) => target);
    expect(targets).toEqual(['db_password', 'SMTP_USERNAME']);
  });

  test('are all named in its head, with the command that makes one', () => {
    expect(compose).toContain('docker secret create proctorwise_<name> FILE');
    expect(compose.split('\n').find((line) => line.includes(', jwt_secret_key, '))).toBe(
      `#   ${Object.keys(document.secrets).join(', ')}`,
    );
  });
});

test('variables are those of Terraform: one without a default must be given, one with a default need not', () => {
  const { document } = both(platform, 'production');
  expect(document.services.notificationservice.command).toContain(
    'SMTP_HOST=${TF_VAR_smtp_host:?export TF_VAR_smtp_host}',
  );
  expect(both(oddCatalogue, 'production').document.services['shop-front'].command).toContain(
    'REGION=${TF_VAR_region:-eu}',
  );
});

test('its version is one that the clients of 20.10 read, too', () => {
  expect(both(platform, 'production').document.version).toBe('3.8');
});

describe('the head of the compose file', () => {
  const headOf = (...what: Parameters<typeof both>) =>
    both(...what)
      .compose.split('\n')
      .filter((line) => line.startsWith('#'));

  test('names every variable that the file cannot be read without, and no other', () => {
    const exported = (spec: PlatformSpec) =>
      headOf(spec, 'production')
        .find((line) => line.startsWith('# Export before: '))
        ?.match(/TF_VAR_\w+/g);
    expect(exported(platform)).toEqual(['TF_VAR_db_password', 'TF_VAR_smtp_host', 'TF_VAR_smtp_port']);
    expect(exported(oddCatalogue)).toEqual(['TF_VAR_db_password', 'TF_VAR_relay']);
  });

  test('has the commands of a first deploy and of a new password in their order', () => {
    const commands = headOf(platform, 'production')
      .join('\n')
      .match(
        /docker secret create|made from db_password again|docker stack deploy|\.\/proctor rollout|\.\/proctor provision \w+/g,
      );
    // Of the account of each application.
    const own = Array(6).fill('docker secret create');
    const first = ['docker secret create', ...own, 'docker stack deploy', './proctor provision prepare'];
    const rotation = ['./proctor provision prepare', './proctor rollout', './proctor provision finish'];
    expect(commands).toEqual([...first, 'made from db_password again', ...rotation]);
  });

  test('names the environment where it is not production, or another stack would be provisioned', () => {
    const runs = (environment: string) =>
      headOf(platform, environment)
        .join('\n')
        .match(/\S+ \.\/proctor provision/g);
    const own = 'PLATFORM_ENVIRONMENT=staging ./proctor provision';
    expect(runs('staging')).toEqual([own, own, own]);
    expect(headOf(platform, 'production').join('\n')).not.toContain('PLATFORM_ENVIRONMENT');
  });
});

describe('./proctor compose', () => {
  const project = new ProjectCopy();
  afterAll(() => project.remove());
  const run = (...args: string[]) => project.run('compose', args, SHELL);

  test('refuses what the rules refuse and a secret that is not there, and writes nothing', () => {
    const { status, stderr } = run('--with', 'smtp_user');
    expect(stderr).toMatch(
      /^error: .* has no digest in images\.lock\.json\n {2}run: \.\/proctor images lock$/m,
    );
    expect(stderr).toContain('there is no secret smtp_user\n  name some of: db_password');
    expect(stderr).not.toMatch(/\n\s+at .*:\d+:\d+/);
    expect(status).toBe(1);
    expect(project.files('compose')).toEqual({});
  }, 30_000);

  test('writes the file and its configs into a folder that is made for them', () => {
    project.write('images.lock.json', JSON.stringify(lockOf(platform)));
    const { status, stdout, stderr } = run();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { compose, configs } = both(platform, 'production');
    expect(stdout).toBe(`compose/docker-compose.swarm.yml and ${configs.size} config files\n`);
    expect(project.files('compose')).toEqual({
      'docker-compose.swarm.yml': compose,
      ...Object.fromEntries(configs),
    });
  }, 30_000);
});

// `docker stack config` needs no daemon: it reads, interpolates and checks against compose's schema.
const docker = spawnSync('docker', ['stack', 'config', '--help']).status === 0;
if (!docker) console.warn('SKIPPED: no docker CLI here, nobody but this test has read the compose file');

(docker ? describe : describe.skip)('docker itself', () => {
  const read = (spec: PlatformSpec, variables: Record<string, string>) => {
    const { compose, configs } = both(spec, 'production', optionalIn(spec));
    const file = workplace.write('compose/docker-compose.swarm.yml', compose);
    for (const [path, content] of configs) workplace.write(`compose/${path}`, content);
    const { status, stdout, stderr } = spawnSync('docker', ['stack', 'config', '-c', file], {
      env: { PATH: process.env.PATH, HOME: workplace.folder, ...variables },
      encoding: 'utf8',
    });
    return { status, stderr, document: status === 0 ? (parse(stdout) as Json) : undefined };
  };

  test('reads the platform, with every variable in its place', () => {
    const { document, stderr } = read(platform, {
      TF_VAR_smtp_host: 'mail.example.com',
      TF_VAR_smtp_port: '25',
      DB_PASSWORD_USERSERVICE_SECRET: 'proctorwise_db_password_userservice_2',
    });
    expect(stderr).toBe('');
    expect(Object.keys(document.services)).toHaveLength(10);
    expect(document.services.notificationservice.command).toContain('SMTP_HOST=mail.example.com');
    expect(document.secrets.db_password_userservice.name).toBe('proctorwise_db_password_userservice_2');
    expect(document.secrets.jwt_secret_key.name).toBe('proctorwise_jwt_secret_key');
  });

  test('refuses a missing variable with what to export', () => {
    expect(read(platform, {})).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('export TF_VAR_smtp_'),
    });
  });

  test('hands every dollar and brace on as it was written', () => {
    const { document, stderr } = read(oddCatalogue, { TF_VAR_relay: 'relay.example.com' });
    expect(stderr).toBe('');
    const front = document.services['shop-front'];
    // What `docker stack config` prints is escaped for compose once more.
    const printed = (text: string) => text.replaceAll('$', '$$$$');
    const { settings, command } = oddCatalogue.services['shop-front'];
    for (const [name, value] of Object.entries(settings ?? {})) {
      expect([`${name}=${value}`, printed(`${name}=${value}`)]).toContain(
        front.command.find((argument: string) => argument.startsWith(`${name}=`)),
      );
    }
    expect(front.command.slice(-command.length)).toEqual(
      front.command.includes('--price=5$') ? command : command.map(printed),
    );
    expect(front.healthcheck.test[1]).toMatch(/\$?\$PORT/);
  });
});
