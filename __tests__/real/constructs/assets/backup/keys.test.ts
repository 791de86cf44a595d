import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SECRET_FILES } from '../../../../../contract/backup';
import { BackupPlace } from '../../../../support/backup/backup-place';
import { describeBackup } from '../../../../support/backup/backup-programs';
import { TestMariadb } from '../../../operations/provision/mariadb';

const NEXT = 'the next password of it';

describeBackup('another password of the repository:', () => {
  let place: BackupPlace;
  beforeAll(async () => {
    place = new BackupPlace(new TestMariadb(), [], { BACKUP_VOLUMES: 'frames', BACKUP_DATABASES: '' });
    mkdirSync(join(place.root, 'volumes', 'frames'), { recursive: true });
    writeFileSync(join(place.root, 'volumes', 'frames', 'one.bin'), 'frame');
    expect((await place.run(['now'])).report).toMatchObject({ ok: true });
  });
  afterAll(() => place.remove());

  const opens = async (password: string) => (await place.run(['opens'], {}, password)).report;

  test('opens nothing before it was let in, and everything after that', async () => {
    expect(await opens(place.repositoryPassword)).toMatchObject({ ok: true, opens: true });
    expect(await opens(NEXT)).toMatchObject({ ok: true, opens: false });
    expect((await place.run(['add-key'], {}, `${NEXT}\n`)).report).toMatchObject({ ok: true });
    expect(await opens(NEXT)).toMatchObject({ ok: true, opens: true });
    expect((await place.run(['add-key'], {}, NEXT)).said).toContain('already');
    expect(JSON.parse(place.restic('key', 'list', '--json'))).toHaveLength(2);
    // As after the deploy that brings it.
    const before = (await place.run(['list'])).report.backups;
    place.secret(SECRET_FILES.repository, NEXT);
    expect((await place.run(['now'])).report).toMatchObject({ ok: true });
    const { backups } = (await place.run(['list'])).report;
    expect(backups!.slice(1)).toEqual(before);
    expect(place.calls).not.toContain(NEXT);
  });

  test('that is none is refused', async () => {
    expect(await opens('short')).toMatchObject({ ok: false, fault: 'settings' });
    expect((await place.run(['add-key'])).report).toMatchObject({ ok: false, fault: 'settings' });
  });
});
