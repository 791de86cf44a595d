import { spawnSync } from 'node:child_process';
import { describeWithMariadb, noMariadb } from '../../real/operations/provision/mariadb';

/** What the backup's scripts need and a machine may lack; undefined when all is there. */
export const noBackupPrograms: string | undefined = whyNot();

/** Tests of the backup with the real programs; skipped, loudly, where one is missing. */
export const describeBackup = noBackupPrograms === undefined ? describeWithMariadb : describe.skip;
if (noBackupPrograms !== undefined) {
  process.stderr.write(`SKIPPED: tests of the backup (${noBackupPrograms})\n`);
}

/** restic as the scripts call it. */
export function resticFile(): string {
  return process.env.RESTIC_BIN ?? 'restic';
}

function whyNot(): string | undefined {
  if (noMariadb !== undefined) return noMariadb;
  const restic = spawnSync(resticFile(), ['version']);
  const [, major, minor] = /^restic (\d+)\.(\d+)/.exec(restic.stdout?.toString() ?? '') ?? [];
  if (Number(major) === 0 && !(Number(minor) >= 17)) return `restic 0.${minor} is older than 0.17`;
  if (major === undefined) return 'no restic: export RESTIC_BIN=$(.ci/restic FOLDER)';
  const missing = ['jq', 'setsid', 'flock', 'mariadb-binlog'].find(
    (name) => spawnSync('which', [name]).status !== 0,
  );
  return missing && `no ${missing}`;
}

/** An S3-compatible server of PyPI's; undefined where it is not here. */
export const s3Server: string | undefined = findS3();

function findS3(): string | undefined {
  const file = process.env.MOTO_SERVER_BIN ?? 'moto_server';
  if (spawnSync(file, ['--help']).status === 0) return file;
  process.stderr.write(
    "SKIPPED: a backup to S3 (no moto_server: export MOTO_SERVER_BIN=$(.ci/pypi moto_server 5.2.5 FOLDER 'moto[server]'))\n",
  );
  return undefined;
}
