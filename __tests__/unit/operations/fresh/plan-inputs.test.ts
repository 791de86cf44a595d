import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyed, planInputs } from '../../../../operations/fresh/plan-inputs';
import { readStack } from '../../../../operations/stack/synthesized';
import { platform } from '../../../../services.config';
import { ODD_SCHEMA, oddCatalogue } from '../../../support/platform/odd-catalogue';
import { SHELL, Workplace } from '../../../support/platform/platform';
import type { Json } from './sights';

const folder = mkdtempSync(join(tmpdir(), 'inputs-'));
afterAll(() => rmSync(folder, { recursive: true }));

const WEB = { name: 'web', image: '${var.image}', env: { KEY: '${substr(sha256(var.key), 0, 10)}' } };

const stackOf = (more: Json = {}): Json => ({
  '//': { metadata: {} },
  terraform: { required_version: '>= 1.5', backend: { local: { path: 'state' } } },
  provider: {
    docker: [{ host: 'ssh://deploy@203.0.113.10', registry_auth: [{ password: '${var.registry}' }] }],
  },
  variable: { image: { default: 'web:1' }, key: { sensitive: true }, registry: {} },
  resource: { docker_service: { web: WEB } },
  ...more,
});

interface Given {
  readonly stack?: Json;
  readonly env?: Record<string, string>;
}

const ENV = { TF_VAR_image: 'web:2', TF_VAR_key: 'geheim', TF_VAR_registry: 'login' };

function inputs({ stack = stackOf(), env = ENV }: Given = {}): string | undefined {
  writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify(stack));
  const registries = [{ address: 'registry.test', username: undefined, password: 'registry' }];
  return planInputs({ folder, usesVariables: ['image', 'key', 'registry'], registries }, { env });
}

const service = (more: Json): Json => stackOf({ resource: { docker_service: { web: { ...WEB, ...more } } } });
const saying = (name: string): Json => service({ name });

test.each<[string, Given]>([
  ['another name', { stack: saying('shop') }],
  ['another resource', { stack: stackOf({ resource: { docker_service: { web: WEB, shop: WEB } } }) }],
  ['none of them', { stack: stackOf({ resource: {} }) }],
  ['another server', { stack: stackOf({ provider: { docker: [{ host: 'ssh://203.0.113.11' }] } }) }],
  ['another output', { stack: stackOf({ output: { image: { value: 'x' } } }) }],
  ['another default', { stack: stackOf({ variable: { image: { default: 'web:3' }, key: {} } }) }],
  ['what must not be ignored', { stack: service({ lifecycle: { ignore_changes: ['image'] } }) }],
  ['another value', { env: { ...ENV, TF_VAR_image: 'web:3' } }],
  ['another secret', { env: { ...ENV, TF_VAR_key: 'other' } }],
  ['a value that is missing', { env: { TF_VAR_image: 'web:2' } }],
  ['an empty one', { env: { ...ENV, TF_VAR_key: '' } }],
])('%s is something else to plan', (_, given) => {
  expect(inputs(given)).not.toBe(inputs());
  expect(inputs(given)).toMatch(/^[0-9a-f]{64}$/);
});

test('a registry’s login that something else has, too, counts', () => {
  const stack = service({ name: '${\nvar.registry}' });
  expect(inputs({ stack, env: { ...ENV, TF_VAR_registry: 'other' } })).not.toBe(inputs({ stack }));
});

test.each<[string, Given]>([
  [
    'with what runs beside a change',
    { stack: service({ provisioner: [{ 'local-exec': { command: 'x', when: 'destroy' } }] }) },
  ],
  ['in another order', { stack: Object.fromEntries(Object.entries(stackOf()).reverse()) }],
  [
    'a plan that nobody applies, which may destroy',
    { stack: service({ lifecycle: { prevent_destroy: true } }) },
  ],
  ['its state elsewhere', { stack: stackOf({ terraform: { required_version: '>= 1.5' } }) }],
  ['what people are told', { stack: stackOf({ '//': { deploy: { keepReleases: 3 } } }) }],
  ['the login to a registry', { env: { ...ENV, TF_VAR_registry: 'other' } }],
  ['a variable that no stack has', { env: { ...ENV, TF_VAR_other: 'x' } }],
])('%s it is the same', (_, given) => {
  expect(inputs(given)).toBe(inputs());
});

