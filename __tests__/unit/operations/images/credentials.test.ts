import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loginFor } from '../../../../operations/images/credentials';

const home = mkdtempSync(join(tmpdir(), 'docker-logins-'));
const helpers = join(home, 'bin');
mkdirSync(join(home, '.docker'));
mkdirSync(helpers);
afterAll(() => rmSync(home, { recursive: true }));

const shell = { HOME: home, PATH: `${helpers}:${process.env.PATH}` };
const docker = (config: unknown) =>
  writeFileSync(
    join(home, '.docker', 'config.json'),
    typeof config === 'string' ? config : JSON.stringify(config),
  );
const basic = (text: string) => ({ auth: Buffer.from(text).toString('base64') });
const REGISTRIES = [{ address: 'ghcr.io', username: 'registry_username', password: 'registry_password' }];
const VARIABLES = { ...shell, TF_VAR_registry_username: 'robot', TF_VAR_registry_password: 'pw' };

beforeEach(() => rmSync(join(home, '.docker', 'config.json'), { force: true }));

test('nobody logged in is anonymous', async () => {
  expect(await loginFor('ghcr.io', shell, REGISTRIES)).toBeUndefined();
});

test("the catalogue's variables win over Docker's login, for their registry alone", async () => {
  docker({ auths: { 'ghcr.io': basic('me:mine'), 'other.example.com': basic('other:theirs') } });
  expect(await loginFor('ghcr.io', VARIABLES, REGISTRIES)).toEqual({ username: 'robot', password: 'pw' });
  expect(await loginFor('other.example.com', VARIABLES, REGISTRIES)).toEqual({
    username: 'other',
    password: 'theirs',
  });
});

test('an empty variable is no login', async () => {
  docker({ auths: { 'ghcr.io': basic('me:mine') } });
  const half = { ...VARIABLES, TF_VAR_registry_password: '' };
  expect(await loginFor('ghcr.io', half, REGISTRIES)).toEqual({ username: 'me', password: 'mine' });
});

test.each([
  ['docker.io', 'https://index.docker.io/v1/'],
  ['ghcr.io', 'https://ghcr.io'],
  ['127.0.0.1:5000', '127.0.0.1:5000'],
])(
  "the login of %s is found under Docker's key %s, and its password may hold a colon",
  async (registry, key) => {
    docker({ auths: { [key]: basic('me:a:b') } });
    expect(await loginFor(registry, shell, [])).toEqual({ username: 'me', password: 'a:b' });
  },
);

test('an identity token is one', async () => {
  docker({ auths: { 'acr.example.com': { identitytoken: 'refresh' } } });
  expect(await loginFor('acr.example.com', shell, [])).toEqual({ identityToken: 'refresh' });
});

test('DOCKER_CONFIG says where the logins are', async () => {
  const folder = join(home, 'elsewhere');
  mkdirSync(folder);
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths: { 'ghcr.io': basic('ci:pw') } }));
  expect(await loginFor('ghcr.io', { ...shell, DOCKER_CONFIG: folder }, [])).toEqual({
    username: 'ci',
    password: 'pw',
  });
});

test('a broken configuration is refused, and its passwords are not printed', async () => {
  docker('{"auths": {"ghcr.io": "c2VjcmV0"');
  const refused = loginFor('ghcr.io', shell, []);
  await expect(refused).rejects.toThrow(/^cannot read the logins in .*config\.json\n {2}mend the file/);
  await expect(refused).rejects.not.toThrow('c2VjcmV0');
});

describe('a credential helper', () => {
  const helper = (name: string, script: string) => {
    const path = join(helpers, `docker-credential-${name}`);
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
  };

  test('is asked on its standard input for the registry that it is for', async () => {
    helper('vault', `cat > ${home}/asked; echo "$1" > ${home}/verb; echo '{"Username":"u","Secret":"s"}'`);
    docker({ credHelpers: { 'ghcr.io': 'vault' }, auths: { 'other.example.com': basic('a:b') } });
    expect(await loginFor('ghcr.io', shell, [])).toEqual({ username: 'u', password: 's' });
    expect(readFileSync(join(home, 'asked'), 'utf8')).toBe('ghcr.io');
    expect(readFileSync(join(home, 'verb'), 'utf8')).toBe('get\n');
    expect(await loginFor('other.example.com', shell, [])).toEqual({ username: 'a', password: 'b' });
  });

  test('is asked for Docker Hub under the key of its first API, when it keeps all logins', async () => {
    helper('store', `cat > ${home}/asked; echo '{"Username":"<token>","Secret":"refresh"}'`);
    docker({ credsStore: 'store' });
    expect(await loginFor('docker.io', shell, [])).toEqual({ identityToken: 'refresh' });
    expect(readFileSync(join(home, 'asked'), 'utf8')).toBe('https://index.docker.io/v1/');
  });

  test('that has none is anonymous', async () => {
    helper('empty', 'echo "credentials not found in native keychain"; exit 1');
    docker({ credsStore: 'empty' });
    expect(await loginFor('ghcr.io', shell, [])).toBeUndefined();
  });

  test.each(['absent', 'broken', 'garbled'])('that is %s is named, with what to do', async (name) => {
    if (name === 'broken') helper(name, 'echo "the vault is sealed" >&2; exit 1');
    if (name === 'garbled') helper(name, 'echo oops');
    docker({ credsStore: name });
    await expect(loginFor('ghcr.io', shell, [])).rejects.toThrow(
      `docker-credential-${name}, which keeps Docker's logins, gave none for ghcr.io\n  log in again`,
    );
  });
});
