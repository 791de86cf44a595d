import type { BackupReport, ListedBackup } from '../../../../contract/backup';
import type { BackupSettings } from '../../../../contract/backup-settings';
import type { BackupFacts } from '../../../../operations/backup/facts';

export const NOW = Date.parse('2026-11-27T12:00:00Z');

export const SETTINGS: BackupSettings = {
  service: 'shop_backup',
  covers: {
    mariadb: { databases: ['shop_orders'], writers: ['api'] },
    web: { volumes: ['uploads'], writers: ['web'] },
  },
  to: 's3.example.com/acme/shop',
  schedule: '15 3 * * *',
  drill: '45 4 * * 0',
  rpoSeconds: 300,
  maxAgeSeconds: 86_400,
};

export const backupOf = (time: string, snapshot = 'aaaaaaaa11'): ListedBackup => ({
  snapshot,
  time,
  bytes: 2 ** 21,
  databases: ['shop_orders'],
  volumes: ['uploads'],
});

export const reportOf = (report: Partial<BackupReport> = {}): BackupReport => ({
  backup: 'list',
  platform: 'shop',
  started: '2026-11-27T11:59:59Z',
  seconds: 1,
  ok: true,
  ...report,
});

/** As it should be: last night's, drilled this morning, and the log of a minute ago. */
export const WELL: BackupReport = reportOf({
  backups: [backupOf('2026-11-27T03:15:10Z'), backupOf('2026-11-26T03:15:10Z', 'bbbbbbbb22')],
  drilled: { time: '2026-11-27T04:46:00Z', ok: true, snapshot: 'aaaaaaaa11' },
  restorable: [{ from: '2026-11-20T03:15:10Z', to: '2026-11-27T11:58:00Z' }],
});

export const factsOf = (
  list: Partial<BackupReport> = {},
  runs: readonly BackupReport[] = [],
): BackupFacts => ({
  list: { ...WELL, ...list },
  runs,
});
