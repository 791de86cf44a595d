import type { PlatformSpec } from '../../../../constructs';
import { composeOf } from '../../../../constructs';
import { catalogue } from '../../../support/platform/catalogue';
import { Workplace } from '../../../support/platform/platform';
import type { Json } from '../../../support/platform/template';
import { makeKey, makePair } from '../../../support/programs/certificates';

const workplace = new Workplace();
afterAll(() => workplace.remove());

const authority = makePair({ subject: '/CN=Acme CA', authority: true }).certificate;
workplace.write('ca.pem', authority);
workplace.write('bundle.pem', `# Mozilla's, and our own\n${makePair().certificate}${authority}`);

/** The small catalogue with something else said of the mailer, and of it in an environment. */
const withMailer = (mailer: object, staging: object = {}): PlatformSpec =>
  ({
    ...catalogue,
    services: { ...catalogue.services, mailer: { ...catalogue.services.mailer, ...mailer } },
    environments: {
      ...catalogue.environments,
      staging: { ...catalogue.environments.staging, services: { mailer: staging } },
    },
  }) as PlatformSpec;

const containerOf = (spec: PlatformSpec, environment = 'production'): Json =>
  workplace.synth(spec, environment).json.resource.docker_service.mailer.task_spec.container_spec;
const files = ({ configs }: Json) => configs.map((config: Json) => config.file_name);
const TRUST = [
  'SSL_CERT_FILE=/ca.pem',
  'REQUESTS_CA_BUNDLE=/ca.pem',
  'CURL_CA_BUNDLE=/ca.pem',
  'NODE_EXTRA_CA_CERTS=/ca.pem',
];
const told = ({ args }: Json) => args.filter((arg: string) => arg.endsWith('=/ca.pem'));

test('a caFile is a config of the application, named by the variables that programs read', () => {
  const { json } = workplace.synth(withMailer({ caFile: 'ca.pem' }));
  const container = json.resource.docker_service.mailer.task_spec.container_spec;
  expect(told(container)).toEqual(TRUST);
  expect(container.args.indexOf('--')).toBeGreaterThan(container.args.indexOf(TRUST.at(-1)));
  expect(container.configs[1]).toMatchObject({ file_name: '/ca.pem', file_mode: 0o444 });
  const config = json.resource.docker_config.mailer_ca;
  expect(config.name).toMatch(/^acme_mailer_ca_[0-9a-f]{10}$/);
  expect(Buffer.from(config.data, 'base64').toString()).toBe(authority);
  // Nobody else trusts it.
  expect(files(json.resource.docker_service.users.task_spec.container_spec)).toEqual(['/launch']);
});

test('another certificate is another config, so that the application rolls and has a way back', () => {
  const name = (caFile: string) =>
    workplace.synth(withMailer({ caFile })).json.resource.docker_config.mailer_ca.name;
  expect(name('ca.pem')).not.toBe(name('bundle.pem'));
  expect(name('ca.pem')).toBe(name('ca.pem'));
});

test('what the application sets itself stays so', () => {
  const settings = { SSL_CERT_FILE: '/etc/own.pem' };
  const container = containerOf(withMailer({ caFile: 'ca.pem', settings }));
  expect(told(container)).toEqual(TRUST.slice(1));
  expect(container.args).toContain('SSL_CERT_FILE=/etc/own.pem');
  // Of the launcher and the environment the launcher would win.
  expect(told(containerOf(withMailer({ caFile: 'ca.pem', environment: settings })))).toEqual(TRUST.slice(1));
});

test('an environment says another one, or says it alone', () => {
  expect(files(containerOf(withMailer({}, { caFile: 'ca.pem' }), 'staging'))).toEqual(['/launch', '/ca.pem']);
  expect(files(containerOf(withMailer({}, { caFile: 'ca.pem' })))).toEqual(['/launch']);
});

test('the compose form has it, too', () => {
  const { compose, configs } = composeOf(workplace.build(withMailer({ caFile: 'ca.pem' })).platform);
  expect(configs.get('configs/mailer_ca')).toBe(authority);
  expect(compose).toContain('target: /ca.pem');
});

test.each([
  ['a file that is not there', 'none.pem', undefined, /cannot read none\.pem \(ENOENT\)/],
  ['something else', 'text.pem', 'hello', /it is not PEM/],
  ['a private key, which all could read in the config', 'key.pem', authority + makeKey(), /a private key/],
  ['half a certificate', 'half.pem', authority.replace(/\n.{64}\n/, '\n'), /it is damaged/],
  ['two on one line', 'joint.pem', authority.trimEnd() + authority, /two PEM blocks on one line/],
])('%s is refused', (_, file, content, message) => {
  if (content) workplace.write(file, content);
  expect(() => workplace.build(withMailer({ caFile: file }))).toThrow(/^the caFile of mailer: .*/);
  expect(() => workplace.build(withMailer({ caFile: file }))).toThrow(message);
});

test('one that has expired is refused', () => {
  jest.useFakeTimers({ now: Date.now() + 31 * 86_400_000 });
  try {
    expect(() => workplace.build(withMailer({ caFile: 'ca.pem' }))).toThrow(
      /it expired on .*: get a newer one/,
    );
  } finally {
    jest.useRealTimers();
  }
});

test('an application without the launcher has nobody who would tell it', () => {
  const alone = { launcher: false, variables: undefined, urls: undefined, caFile: 'ca.pem' };
  expect(() => workplace.build(withMailer(alone))).toThrow(
    'mailer has no launcher, which would tell it of its caFile\n  remove one of caFile and launcher: false',
  );
});

test('a secret cannot have the name of the config', () => {
  const spec = withMailer({ caFile: 'ca.pem' });
  const secrets = { ...spec.secrets, mailer_ca: {} };
  expect(() => workplace.build({ ...spec, secrets })).toThrow(
    /"mailer_ca" is the name of one of the platform/,
  );
  expect(() => workplace.build({ ...catalogue, secrets } as PlatformSpec)).not.toThrow();
});
