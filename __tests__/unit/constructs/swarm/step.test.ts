import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Step, stackFile } from '../../../../constructs/swarm';
import { newService } from '../../../support/platform/services';
import { newStack, synthStack } from '../../../support/platform/template';

const folder = mkdtempSync(join(tmpdir(), 'step-'));
const script = join(folder, 'gate.js');
beforeAll(() => writeFileSync(script, 'process.exit(0)'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a step without props is an order without an action', () => {
  const step = synthStack((stack) => new Step(stack, 'deployed', {})).resource('null_resource', 'deployed');
  expect(step).toMatchObject({ triggers: {}, depends_on: [] });
  expect(step.provisioner).toBeUndefined();
  expect(step.lifecycle).toBeUndefined();
});

test('a step with every prop runs its script with its input, after and with what it names', () => {
  const template = synthStack((stack) => {
    const database = newService(stack, 'database');
    const web = newService(stack, 'web');
    new Step(stack, 'web_rollout', {
      script,
      input: {
        variable: 'ROLLOUT',
        value: () => ({ service: web.serviceName, id: `\${${web.address}.id}` }),
      },
      triggers: { service: `\${${web.address}.id}` },
      follows: web,
      after: [database, new Step(stack, 'before', {})],
    });
  });
  const step = template.resource('null_resource', 'web_rollout');
  expect(step).toMatchObject({
    triggers: { service: '${docker_service.web.id}' },
    depends_on: ['docker_service.database', 'null_resource.before'],
  });
  // Terraform refuses "${docker_service.web}" here.
  expect(step.lifecycle).toEqual({ replace_triggered_by: ['docker_service.web'] });
  const [{ 'local-exec': run }] = step.provisioner;
  expect(run.command).toMatch(/^node "\$\{path\.module\}\/assets\/[^"]+\/gate\.js"$/);
  expect(run.environment).toEqual({
    ROLLOUT: '${jsonencode({"service" = "acme_web", "id" = "${docker_service.web.id}"})}',
  });
});

test('a step that runs before each change of its service does so when Terraform destroys it, with literals alone', () => {
  const template = synthStack((stack) => {
    const database = newService(stack, 'database');
    new Step(stack, 'database_data', {
      script,
      input: { variable: 'PLACE', value: () => ({ id: `\${${database.address}.id}` }) },
      beforeChange: () => ({ service: database.serviceName }),
      follows: database,
    });
  });
  const { provisioner } = template.resource('null_resource', 'database_data');
  const runs = provisioner.map((one: { 'local-exec': object }) => one['local-exec']);
  expect(runs).toEqual([
    {
      command: runs[0].command,
      environment: { PLACE: '${jsonencode({"id" = "${docker_service.database.id}"})}' },
    },
    {
      command: runs[0].command,
      environment: { PLACE: '${jsonencode({"service" = "acme_database"})}' },
      when: 'destroy',
    },
  ]);
});

test('the script travels with the stack, once, at a path that does not change with its content', () => {
  const outdir = join(folder, 'out');
  const app = new App({ outdir });
  const stack = newStack(app);
  for (const id of ['a', 'b']) new Step(stack, id, { script });
  app.synth();
  const { resource } = JSON.parse(readFileSync(join(outdir, 'stacks/swarm/cdk.tf.json'), 'utf8'));
  const commands = ['a', 'b'].map((id) => resource.null_resource[id].provisioner[0]['local-exec'].command);
  expect(commands[0]).toBe(commands[1]);
  const { path } = stackFile(stack, script);
  expect(commands[0]).toBe(`node "\${path.module}/${path}"`);
  expect(existsSync(join(outdir, 'stacks/swarm', path))).toBe(true);
  expect(path).not.toMatch(/[0-9A-F]{16,}/);
});

test('a script that is not there is refused by its name', () => {
  expect(() => synthStack((stack) => new Step(stack, 'a', { script: join(folder, 'missing.js') }))).toThrow(
    'missing.js',
  );
});

test('the escape hatch reaches what the class does not model', () => {
  const template = synthStack((stack) => {
    new Step(stack, 'a', {}).resource.addOverride('lifecycle.prevent_destroy', true);
  });
  expect(template.resource('null_resource', 'a').lifecycle.prevent_destroy).toBe(true);
});
