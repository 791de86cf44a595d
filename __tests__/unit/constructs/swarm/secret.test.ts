import { SwarmSecret, type SwarmSecretProps } from '../../../../constructs/swarm';
import { synthStack, type Template } from '../../../support/platform/template';

const declare = (props?: SwarmSecretProps, id = 'db_password') => {
  let secret!: SwarmSecret;
  const template: Template = synthStack((stack) => {
    secret = new SwarmSecret(stack, id, props);
  });
  return { secret, template, resource: template.resource('docker_secret', id) };
};

const HASH = 'nonsensitive(substr(sha256("acme/db_password/${var.db_password}"), 0, 10))';

test('takes its value from a sensitive variable of its name that must be given, all defaults', () => {
  const { template, resource } = declare();
  expect(template.variable('db_password')).toEqual({
    type: 'string',
    sensitive: true,
    nullable: false,
    description: 'the secret db_password',
  });
  expect(template.json.locals.db_password_hashes).toBe(`\${[${HASH}]}`);
  expect(resource).toMatchObject({
    for_each: '${toset(local.db_password_hashes)}',
    name: 'acme_db_password_${each.key}',
    data: '${base64encode(var.db_password)}',
    labels: [{ label: 'com.docker.stack.namespace', value: 'acme' }],
    lifecycle: { create_before_destroy: true },
  });
});

test('a value in the shell that synthesizes is nowhere in the JSON', () => {
  process.env.TF_VAR_db_password = 'correct horse battery staple';
  try {
    const text = JSON.stringify(declare().template.json);
    expect(text).not.toContain('correct horse');
    expect(text).not.toContain(Buffer.from('correct horse battery staple').toString('base64'));
  } finally {
    delete process.env.TF_VAR_db_password;
  }
});

test.each([
  [{}, 16],
  [{ minLength: 32 }, 32],
])('%j: a precondition counts characters without printing them', (props, least) => {
  const [{ condition, error_message, ...rest }] = declare(props).resource.lifecycle.precondition;
  expect(rest).toEqual({});
  expect(condition).toBe(`\${length(var.db_password) >= ${least}}`);
  expect(error_message).toContain(`TF_VAR_db_password has fewer than ${least} character`);
  expect(error_message).not.toContain('${');
});

test('where only ASCII works, another precondition asks for it, without printing the value either', () => {
  const [, ascii] = declare({ asciiOnly: true }).resource.lifecycle.precondition;
  expect(ascii).toEqual({
    condition: '${can(regex("^[ -~]*$", var.db_password))}',
    error_message: expect.stringContaining('TF_VAR_db_password has characters that are not printable ASCII'),
  });
});

test('where a line end would be an accident, a precondition refuses it', () => {
  const [, lineEnd] = declare({ noLineEnd: true }).resource.lifecycle.precondition;
  expect(lineEnd).toEqual({
    condition: '${!can(regex("\\\\r|\\\\n$", var.db_password))}',
    error_message: expect.stringContaining(
      'TF_VAR_db_password has a line break at its end or a carriage return',
    ),
  });
});

test('a required one is mounted by the id and the name of the version in force', () => {
  const { secret } = declare();
  expect(secret.secretId).toBe('${docker_secret.db_password[one(local.db_password_hashes)].id}');
  expect(secret.secretName).toBe('${docker_secret.db_password[one(local.db_password_hashes)].name}');
  expect(secret.idsExpression).toBe('[for secret in docker_secret.db_password : secret.id]');
  expect(secret.hash).toBe('${join("", local.db_password_hashes)}');
  expect(secret.eachVersion).toBeUndefined();
});

