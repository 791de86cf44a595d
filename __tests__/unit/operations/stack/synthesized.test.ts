import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readStack } from '../../../../operations/stack/synthesized';
import { platform } from '../../../../services.config';
import { Workplace } from '../../../support/platform/platform';
import { writeSynthesized } from '../deploy/stack';

const folder = mkdtempSync(join(tmpdir(), 'synthesized-'));
const workplace = new Workplace();
afterAll(() => {
  rmSync(folder, { recursive: true });
  workplace.remove();
});

test('reads all it needs from what this project synthesizes', () => {
  const { outdir } = workplace.synth(platform, 'lab', { VPS_HOST: '203.0.113.10', VPS_USER: 'deploy' });
  const stack = readStack(outdir);
  expect(stack).toMatchObject({
    id: 'swarm-lab',
    namespace: 'proctorwise',
    host: 'ssh://deploy@203.0.113.10:22',
    folder: join(outdir, 'stacks', 'swarm-lab'),
    registries: [{ address: 'ghcr.io', username: 'registry_username', password: 'registry_password' }],
    requiredVariables: expect.arrayContaining(['db_password', 'jwt_secret_key', 'smtp_host', 'smtp_port']),
  });
  expect(stack.requiredVariables).not.toContain('smtp_password');
  // Not registry_username: it is most often the images' owner, whose name is in every plan.
  expect(stack.secretVariables).toEqual(expect.arrayContaining(['db_password', 'registry_password']));
  expect(stack.secretVariables).not.toEqual(expect.arrayContaining(['registry_username']));
  expect(stack.secretVariables).not.toEqual(expect.arrayContaining(['smtp_host']));
  // Its value is in no variable.
  expect(stack.derived).toContainEqual({
    name: 'db_password_userservice',
    from: 'db_password',
    derivation: 'proctorwise/mariadb/userservice/account/',
  });
  expect(stack.sshOptions).toContain('StrictHostKeyChecking=yes');
  const byId = new Map(stack.services.map((service) => [service.id, service]));
  expect(byId.get('userservice')).toMatchObject({
    name: 'proctorwise_userservice',
    replicas: 2,
    startFirst: true,
    parallelism: 1,
    nanoCpus: 2e7,
    ports: [],
  });
  expect(byId.get('edge')?.ports.map(({ published, target }) => [published, target])).toEqual([
    [8080, 80],
    [8443, 443],
  ]);
  expect(byId.get('mariadb')?.startFirst).toBe(false);
  // nginx waits for the applications, so it is in a later wave than they are.
  expect(byId.get('nginx')!.wave).toBeGreaterThan(byId.get('userservice')!.wave);
  expect(byId.get('userservice')!.wave).toBeGreaterThan(byId.get('mariadb')!.wave);
  expect(byId.get('analyticsservice')?.wave).toBe(byId.get('userservice')?.wave);
});

test('what the catalogue says about a deploy is beside what Terraform reads', () => {
  const settings = { onFailure: 'put-back', probe: { paths: ['/users'] }, stateful: ['db'] };
  const json = { provider: { docker: [{ host: 'unix:///s' }] } };
  const at = join(folder, 'settings');
  writeSynthesized(at, { ...json, '//': { metadata: {}, deploy: settings } });
  expect(readStack(at).settings).toEqual(settings);
  writeSynthesized(at, json);
  expect(readStack(at).settings).toEqual({});
});

test('refuses what it cannot deploy alone, with what to do', () => {
  const two = join(folder, 'two');
  writeSynthesized(two, {}, ['a', 'b']);
  expect(() => readStack(two)).toThrow(/2 stacks\n.*cdktf deploy/);
  const other = join(folder, 'other');
  writeSynthesized(other, {});
  expect(() => readStack(other)).toThrow(/no Docker provider\n/);
});
