import type { BackupCommand } from '../../contract/backup';
import { jobName } from '../jobs/spec';

/** What the job of a command is for, in words. */
export const kindOf = (command: BackupCommand): string => `backup ${command}`;

/** Behind the name of the service that makes backups. */
export const suffixOf = (command: BackupCommand): string => `${command}-job`;

/** The job's name in Swarm. */
export const backupJob = (service: string, command: BackupCommand): string =>
  jobName({ of: service, suffix: suffixOf(command) });
