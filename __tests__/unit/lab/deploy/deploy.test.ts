import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judgeLine } from '../../../../add-ons/github/runner/secret';
import type { Lab } from '../../../../lab/cluster/infrastructure';
import { expectAnswers, type RouteLine } from '../../../../lab/deploy/requests';
import { runDeploy } from '../../../../lab/deploy/run';
import { ensureSecrets, everyCharacter, hashOf } from '../../../../lab/deploy/secrets';
import { serviceTable } from '../../../../lab/deploy/services';
import { PORTS, STACK, targetOf, writeVariables } from '../../../../lab/deploy/target';
import { errorsOf, pickTellingPart } from '../../../../lab/deploy/terraform';
import { labPaths } from '../../../../lab/ground/paths';
import { run } from '../../../../lab/ground/shell';

const folder = mkdtempSync(join(tmpdir(), 'lab-deploy-'));
afterAll(() => rmSync(folder, { recursive: true }));

const lab: Lab = {
  paths: { ...labPaths(folder), logs: folder },
  dockerHost: 'ssh://root@127.0.0.1:12222',
  address: '10.213.1.2',
  clients: ['10.213.1.1'],
  registry: '127.0.0.1:15000',
  mail: { host: '10.213.1.2', port: 2525 },
  images: [],
};

test('the password has each printable ASCII character once, in another order each time', () => {
  const password = everyCharacter();
  expect([...password].sort().join('')).toBe(
    Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join(''),
  );
  expect(everyCharacter()).not.toBe(password);
});

test('the password is never one that the workflows refuse', () => {
  // One password in fifty would have a space at an end of it.
  for (let time = 0; time < 1000; time++) expect(judgeLine(everyCharacter())).toBeUndefined();
});

test('secrets are made once and readable by their owner alone', () => {
  const secrets = ensureSecrets(lab.paths);
  expect(ensureSecrets(lab.paths)).toEqual(secrets);
  expect(statSync(join(folder, 'secrets.json')).mode & 0o777).toBe(0o600);
});

test('a secret’s hash is of its prefix and value together, as the name that Terraform writes', () => {
  // FIPS 180's own example, "abc".
  expect(hashOf('a', 'bc')).toBe('ba7816bf8f');
});

test('nothing of the user’s shell leads the deploy elsewhere or brings a real secret', () => {
  const shell = {
    HOME: '/root',
    TF_VAR_smtp_password: 'real',
    VPS_HOST: 'prod.example.com',
    DOCKER_HOST: 'ssh://prod',
  };
  const { env } = targetOf(lab, shell);
  expect(env).toMatchObject({ HOME: '/root', VPS_HOST: '127.0.0.1', VPS_PORT: '12222', IMAGE_TAG: 'v1' });
  expect(env).not.toHaveProperty('TF_VAR_smtp_password');
  expect(env).not.toHaveProperty('DOCKER_HOST');
  expect(targetOf(lab, { IMAGE_TAG: 'v2' }).env.IMAGE_TAG).toBe('v2');
});

test('a terminal that reads deploy.env has the same variables, whatever characters they have', async () => {
  const target = targetOf(lab, {});
  writeFileSync(lab.paths.env, '');
  writeVariables(target);
  const script = `. ${join(folder, 'deploy.env')}; printf %s "$TF_VAR_db_password"`;
  expect(await run('sh', ['-c', script])).toBe(target.secrets.db_password);
  expect(statSync(join(folder, 'deploy.env')).mode & 0o777).toBe(0o600);
});

test('a command of the deploy that fails is an error with all that it said, and its output is logged', async () => {
  const lines: string[] = [];
  const command = { command: 'sh', args: ['-c', 'echo out; echo err >&2; exit 3'], env: process.env };
  const failed = runDeploy(lab.paths, { ...command, onLine: (line) => lines.push(line) });
  await expect(failed).rejects.toMatchObject({
    status: 3,
    output: expect.stringMatching(/out\nerr|err\nout/),
  });
  expect(lines.sort()).toEqual(['err', 'out']);
  expect(readFileSync(join(folder, 'deploy.log'), 'utf8')).toContain('out\n');
});

test('of Terraform’s lines those of the gates are told', () => {
  const gate =
    'null_resource.nginx_rollout (nginx_rollout/Default) (local-exec): [9/10] proctorwise_nginx 0/1 healthy';
  expect(pickTellingPart(`${STACK}  ${gate}`)).toBe('[9/10] proctorwise_nginx 0/1 healthy');
  expect(pickTellingPart(`           ${gate}`)).toBe('[9/10] proctorwise_nginx 0/1 healthy');
  expect(pickTellingPart(`${STACK}  null_resource.a (local-exec): Executing: ["/bin/sh"]`)).toBeUndefined();
  expect(pickTellingPart(`${STACK}  docker_service.nginx: Still creating... [10s elapsed]`)).toBeUndefined();
  expect(pickTellingPart(`${STACK}  Apply complete! Resources: 1 added`)).toBe(
    'Apply complete! Resources: 1 added',
  );
  expect(pickTellingPart('           Plan: 35 to add, 0 to change')).toBe('Plan: 35 to add, 0 to change');
});

test('of a failed apply the errors are told, without what surrounds them', () => {
  const output = [
    '│ Warning: Unable to open CLI configuration file',
    `${STACK}  Error: local-exec provisioner error`,
    '',
    '             with null_resource.mariadb_rollout (mariadb_rollout/Default),',
    '             on cdk.tf.json line 2135, in resource.null_resource.mariadb_rollout:',
    '           2135:             }',
    '           Error running command: exit status 3',
    '0 Stacks deploying     1 Stack done     0 Stacks waiting',
    'Invoking Terraform CLI failed with exit code 1',
  ];
  expect(errorsOf(output.join('\n'))).toBe(
    'Error: local-exec provisioner error\n  Error running command: exit status 3',
  );
});

test('the table of services has a line for each, in columns', () => {
  const nginx = { service: 'nginx', running: 1, wanted: 2, image: 'nginx:1.30', health: 'healthy' };
  expect(serviceTable([nginx])).toBe(
    'service  replicas  image       health\nnginx    1/2       nginx:1.30  healthy',
  );
});

test('a route that another service answers is an error that says which', () => {
  const line = { version: 'v1', client: '', database: 'ok', broker: 'ok' };
  const route = (path: string, service: string, answeredBy: string, status = '200'): RouteLine => ({
    ...line,
    path,
    service,
    answeredBy,
    status,
  });
  expect(() => expectAnswers([route('/users', 'userservice', 'userservice 1')])).not.toThrow();
  expect(() => expectAnswers([route('/exams', 'reservationservice', 'userservice 1')])).toThrow(
    '/exams: 200 from userservice',
  );
  expect(() => expectAnswers([route('/users', 'userservice', 'userservice 1', '502')])).toThrow(
    '/users: 502',
  );
});

test('the lab’s public ports are those of its environment', () => {
  expect(PORTS).toEqual({ http: 8080, https: 8443 });
});
