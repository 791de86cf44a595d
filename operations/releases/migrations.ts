import type { Release } from '../../contract/release';
import { hasConverged } from '../records/choose';
import { unpack } from '../records/packed';

// biome-ignore lint/suspicious/noExplicitAny: a document that another program wrote
type Json = any;

const JOB = 'node "${path.module}/assets/file_job/file/job.js"';
/** As synth calls their steps. */
const NAME = /_migrate$/;
/** In the triggers of a step that never ran: what any deploy synthesizes is without it, and runs. */
const NOT_RUN = 'not_run';

/**
 * A recorded stack whose migrations do nothing: the way back is one of programs. An older one knows nothing of what the newer
 * one has made of the data, and its migration would stop there at best. With the next version the newer one's runs again.
 *
 * @param done whether the state may have them as run; otherwise the next deploy of the same version runs them
 */
export function withoutMigrations(stack: Json, done: boolean): Json {
  const { null_resource: steps = {}, ...resource } = stack.resource ?? {};
  const names = namesIn(steps);
  if (names.length === 0) return stack;
  const idle = Object.fromEntries(names.map((name) => [name, idleOf(steps[name], done)]));
  // The plan would announce what does not run.
  const { migrations: _, ...deploy } = stack['//']?.deploy ?? {};
  return {
    ...stack,
    '//': { ...stack['//'], deploy },
    resource: { ...resource, null_resource: { ...steps, ...idle } },
  };
}

function idleOf(step: Json, done: boolean): Json {
  const { provisioner = [], triggers, ...rest } = step ?? {};
  const { [NOT_RUN]: _, ...own } = triggers ?? {};
  const others = [provisioner].flat().filter((one: Json) => !isJob(one));
  return {
    ...rest,
    triggers: done ? own : { ...own, [NOT_RUN]: 'a release was gone to' },
    ...(others.length > 0 ? { provisioner: others } : {}),
  };
}

const isJob = (provisioner: Json): boolean => provisioner?.['local-exec']?.command === JOB;

const namesIn = (steps: Json): string[] =>
  Object.entries<Json>(steps).flatMap(([name, step]) =>
    NAME.test(name) || [step?.provisioner ?? []].flat().some(isJob) ? [name] : [],
  );

/**
 * Whether the state may have a release's migrations as run once it is gone to. On the way back it has to: the older ones would
 * stop at a schema that they do not know. Forward, nobody knows what they have made of the data that is there now.
 *
 * @param releases the newest first
 */
export function countAsRun(release: Release, [newest]: readonly Release[]): boolean {
  const numberOf = (one: Release) => one.of ?? one.number;
  if (!newest || numberOf(release) < numberOf(newest)) return true;
  if (numberOf(release) > numberOf(newest)) return false;
  return newest.of === undefined ? hasConverged(newest) : !isMarked(newest);
}

function isMarked(release: Release): boolean {
  try {
    const { stack } = unpack(release) as { readonly stack?: Json };
    return Object.values<Json>(stack?.resource?.null_resource ?? {}).some(
      (step) => step?.triggers?.[NOT_RUN] !== undefined,
    );
  } catch {
    return false;
  }
}

/** What becomes of the migrations of a release that is gone to; empty where it has none. */
export function migrationNotes(stack: Json, done: boolean): string[] {
  const services = namesIn(stack?.resource?.null_resource ?? {}).map((name) => name.replace(NAME, ''));
  if (services.length === 0) return [];
  const later = done ? '' : '; the next ./proctor deploy of this version runs them';
  return [`migrations do not run: ${services.join(', ')}${later}`];
}
