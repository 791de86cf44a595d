import { assess } from '../../../../operations/status/assess';
import { parseUpkeep } from '../../../../operations/status/upkeep';
import { answers, WISH } from './answers';

test('what a server waits for is told, each with what to do, and decides nothing', () => {
  const upkeep = { reboot: true, passwords: true, updates: ['docker.io 26.1.5', 'runc 1.2'] };
  const status = assess(answers({ upkeep }), WISH);
  expect(status.ok).toBe(true);
  expect(status.warnings).toEqual([
    "the server waits for a reboot, for its kernel or libraries: sudo reboot in a quiet moment, or host: { rebootAt: '04:00' }",
    "Docker has updates, which restart every task (docker.io 26.1.5, runc 1.2): host: { updateDocker: 'now' } in a quiet moment, or docs/vps.md",
    'sshd lets in who knows a password: host: { sshPasswords: false }, or PasswordAuthentication no in /etc/ssh/sshd_config.d/',
  ]);
  const none = { reboot: false, passwords: false, updates: [] };
  expect(assess(answers({ upkeep: none }), WISH).warnings).toEqual([]);
});

test('an answer that is no answer of that script tells nothing', () => {
  expect(parseUpkeep('')).toBeUndefined();
  expect(parseUpkeep('HTTP/1.1 400 Bad Request\n')).toBeUndefined();
  expect(parseUpkeep('reboot\nend\n')).toEqual({ reboot: true, passwords: false, updates: [] });
});
