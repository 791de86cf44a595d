import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { LabError } from '../lab/ground/error';
import { table } from '../operations/terminal/table';
import { backupGoals, type MeasuredBackup } from './backup/figures';
import { readNumber } from './runner/wish';

/** Longest run: 2 GB take a quarter of an hour for each round. */
const MAX_MILLISECONDS = 3 * 3600_000;

export interface BackupBenchWish {
  readonly mebibytes: string | undefined;
  readonly rounds: string | undefined;
}

/**
 * `./proctor bench backup`: what a backup costs, and a restore beside one by hand, on a real MariaDB without a lab: the
 * test that also runs, small, with the others. Resolves to the exit code.
 *
 * @throws LabError where restic or MariaDB is missing, or a number makes no sense
 */
export async function benchBackup(written: BackupBenchWish): Promise<number> {
  const mebibytes = readNumber('--mebibytes', written.mebibytes, 100, 10_000, 'give up to 10000');
  const rounds = readNumber('--rounds', written.rounds, 5, 50, 'give up to 50');
  const folder = mkdtempSync(join(tmpdir(), 'bench-backup-'));
  const result = join(folder, 'result.json');
  try {
    const { status } = spawnSync(
      'npx',
      ['jest', '--selectProjects', 'real', '--testTimeout', `${MAX_MILLISECONDS}`, 'backup/cost'],
      {
        stdio: ['ignore', 2, 2],
        env: {
          ...process.env,
          RESTIC_BIN: process.env.RESTIC_BIN ?? restic(),
          BACKUP_MIB: `${mebibytes}`,
          BACKUP_ROUNDS: `${rounds}`,
          BACKUP_RESULT: result,
        },
      },
    );
    if (status !== 0) return 1;
    return conclude(readResult(result));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const restic = (): string =>
  execFileSync('.ci/restic', [join(homedir(), '.cache/proctorwise-swarm/restic')], {
    stdio: ['ignore', 'pipe', 2],
  })
    .toString()
    .trim();

function readResult(file: string): MeasuredBackup {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as MeasuredBackup;
  } catch {
    throw new LabError(
      'nothing was measured: the test was skipped, for what it says above',
      'apt-get install mariadb-server jq, and run as root',
    );
  }
}

function conclude(measured: MeasuredBackup): number {
  const { lines, goals, held } = backupGoals(measured);
  console.log(`\n${lines.join('\n')}\n`);
  console.log(table([['goal', 'measured', ''], ...goals]).join('\n'));
  return held ? 0 : 1;
}
