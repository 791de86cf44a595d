import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { targetOf } from '../../../../cli/catalogue/target';
import { lock } from '../../../../cli/verbs/releases';
import type { Shell } from '../../../../contract/shell';
import { UsageError } from '../../../../operations/terminal/usage-error';
import { callOf } from '../../../support/cli/call';

const projectFolder = mkdtempSync(join(tmpdir(), 'target-'));
const write = (name: string, text: string) => writeFileSync(join(projectFolder, name), text);
write('.env', 'VPS_HOST=192.0.2.1\nVPS_USER=deploy\n');
write('.env.staging', 'VPS_HOST=192.0.2.2\nVPS_USER=ops\nVPS_PORT=2222\nDOCKER_HOST=ssh://another\n');
write('.env.keyed', 'VPS_USER=ops\nVPS_PUBLIC_HOST=shop.example\n');
write('.env.broken', 'VPS_HOST="192.0.2.$1"\n');
afterAll(() => rmSync(projectFolder, { recursive: true }));

const found = (environment: string, shell: Shell = {}, address?: string, args: readonly string[] = []) =>
  targetOf(
    { ...callOf(lock, ['why', '--environment', environment, ...args], shell), projectFolder },
    { address },
  );

test('the server is the one of the environment’s .env file, where the shell names none', () => {
  expect(found('production').host).toBe('ssh://deploy@192.0.2.1:22');
  expect(found('staging')).toMatchObject({ host: 'ssh://ops@192.0.2.2:2222', publicHost: '192.0.2.2' });
});

test('the shell wins over the file, variable by variable, unless it says nothing', () => {
  expect(found('staging', { VPS_HOST: '192.0.2.9', VPS_USER: '' }).host).toBe('ssh://ops@192.0.2.9:2222');
});

test('the catalogue’s address is the last to count, and the local daemon only without it', () => {
  expect(found('keyed', {}, '203.0.113.10')).toMatchObject({
    host: 'ssh://ops@203.0.113.10:22',
    publicHost: 'shop.example',
  });
  expect(found('staging', {}, '203.0.113.10').host).toBe('ssh://ops@192.0.2.2:2222');
  expect(found('lab').host).toBe('unix:///var/run/docker.sock');
});

test('the file says nothing about a server that is named otherwise', () => {
  const [docker, host] = ['unix:///other.sock', 'ssh://root@given'];
  expect(found('production', { DOCKER_HOST: docker }, '203.0.113.10')).toEqual({
    host: docker,
    sshOptions: [],
    publicHost: 'localhost',
  });
  expect(found('production', { DOCKER_HOST: docker }, '203.0.113.10', ['--host', host]).host).toBe(host);
  expect(found('broken', { DOCKER_HOST: docker }).host).toBe(docker);
});

describe('an environment that is typed, beside a DOCKER_HOST', () => {
  const production = { DOCKER_HOST: 'ssh://deploy@192.0.2.1' };

  test('refuses the server of another one, naming both and what to do', () => {
    expect(() => found('staging', production)).toThrow(UsageError);
    expect(() => found('staging', production)).toThrow(
      /^DOCKER_HOST is ssh:\/\/deploy@192\.0\.2\.1, and the environment "staging" is deployed to ssh:\/\/ops@192\.0\.2\.2:2222\nname .*--host, or unset DOCKER_HOST$/,
    );
    expect(() => found('keyed', production, '203.0.113.10')).toThrow(/ssh:\/\/ops@203\.0\.113\.10:22\n/);
    // One address with several servers behind it.
    expect(() => found('staging', { DOCKER_HOST: 'ssh://ops@192.0.2.2:2200' })).toThrow(UsageError);
  });

  test.each([
    ['is its own server, whoever logs in', 'production', 'ssh://root@192.0.2.1:22'],
    ['leaves the port to the ssh configuration', 'staging', 'ssh://ops@192.0.2.2'],
    ['is a socket, which has no name', 'staging', 'unix:///other.sock'],
    ['cannot be compared, since nobody says where it is deployed to', 'lab', 'ssh://deploy@192.0.2.1'],
    ['cannot be compared with a file that nobody understands', 'broken', 'ssh://deploy@192.0.2.1'],
  ])('takes one that %s', (_, environment, host) => {
    expect(found(environment, { DOCKER_HOST: host }).host).toBe(host);
  });

  test('takes what --host says', () => {
    expect(found('staging', production, undefined, ['--host', 'ssh://root@given']).host).toBe(
      'ssh://root@given',
    );
  });

  test('takes one for an environment that is not typed, as for all before', () => {
    const call = callOf(lock, ['why'], { ...production, PLATFORM_ENVIRONMENT: 'staging' });
    expect(targetOf({ ...call, projectFolder }, {}).host).toBe(production.DOCKER_HOST);
  });
});

test('goes with what the stack has that is made from secrets, by the name of the stack that is asked for', () => {
  const derived = (stack: string) => [{ name: 'key_web', from: 'key', derivation: `${stack}/web/` }];
  const ask = (...args: string[]) =>
    targetOf({ ...callOf(lock, ['why', ...args]), projectFolder }, { stack: 'shop', derived }).derived;
  expect(ask()).toEqual(derived('shop'));
  expect(ask('--stack', 'shop-staging')).toEqual(derived('shop-staging'));
});

test('a file that cannot be understood keeps nobody from a server that the shell names', () => {
  expect(found('broken', { VPS_HOST: '192.0.2.9' }).host).toBe('ssh://root@192.0.2.9:22');
});

test('refuses a file that cannot be understood, as a deploy does', () => {
  expect(() => found('broken')).toThrow(UsageError);
  expect(() => found('broken')).toThrow(/^\.env\.broken, line 1: VPS_HOST: .+\nput it into single quotes/);
});
