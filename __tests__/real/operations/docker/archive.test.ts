import { execFileSync } from 'node:child_process';
import { archiveOf } from '../../../../operations/docker/volume/archive';

test('an archive of one file is what tar takes', () => {
  const tar = archiveOf({ name: '.proctorwise-data', content: 'an-id\n', uid: 999, gid: 1001 });
  const ask = (...options: string[]) => execFileSync('tar', [...options, '-'], { input: tar }).toString();
  expect(ask('-xOf')).toBe('an-id\n');
  expect(ask('--numeric-owner', '-tvf')).toMatch(/^-r--r--r-- 999\/1001 +6 .* \.proctorwise-data\n$/);
});
