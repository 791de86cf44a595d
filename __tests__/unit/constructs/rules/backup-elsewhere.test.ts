import { backupElsewhere } from '../../../../constructs/rules/backup-elsewhere';
import type { Mount } from '../../../../constructs/swarm';
import { contextOf } from '../../../support/platform/rules';
import { newService } from '../../../support/platform/services';

const check = (mounts: readonly Mount[], disposable = false, id = 'backup') =>
  backupElsewhere
    .check(contextOf((stack) => [newService(stack, id, { mounts })], { disposable }))
    .map(({ problem, fix }) => `${problem}\n${fix}`);
const volume: Mount = { type: 'volume', name: 'backups', target: '/repository' };

test('refuses backups on the node that has the data', () => {
  expect(check([volume])).toEqual([
    expect.stringMatching(/^writes backups to the volume backups of the node .*\nbackupTo: \{ kind: 's3'/),
  ]);
  expect(check([{ type: 'bind', source: '/srv/backups', target: '/repository' }])).toEqual([
    expect.stringContaining('to /srv/backups of the node'),
  ]);
});

test('accepts a bucket, another service, and what is disposable', () => {
  expect(
    check([{ type: 'volume', name: 'uploads', target: '/backup/volumes/uploads', readOnly: true }]),
  ).toEqual([]);
  expect(check([volume], false, 'web')).toEqual([]);
  expect(check([volume], true)).toEqual([]);
});
