import { Connection } from '../../../../constructs/swarm';
import { sharedSsh } from '../../../../contract/shared-ssh';

const connect = (env: Record<string, string>, host?: string) =>
  Connection.fromEnvironment({ VPS_USER: 'root', ...env }, host);

test.each<[string, Record<string, string>, string]>([
  ['defaults to port 22', { VPS_HOST: '203.0.113.10' }, 'ssh://root@203.0.113.10:22'],
  [
    'takes user and port',
    { VPS_HOST: 'vps.example.com', VPS_USER: 'deploy', VPS_PORT: '2222' },
    'ssh://deploy@vps.example.com:2222',
  ],
  ['reads an empty port as absent', { VPS_HOST: 'vps', VPS_PORT: '' }, 'ssh://root@vps:22'],
  ['puts an IPv6 address in brackets', { VPS_HOST: '2001:db8::10' }, 'ssh://root@[2001:db8::10]:22'],
])('%s', (_, env, url) => expect(connect(env).url).toBe(url));

test("the shell's VPS_HOST wins over the catalogue's host, which wins over nothing", () => {
  expect(connect({}, 'catalogue.example.com').url).toBe('ssh://root@catalogue.example.com:22');
  expect(connect({ VPS_HOST: 'shell.example.com' }, 'catalogue.example.com').url).toContain(
    '@shell.example.com:',
  );
});

test.each([{}, { VPS_HOST: '' }])('%j: says what VPS_HOST is and how to set it', (env) => {
  expect(() => connect(env)).toThrow(
    /^VPS_HOST is not set: the address of the server to deploy to\n {2}export VPS_HOST=203\.0\.113\.10/,
  );
});

test('never guesses the user', () => {
  expect(() => connect({ VPS_HOST: 'vps', VPS_USER: '' })).toThrow(
    /^VPS_USER is not set: .*\n {2}export VPS_USER=deploy$/,
  );
});

test.each(['-oProxyCommand=id', 'a b', 'user@host', 'host/path', 'a;b', '$(id)', 'ssh://host'])(
  'refuses the host %j',
  (host) =>
    expect(() => connect({ VPS_HOST: host })).toThrow(`VPS_HOST="${host}" is not a host name or an address`),
);

test.each(['-l', 'a b', 'root@x', '1user', 'a:b', '$USER'])('refuses the user %j', (user) => {
  expect(() => connect({ VPS_HOST: 'vps', VPS_USER: user })).toThrow(`VPS_USER="${user}" is not a user name`);
});

test.each(['0', '65536', '-1', '22a', '2.5', 'ssh'])('refuses the port %j', (port) => {
  expect(() => connect({ VPS_HOST: 'vps', VPS_PORT: port })).toThrow(
    `VPS_PORT="${port}" is not a port\n  export VPS_PORT=22, a number from 1 to 65535`,
  );
});

test.each(['1', '65535'])('takes the port %s', (port) => {
  expect(connect({ VPS_HOST: 'vps', VPS_PORT: port }).url).toBe(`ssh://root@vps:${port}`);
});

const optionsOf = (env: Record<string, string>) => connect({ VPS_HOST: 'vps', ...env }).sshOptions;

test.each<Record<string, string>>([{}, { VPS_SSH_CONFIG: 'lab/ssh_config' }])(
  'checks host keys and never asks, whatever the environment says: %j',
  (env) => {
    const options = optionsOf(env);
    expect(options.filter((option) => option.startsWith('StrictHostKeyChecking'))).toEqual([
      'StrictHostKeyChecking=yes',
    ]);
    expect(options).toContain('BatchMode=yes');
    expect(options).toContain('ForwardAgent=no');
    expect(options.join(' ')).not.toMatch(/UserKnownHostsFile/);
  },
);

test('shares one connection, since a stock sshd refuses bursts', () => {
  expect(optionsOf({})).toEqual(expect.arrayContaining(sharedSsh()));
  // A control socket outlives a changed configuration: that file decides whether to share.
  expect(optionsOf({ VPS_SSH_CONFIG: 'lab/ssh_config' }).join()).not.toContain('Control');
});

test('an ssh configuration of its own comes first, and only when named', () => {
  expect(optionsOf({ VPS_SSH_CONFIG: '/tmp/my config' }).slice(0, 2)).toEqual(['-F', '/tmp/my config']);
  expect(optionsOf({})).not.toContain('-F');
});
