import { existsSync, symlinkSync } from 'node:fs';
import { readSettings } from '../../../lab/ground/settings';
import { ensureImage } from '../../../lab/images/images';
import { BACKUP } from '../../../lab/images/recipes';
import type { ProjectCopy } from '../../support/programs/project-copy';
import { killProgram, operator, type Run, runningLab, runningTarget, runProgram } from './lab';

/** Lets the lab of a copy have backups, which nothing makes by itself, so that each test knows what there is. */
export async function withBackups(project: ProjectCopy, backupTo: string): Promise<void> {
  await readyForBackups(project);
  project.edit(
    "state: { kind: 'local', directory: '.lab' },\n      ports:",
    `state: { kind: 'local', directory: '.lab' },\n      backupTo: ${backupTo},\n      ports:`,
  );
  project.edit(
    'export const platform = definePlatform({',
    "export const platform = definePlatform({\n  backup: { schedule: '0 0 1 1 *', drill: false, maxAge: Duration.hours(1) },",
  );
}

/** The image, in the lab that runs, and its state where the copy looks for it. */
export async function readyForBackups(project: ProjectCopy): Promise<void> {
  const { paths } = runningLab();
  await ensureImage(paths, readSettings(paths)!, BACKUP, () => {});
  if (!existsSync(project.path('.lab'))) symlinkSync(paths.dir, project.path('.lab'));
}

const variablesHere = () => ({
  ...runningTarget().variables,
  TF_VAR_backup_repository_password: 'the password of the repository',
});

/** A verb of the copy, on the lab. */
export const proctorOf =
  (project: ProjectCopy) =>
  (verb: string, ...args: string[]): Promise<Run> =>
    runProgram(verb, [...args, '--environment', 'lab'], variablesHere(), project.folder);

/** The same, killed with all that it started when its output matches. */
export const killedProctorOf =
  (project: ProjectCopy) =>
  (when: RegExp, verb: string, ...args: string[]): Promise<Run> =>
    killProgram(verb, when, [...args, '--environment', 'lab'], variablesHere(), project.folder);

/** What a verb printed with --json. */
export const jsonOf = <T>(output: string): T =>
  JSON.parse(
    output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .at(-1)!,
  ) as T;

/** As root in MariaDB's task. */
export async function sql(statement: string): Promise<string> {
  const label = 'label=com.docker.swarm.service.name=proctorwise_mariadb';
  const container = (await operator('ps', '--quiet', '--filter', label)).trim();
  return (await operator('exec', container, 'mariadb', '-N', '-e', statement)).trim();
}
