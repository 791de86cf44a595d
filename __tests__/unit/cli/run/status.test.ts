import { read } from '../../../../cli/run/status';
import { status } from '../../../../cli/verbs/status';
import type { Shell } from '../../../../contract/shell';
import { findTarget } from '../../../../operations/docker/target';
import { callOf } from '../../../support/cli/call';

const NAMES = {
  stack: 'academy',
  backends: [],
  httpsPort: 8443,
  httpPort: 80,
  serverName: 'academy.example',
};
const parseArguments = (args: readonly string[], shell: Shell) => read(callOf(status, args, shell), NAMES);

test('asks for the platform of the catalogue, on its port and for its name, of the server that it asks', () => {
  expect(parseArguments([], { VPS_HOST: '203.0.113.10', VPS_USER: 'deploy', VPS_PORT: '2222' })).toEqual({
    target: {
      host: 'ssh://deploy@203.0.113.10:2222',
      sshOptions: expect.arrayContaining(['StrictHostKeyChecking=yes', 'ControlMaster=auto']),
      publicHost: '203.0.113.10',
    },
    stack: 'academy',
    https: { host: '203.0.113.10', port: 8443, serverName: 'academy.example' },
    watch: false,
    json: false,
  });
});

test('takes --host before DOCKER_HOST, that before VPS_HOST, that before the local daemon', () => {
  const env = { DOCKER_HOST: 'ssh://b@docker', VPS_HOST: 'vps' };
  expect(findTarget('ssh://a@given', [], env).host).toBe('ssh://a@given');
  expect(findTarget(undefined, [], env)).toMatchObject({ host: 'ssh://b@docker', sshOptions: [] });
  expect(findTarget(undefined, [], { VPS_HOST: 'vps', DOCKER_HOST: '' }).host).toBe('ssh://root@vps:22');
  expect(findTarget(undefined, [], {})).toEqual({
    host: 'unix:///var/run/docker.sock',
    sshOptions: [],
    publicHost: 'localhost',
  });
});

test('looks for the certificate where clients reach the server, unless another server is given', () => {
  const env = { VPS_PUBLIC_HOST: 'shop.example', VPS_HOST: '10.0.0.1' };
  expect(findTarget(undefined, [], env).publicHost).toBe('shop.example');
  expect(findTarget(undefined, [], { ...env, DOCKER_HOST: 'ssh://vps' }).publicHost).toBe('shop.example');
  expect(findTarget('ssh://other', [], env).publicHost).toBe('other');
});

test('puts the options of the command line first, since ssh takes the first value', () => {
  const { sshOptions } = findTarget(undefined, ['-i', 'key'], { VPS_HOST: 'vps', VPS_SSH_CONFIG: 'own' });
  expect(sshOptions).toEqual(['-i', 'key', '-F', 'own', '-o', 'StrictHostKeyChecking=yes']);
});

test('writes an IPv6 address in brackets', () => {
  expect(findTarget(undefined, [], { VPS_HOST: '2001:db8::1' }).host).toBe('ssh://root@[2001:db8::1]:22');
});

test('reads every option, with a blank or an equals sign', () => {
  const given = ['--host', 'ssh://vps', '--ssh-option=-i', '--ssh-option', 'key', '--stack=shop', '--watch'];
  const rest = ['--https-host=shop.example', '--https-port=8443', '--server-name', 'x.example', '--json'];
  expect(parseArguments([...given, ...rest], {})).toEqual({
    target: { host: 'ssh://vps', sshOptions: ['-i', 'key'], publicHost: 'vps' },
    stack: 'shop',
    https: { host: 'shop.example', port: 8443, serverName: 'x.example' },
    watch: true,
    json: true,
  });
});

test('asks by what speaks the PROXY protocol, where the server hears nothing else', () => {
  const names = { ...NAMES, front: 'proxy-protocol' } as const;
  const hostOf = (args: readonly string[]) =>
    read(callOf(status, args, { VPS_HOST: '203.0.113.10' }), names).https.host;
  expect(hostOf([])).toBe('academy.example');
  expect(hostOf(['--https-host=shop.example'])).toBe('shop.example');
});

test('takes the catalogue’s names for the stack that they are of alone', () => {
  const services = [{ id: 'web', name: 'shop_web' }];
  const declared = { namespace: 'shop', services, names: ['shop_web'], ids: [] };
  const given = (args: readonly string[]) => read(callOf(status, args), NAMES, declared).declared;
  expect(given(['--stack=shop'])).toEqual(declared);
  expect(given(['--stack=other'])).toBeUndefined();
});

test('takes the catalogue’s certificate for the stack that it is promised to alone', () => {
  const names = { ...NAMES, promised: { acme: true, trusted: true } };
  const given = (args: readonly string[]) => read(callOf(status, args), names).promised;
  expect(given([])).toEqual({ acme: true, trusted: true });
  expect(given(['--stack=other'])).toBeUndefined();
});

test.each([
  [['--bogus'], /there is no option --bogus\n.*help/],
  [['proctorwise'], /too many words for status: proctorwise/],
  [['--stack'], /--stack has no value/],
  [['--stack='], /--stack has no value/],
  [['--ssh-option', '-i'], /--ssh-option has no value\n.*--ssh-option=-value/],
  [['--json=yes'], /there is no option --json=yes/],
  [['--https-port', '0'], /is not a port/],
  [['--https-port', '70000'], /is not a port/],
  [['--host', 'tcp://vps:2375'], /write ssh:\/\//],
])('refuses %j and says what to write', (args, message) => {
  expect(() => parseArguments(args, {})).toThrow(message);
});
