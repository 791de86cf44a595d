import type { ReleasesOptions } from '../../operations/releases/main';
import { UsageError } from '../../operations/terminal/usage-error';
import type { Call } from '../table/verb';
import type { releasesList, unlock } from '../verbs/releases';
import { namesOf } from './names';
import { targetOf } from './target';

/** Which server, and whose releases. @throws {UsageError} */
export function releasesOf(call: Omit<Call<typeof releasesList>, 'words'>): ReleasesOptions {
  return { ...platformOf(call), json: call.values.json };
}

/** The same for what prints no JSON. @throws {UsageError} */
export function platformOf(call: Omit<Call<typeof unlock>, 'words'>): Omit<ReleasesOptions, 'json'> {
  const { values, shell } = call;
  const names = namesOf(values.environment, shell);
  return { target: targetOf(call, names), stack: values.stack ?? names.stack };
}

/** @throws {UsageError} */
export function numberOf(word: string | undefined): number {
  if (word !== undefined && /^[1-9]\d{0,8}$/.test(word)) return Number(word);
  throw new UsageError(
    `${JSON.stringify(word ?? '')} is not the number of a release\nwrite one that ./proctor releases lists`,
  );
}
