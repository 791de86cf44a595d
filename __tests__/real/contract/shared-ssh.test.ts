import { execFileSync } from 'node:child_process';

test.each(['/tmp/swarm-ssh-%i/%C', '~/.ssh/swarm-%C'])('ssh reads %s as it is meant', (path) => {
  const read = execFileSync('ssh', ['-F', 'none', '-T', '-G', '-o', `ControlPath=${path}`, 'vps'], {
    encoding: 'utf8',
  });
  const [, found = ''] = /^controlpath (.*)$/m.exec(read) ?? [];
  expect(found).not.toContain('%');
  expect(found).toMatch(/[0-9a-f]{40}$/);
});
