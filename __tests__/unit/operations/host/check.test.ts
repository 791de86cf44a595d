import { parseStepLines } from '../../../../operations/host/check';
import { isHost } from '../../../../operations/stack/synthesized-host';

test('the lines of steps are read, all others are left out, and a failure has its fix', () => {
  const output = `Connecting to remote host via SSH...
ok time: chrony keeps the time
differs daemon: /etc/docker/daemon.json: log-opts
  not of any step
restarts daemon: Docker, and with it every task
Reading state...
note daemon: Docker runs with older settings: until then
failed docker: Docker 19.03 is too old
  install 20.10 or newer
failed swarm: the last line`;
  expect(parseStepLines(output)).toEqual([
    { kind: 'ok', step: 'time', text: 'chrony keeps the time' },
    { kind: 'differs', step: 'daemon', text: '/etc/docker/daemon.json: log-opts' },
    { kind: 'restarts', step: 'daemon', text: 'Docker, and with it every task' },
    { kind: 'note', step: 'daemon', text: 'Docker runs with older settings: until then' },
    { kind: 'failed', step: 'docker', text: 'Docker 19.03 is too old', fix: 'install 20.10 or newer' },
    { kind: 'failed', step: 'swarm', text: 'the last line' },
  ]);
});

test('what a server puts into them paints nothing, and is no command of a CI', () => {
  const [line] = parseStepLines('failed docker: \u001b[31m##[error]x\n  ::stop-commands::y\u202e');
  expect(line).toEqual({
    kind: 'failed',
    step: 'docker',
    text: '## [error]x',
    fix: ': :stop-commands::y\ufffd',
  });
});

test.each([
  ['host', true],
  ['host-staging', true],
  ['swarm', false],
  ['swarm-host', false],
  ['hosts', false],
])('a stack %s is a server: %s', (name, is) => expect(isHost(name)).toBe(is));
