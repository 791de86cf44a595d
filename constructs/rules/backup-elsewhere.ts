import { BACKUP, REPOSITORY } from '../units/backup';
import { serviceRule } from './rule';

/**
 * A backup on the disk that has the data is lost with it.
 * @refuses backups that go to a volume or a folder of the node
 * @fix a bucket or another server, or acknowledge it in the catalogue's backup where the volume or folder is one on a network
 */
export const backupElsewhere = serviceRule('backup-elsewhere', function* ({ node, props }, { disposable }) {
  if (node.id !== BACKUP || disposable) return;
  const repository = (props.mounts ?? []).find(({ target }) => target === REPOSITORY);
  if (!repository || repository.type === 'tmpfs') return;
  const where = repository.type === 'volume' ? `the volume ${repository.name}` : repository.source;
  yield {
    problem: `writes backups to ${where} of the node that has the data: who loses it loses both`,
    fix: "backupTo: { kind: 's3', … } or { kind: 'sftp', … }; or, where that is a disk on a network, backup: { acknowledge: { 'backup-elsewhere': '…' } }",
  };
});