test.each([
  ['the time', '${timestamp()}'],
  ['the time of the plan', '${plantimestamp()}'],
  ['chance', 'x-${uuid()}'],
  ['chance in quotes', '${join("-", ["a", "${uuid()}"])}'],
  ['salt', '${bcrypt(var.key)}'],
  ['a condition', '%{if timestamp() != ""}x%{endif}'],
  ['a space before the bracket', '${timestamp ()}'],
  ['a file that only Terraform finds', '${file(var.image)}'],
  ['a file elsewhere', '${file("${path.cwd}/x")}'],
  ['a file of somebody', '${file("~/key")}'],
  ['a comment before the bracket', '${timestamp/* */()}'],
  ['files by a pattern', '${join(",", fileset("assets", "*"))}'],
  ['a template in a file', '${templatefile("x.tpl", {})}'],
  ['where it is run', '${path.cwd}'],
  ['a function of a provider', '${provider::x::now()}'],
  ['what this project does not write', '${<<EOT\ntimestamp()\nEOT}'],
])('%s decides it, too: nobody can tell', (_, name) => {
  expect(inputs({ stack: saying(name) })).toBeUndefined();
});

test.each(['data', 'module', 'check', 'ephemeral', 'import', 'action'])('so does a block of %s', (block) => {
  expect(inputs({ stack: stackOf({ [block]: {} }) })).toBeUndefined();
});

test('what only looks like an expression decides nothing', () => {
  expect(inputs({ stack: saying('$${timestamp()} and timestamp()') })).toBeDefined();
  expect(inputs({ stack: saying('${upper("timestamp()")}') })).toBeDefined();
});

test.each(['TF_CLI_ARGS', 'TF_CLI_ARGS_plan', 'TF_WORKSPACE'])('so does %s', (name) => {
  expect(inputs({ env: { ...ENV, [name]: '-replace=docker_service.web' } })).toBeUndefined();
  expect(inputs({ env: { ...ENV, [name]: '' } })).toBe(inputs());
});

test.each(['more.tf', 'more.tf.json', 'x.auto.tfvars', 'x.tofu'])('so does %s', (name) => {
  writeFileSync(join(folder, name), '');
  const hash = inputs();
  rmSync(join(folder, name));
  expect(hash).toBeUndefined();
});

describe('what is in a file counts', () => {
  test.each([
    ['that the stack reads', 'key.txt', '${sensitive(file("key.txt"))}'],
    ['whose hash it takes', 'assets/x/y.js', '${filesha256("assets/x/y.js")}'],
  ])('%s', (_, name, text) => {
    const stack = saying(text);
    const file = join(folder, name);
    const none = inputs({ stack });
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, 'one');
    const one = inputs({ stack });
    writeFileSync(file, 'two');
    const two = inputs({ stack });
    rmSync(file);
    expect(new Set([none, one, two]).size).toBe(3);
    expect(inputs({ stack })).toBe(none);
  });
});

test('to somebody who has not the state it says nothing', () => {
  expect(keyed('hash', 'one state')).toMatch(/^[0-9a-f]{64}$/);
  expect(keyed('hash', 'one state')).not.toBe(keyed('hash', 'another'));
  expect(keyed('hash', 'one state')).not.toBe(keyed('other', 'one state'));
});

describe('what this project synthesizes is told for all of it', () => {
  const workplace = new Workplace();
  afterAll(() => workplace.remove());

  test.each([
    ['the platform', platform, 'production'],
    ['that of the lab', platform, 'lab'],
    ['what it does not use', oddCatalogue, 'production'],
  ])('%s', (_, spec, environment) => {
    workplace.write(ODD_SCHEMA.path, ODD_SCHEMA.text);
    const hashOf = (shell: object = {}) => {
      const { outdir } = workplace.synth(spec, environment, { ...SHELL, ...shell });
      return planInputs(readStack(outdir), {});
    };
    expect(hashOf()).toMatch(/^[0-9a-f]{64}$/);
    // As a look does, which shows what a deploy would refuse.
    expect(hashOf({ ALLOW_DESTROY: '1' })).toBe(hashOf());
  });
});
