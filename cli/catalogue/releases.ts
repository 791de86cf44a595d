import { findTarget } from '../../operations/docker/target';
import type { ReleasesOptions } from '../../operations/releases/main';
import { UsageError } from '../../operations/terminal/usage-error';
import type { Call } from '../table/verb';
import type { releasesList, unlock } from '../verbs/releases';
import { namesOf } from './names';

/** Which server, and whose releases. @throws {UsageError} */
export function releasesOf({
  values,
  shell,
}: Pick<Call<typeof releasesList>, 'values' | 'shell'>): ReleasesOptions {
  return { ...platformOf({ values, shell }), json: values.json };
}

/** The same for what prints no JSON. @throws {UsageError} */
export function platformOf({
  values,
  shell,
}: Pick<Call<typeof unlock>, 'values' | 'shell'>): Omit<ReleasesOptions, 'json'> {
  return {
    target: findTarget(values.host, values['ssh-option'], shell),
    stack: values.stack ?? namesOf(values.environment, shell).stack,
  };
}

/** @throws {UsageError} */
export function numberOf(word: string | undefined): number {
  if (word !== undefined && /^[1-9]\d{0,8}$/.test(word)) return Number(word);
  throw new UsageError(
    `${JSON.stringify(word ?? '')} is not the number of a release\nwrite one that ./proctor releases lists`,
  );
}
