import { parseCron } from '../units/schedule/cron';
import { posixZone } from '../units/schedule/time-zone';
import { jobsOf, type NamedJob } from './applications';
import type { MigrateSpec } from './spec/application';
import type { PlatformSpec } from './spec/platform';
import { doubles, variableErrors, variablesOf } from './task-variables';

/** What is wrong with the jobs that types do not see. */
export function jobErrors(spec: PlatformSpec): string[] {
  return jobsOf(spec).flatMap(([id, job]) =>
    [
      ...placeErrors([id, job], spec),
      ...commandErrors(job.command),
      ...timeErrors(job),
      ...settingErrors(job),
    ].map((error) => `the job ${id} ${error}`),
  );
}

function placeErrors([, job]: NamedJob, spec: PlatformSpec): string[] {
  const { service, image, limits, secrets, variables } = job;
  if ((service === undefined) === (image === undefined)) {
    return [
      `has ${service === undefined ? 'neither a service nor an image' : 'both a service and an image'}\n  write one of them`,
    ];
  }
  if (image !== undefined) {
    return limits === undefined
      ? ['has an image and no limits\n  write how much it may use: limits: { … }']
      : [];
  }
  const unknown = service !== undefined && !(service in spec.services);
  return [
    ...(unknown ? [`is of the service ${service}, which is not in services\n  name one of them`] : []),
    ...(secrets || variables
      ? [
          `has secrets or variables beside those of ${service}\n  give them to the service, or give the job an image`,
        ]
      : []),
  ];
}

const commandErrors = (command: readonly string[]): string[] =>
  command.length === 0 || command[0] === '' || command.some((word) => /[\n\0]/.test(word))
    ? ['has no command, or one with a line break\n  write program and arguments one by one, without a shell']
    : [];

function timeErrors({ schedule, timeZone = 'UTC', timeout, retries = 0 }: NamedJob[1]): string[] {
  return [
    ...refusalOf(() => parseCron(schedule)),
    ...refusalOf(() => posixZone(timeZone)),
    ...(timeout && timeout.toSeconds() < 1 ? ['has no time\n  give it a second or more'] : []),
    ...(Number.isInteger(retries) && retries >= 0 && retries <= 10
      ? []
      : [`has ${retries} retries\n  write a whole number from 0 to 10`]),
  ];
}

function settingErrors(job: NamedJob[1]): string[] {
  const set = variablesOf(job);
  const twice = [...doubles(set.map(({ name }) => name))].map(
    (name) => `sets ${name} twice\n  keep it in one of settings, secrets and variables`,
  );
  return [...variableErrors(set), ...twice];
}

function refusalOf(read: () => unknown): string[] {
  try {
    read();
    return [];
  } catch (error) {
    return [`cannot be timed: ${(error as Error).message}`];
  }
}

export function migrateErrors(id: string, migrate: MigrateSpec | undefined): string[] {
  if (!migrate) return [];
  const { timeout } = migrate;
  return [
    ...commandErrors(migrate.command).map((error) => `the migration of ${id} ${error}`),
    ...(timeout && timeout.toSeconds() < 1
      ? [`the migration of ${id} has no time\n  give it a second or more`]
      : []),
  ];
}