test('an optional one without a value makes nothing: an empty list to make it for each of', () => {
  const { secret, template } = declare({ optional: true, minLength: 1 });
  expect(template.variable('db_password').default).toBe('');
  expect(template.json.locals.db_password_hashes).toBe(
    `\${nonsensitive(var.db_password == "") ? [] : [${HASH}]}`,
  );
  expect(secret.eachVersion?.hashes).toBe('${local.db_password_hashes}');
  expect(secret.eachVersion?.idOf('secrets.value')).toBe('${docker_secret.db_password[secrets.value].id}');
  expect(secret.eachVersion?.nameOf('secrets.value')).toBe(
    '${docker_secret.db_password[secrets.value].name}',
  );
});

test('two secrets with one value do not look alike', () => {
  expect(declare({}, 'a').secret.hashPrefix).not.toBe(declare({}, 'b').secret.hashPrefix);
});

test('its description shows in the prompt', () => {
  expect(
    declare({ description: 'key that signs sessions' }).template.variable('db_password').description,
  ).toBe('key that signs sessions');
});

test.each([
  ['certs/key.pem', '../../../certs/key.pem'],
  ['/etc/ssl/key.pem', '/etc/ssl/key.pem'],
])('the file %s is read by Terraform, as something sensitive, in place of a variable', (file, path) => {
  const { template, resource } = declare({ file, minLength: 1 });
  expect(template.json.variable).toBeUndefined();
  // A local, since Terraform refuses a precondition that refers to nothing in the configuration.
  expect(template.json.locals.db_password_file).toBe(`\${sensitive(file("${path}"))}`);
  expect(template.json.locals.db_password_hashes).toBe(
    `\${[${HASH.replace('var.db_password', 'local.db_password_file')}]}`,
  );
  expect(resource.data).toBe('${base64encode(local.db_password_file)}');
  const [{ condition, error_message }] = resource.lifecycle.precondition;
  expect(condition).toBe('${length(local.db_password_file) >= 1}');
  expect(error_message).toContain(`${file} has fewer than 1 character`);
});

test.each(['DB_PASSWORD', 'db-password', '1password', 'db password', 'a.b', '_x'])(
  'refuses the name %j',
  (id) => {
    expect(() => declare({}, id)).toThrow(
      /^swarm\/.*: a secret's name is also a variable's name\n.*lower-case letters, digits and _, for example db_password$/,
    );
  },
);

test('the escape hatch reaches what the class does not model', () => {
  const template = synthStack((stack) => {
    new SwarmSecret(stack, 'a').resource.addOverride('lifecycle.prevent_destroy', true);
  });
  expect(template.resource('docker_secret', 'a').lifecycle.prevent_destroy).toBe(true);
});

describe('a salt', () => {
  const hashes = (secretSalt?: string) =>
    synthStack(
      (stack) => new SwarmSecret(stack, 'db_password'),
      secretSalt === undefined ? {} : { secretSalt },
    ).json.locals.db_password_hashes;

  test('gives a secret another name, for the same value', () => {
    expect(hashes('')).toBe(hashes());
    expect(hashes('2')).toContain('sha256("acme/db_password/2/${var.db_password}")');
  });

  test('that would be an expression is refused', () => {
    expect(() => hashes('${var.db_password}')).toThrow(/would be read as an expression\n {2}use letters/);
  });
});

test('one that is made from another has its versions, its checks and a value of its own', () => {
  let secret!: SwarmSecret;
  const template = synthStack((stack) => {
    const from = new SwarmSecret(stack, 'db_password', { asciiOnly: true });
    secret = new SwarmSecret(stack, 'db_password_web', {
      derived: { from, purpose: 'mariadb/web/account' },
    });
  });
  const made = template.resource('docker_secret', 'db_password_web');
  expect(made).toMatchObject({
    for_each: '${toset(local.db_password_hashes)}',
    name: 'acme_db_password_web_${each.key}',
    data: '${base64encode(sha256("acme/mariadb/web/account/${var.db_password}"))}',
  });
  expect(made.lifecycle).toEqual(template.resource('docker_secret', 'db_password').lifecycle);
  expect(Object.keys(template.json.variable)).toEqual(['db_password']);
  expect(secret.secretName).toBe('${docker_secret.db_password_web[one(local.db_password_hashes)].name}');
});
