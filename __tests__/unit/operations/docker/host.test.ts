import { parseDockerHost, sshArguments } from '../../../../operations/docker/host';

test('reads user, host and port of an ssh address', () => {
  expect(parseDockerHost('ssh://deploy@vps.example.org:2222')).toEqual({
    kind: 'ssh',
    host: 'vps.example.org',
    user: 'deploy',
    port: 2222,
  });
  expect(parseDockerHost('ssh://vps')).toEqual({ kind: 'ssh', host: 'vps' });
  expect(parseDockerHost('ssh://root@[2001:db8::1]:22')).toMatchObject({ host: '2001:db8::1' });
});

test('reads a local socket', () => {
  expect(parseDockerHost('unix:///run/docker.sock')).toEqual({ kind: 'unix', path: '/run/docker.sock' });
});

test.each(['tcp://10.0.0.1:2375', 'ssh://', 'unix://', 'vps', 'ssh://u:hidden@vps', 'ssh://vps/path'])(
  'refuses %s, says what to write, and repeats no password',
  (text) => {
    expect(() => parseDockerHost(text)).toThrow(/write ssh:\/\/user@server:22 or unix:/);
    expect(() => parseDockerHost(text)).not.toThrow(/hidden/);
  },
);

test('puts the caller’s ssh options before ours, since ssh takes the first value', () => {
  const target = parseDockerHost('ssh://deploy@vps:2222');
  if (target.kind !== 'ssh') throw new Error('not ssh');
  const args = sshArguments(target, ['-o', 'BatchMode=no']);
  expect(args.indexOf('BatchMode=no')).toBeLessThan(args.indexOf('BatchMode=yes'));
  expect(args.slice(-9)).toEqual([
    '-l',
    'deploy',
    '-p',
    '2222',
    '--',
    'vps',
    'docker',
    'system',
    'dial-stdio',
  ]);
  expect(args).not.toContain('ControlPath=none');
});

test('passes by a shared connection when it must be fresh, whatever the options say', () => {
  const args = sshArguments({ kind: 'ssh', host: 'vps' }, ['-o', 'ControlPath=/tmp/x'], true);
  expect(args.indexOf('ControlPath=none')).toBeLessThan(args.indexOf('ControlPath=/tmp/x'));
});
