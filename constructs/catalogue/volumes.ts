import { posix } from 'node:path';
import { applicationsOf } from './applications';
import type { PlatformSpec } from './spec/platform';
import { doubles } from './task-variables';

/** Docker's, behind the platform's name. */
const NAME = /^[\w.-]*\w[\w.-]*$/;

/** Volumes that Docker would refuse when it makes the service or starts its first task. */
export function volumeErrors(spec: PlatformSpec): string[] {
  return applicationsOf(spec).flatMap(([id, { sharedVolumes = [], tmpfs = [] }]) => {
    const targets = [...sharedVolumes.map(({ target }) => target), ...tmpfs].map((one) => placeOf(one));
    return [
      ...sharedVolumes
        .filter(({ name }) => !NAME.test(name))
        .map(
          ({ name }) =>
            `${id}: ${JSON.stringify(name)} cannot be the name of a volume\n  use letters, digits, -, _ and .`,
        ),
      ...sharedVolumes
        .filter(({ target }) => !/^\/[^\0]*$/.test(target) || placeOf(target) === '/')
        .map(
          ({ name, target }) =>
            `${id}: the volume ${name} is at ${JSON.stringify(target)}\n  write the absolute path of a folder: '/app/uploads'`,
        ),
      ...[...doubles(targets)].map(
        (target) => `${id} has two of sharedVolumes and tmpfs at ${target}\n  give each a folder of its own`,
      ),
    ];
  });
}

/** Docker compares them so. */
const placeOf = (target: string): string => posix.normalize(target).replace(/(?<=.)\/$/, '');
