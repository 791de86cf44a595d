import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { GATES, type Release } from '../../contract/release';
import type { Service } from '../docker/answers';
import { withDocker } from '../docker/client';
import { sameImage, shortImage } from '../images/same-image';
import { hasConverged, previous, releaseOf } from '../records/choose';
import { unpack } from '../records/packed';
import { readReleases } from '../records/store';
import { readStack, type SynthesizedStack } from '../stack/synthesized';
import { harmless, oneLine } from '../terminal/untrusted';
import { codeIn, textsIn } from '../terraform/written';
import { countAsRun, migrationNotes, withoutMigrations } from './migrations';
import { withPlaceOf } from './place';
import { commitInWords, endInWords, timeOf } from './text';
import { strangenessOf, withOwnSettings } from './trusted';
import { otherTasks } from './verify';

// biome-ignore lint/suspicious/noExplicitAny: a document that another program wrote
type Json = any;

/** Nothing can go back to that release; what, and what to do instead. Nothing was changed. */
export class NoWayBack extends Error {}

/** Which release is gone back to. */
export type Aim = number | 'previous';

/** Puts a recorded stack in the place of the one that was just synthesized. */
export class Restoring {
  private found: { readonly release: Release; readonly notes: readonly string[] } | undefined;

  constructor(private readonly aim: Aim) {}

  /**
   * Today's catalogue says where the state and the server are, and nothing else of it is left.
   *
   * @throws {NoWayBack} before anything is changed
   */
  readonly remake = async (out: string): Promise<void> => {
    const today = readStack(out);
    const { releases, services } = await withDocker(today, async (docker) => ({
      releases: await readReleases(docker, today.namespace),
      services: await docker.services({ label: [`com.docker.stack.namespace=${today.namespace}`] }),
    }));
    const release = this.choose(releases, services);
    const file = join(today.folder, 'cdk.tf.json');
    const json: Json = JSON.parse(readFileSync(file, 'utf8'));
    const { stack: recorded, files = {} } = orNoWayBack(() => unpack(release)) as Parts;
    const done = countAsRun(release, releases);
    const stack = recorded && withoutMigrations(recorded, done);
    const why = [
      ...unfit(release, stack, today, json),
      ...(stack ? strangenessOf(stack, files, json) : []),
      ...(stack
        ? [
            ...missingFiles(stack, files, today.folder),
            ...olderData(release, stack, today, { services, releases }),
          ]
        : []),
    ];
    if (why.length > 0) throw new NoWayBack(harmless(inWords(release, why)));
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(today.folder, name)), { recursive: true });
      writeFileSync(join(today.folder, name), Buffer.from(content, 'base64'));
    }
    const own = withOwnSettings(withPlaceOf(stack, json), json);
    writeFileSync(file, JSON.stringify(protectedAs(json, own)));
    const notes = [...notesOf(release, services, today), ...migrationNotes(stack, done)];
    this.found = { release, notes: notes.map(oneLine) };
  };

  get release(): Release {
    if (!this.found) throw new Error('nothing was restored yet');
    return this.found.release;
  }

  /** What does not come back with it. */
  get notes(): readonly string[] {
    return this.found?.notes ?? [];
  }

  private choose(releases: readonly Release[], services: readonly Service[]): Release {
    const { aim } = this;
    return orNoWayBack(() => {
      if (aim !== 'previous') return releaseOf(releases, aim);
      const release = previous(releases);
      refuseUnrecorded(releases, release, services);
      return release;
    });
  }
}

/**
 * `previous` is counted from the newest record. Where a deploy left none since, or somebody changed services by hand, it would
 * lead one release too far back.
 *
 * @throws with the two numbers that could be meant
 */
function refuseUnrecorded(
  [newest]: readonly Release[],
  release: Release,
  services: readonly Service[],
): void {
  // After one that did not converge, `previous` is the newest that did, whatever runs.
  if (!newest || !hasConverged(newest)) return;
  const others = otherTasks(newest, services);
  if (others.length === 0) return;
  throw new Error(
    `release ${newest.number} is the newest on record, and something else runs: ${others.join(', ')}\n  say which release is meant: --to ${newest.number}, or --to ${release.number} for the one before it`,
  );
}

interface Parts {
  readonly stack?: Json;
  readonly files?: Record<string, string>;
}

/** What cannot be read of the records is said in words there. */
function orNoWayBack<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new NoWayBack((error as Error).message);
  }
}

const inWords = (release: Release, why: readonly string[]): string =>
  [
    `there is no way back to release ${release.number}, nothing was changed`,
    ...why.map((line) => `  ${line}`),
    `  to deploy it with its own tools: git checkout ${commitInWords(release)}, then ./proctor deploy`,
  ].join('\n');

function unfit(release: Release, stack: Json, today: SynthesizedStack, json: Json): string[] {
  if (!stack) return [`its stack is not on record: ${release.leftOut ?? 'it was left out'}`];
  const other =
    release.stack === today.id ? [] : [`it is of the stack ${release.stack}, this is ${today.id}`];
  const gates =
    release.gates === GATES
      ? []
      : [
          `its gates are of version ${release.gates}, those here of version ${GATES}: install that version's tools`,
        ];
  const [wanted, have] = [stack, json].map(({ terraform }) => terraform.required_providers ?? {});
  const providers = Object.entries<Json>(wanted)
    .filter(([name, { source, version }]) => have[name]?.source !== source || have[name]?.version !== version)
    .map(
      ([name, { version }]) =>
        `it wants the provider ${name} ${version}, and the state is now of ${have[name]?.version ?? 'none'}`,
    );
  return [...other, ...gates, ...providers];
}

/** What a stack reads from beside it or from the project, and nobody has. */
function missingFiles(stack: Json, files: Readonly<Record<string, string>>, folder: string): string[] {
  const texts = textsIn(stack);
  const named = [...texts.flatMap(assetsIn), ...texts.flatMap(readIn)];
  return [...new Set(named)]
    .filter((path) => !(path in files) && !existsSync(resolve(folder, path)))
    .map((path) => `it needs the file ${path}, which neither the record nor this project has`);
}

const assetsIn = (text: string): string[] =>
  [...text.matchAll(/\$\{path\.module\}\/(assets\/[^"\\]+)/g)].map(([, path = '']) => path);

/** What its expressions read; an argument of a program that is written the same reads nothing. */
function readIn(text: string): string[] {
  const calls = [...text.matchAll(/\bfile(?:base64|sha\d+|md5)?\("([^"\\]+)"\)/g)];
  if (calls.length === 0) return [];
  const code = codeIn(text) ?? text;
  return calls.flatMap(([call, path = '']) => (code.includes(call.replace(path, '')) ? [path] : []));
}

/** Swarm would start the older program on data that the newer one has written. */
function olderData(
  release: Release,
  stack: Json,
  { services, settings }: SynthesizedStack,
  server: { readonly services: readonly Service[]; readonly releases: readonly Release[] },
): string[] {
  const stateful = [
    ...new Set<string>([...(stack['//']?.deploy?.stateful ?? []), ...(settings.stateful ?? [])]),
  ];
  return stateful.flatMap((id) => {
    const recorded = stack.resource?.docker_service?.[id];
    const name = recorded?.name ?? services.find((service) => service.id === id)?.name;
    const now = server.services.find(({ Spec }) => Spec.Name === name)?.Spec.TaskTemplate.ContainerSpec
      ?.Image;
    const last = now === undefined ? lastOf(id, server.releases) : undefined;
    const image = now ?? last?.image;
    const then = recorded?.task_spec?.container_spec?.image;
    if (image === undefined || then === undefined || sameImage(then, image)) return [];
    const what = last ? `ran ${shortImage(image)} in release ${last.number}` : `runs ${shortImage(image)}`;
    return [
      `${id} ${what}, and release ${release.number} has ${shortImage(then)}: its data may have moved on`,
    ];
  });
}

/** What was the last to write the data of a service that is gone: its volume stays. @param releases the newest first */
function lastOf(
  id: string,
  releases: readonly Release[],
): { readonly image: string; readonly number: number } | undefined {
  const found = releases.find(({ images }) => typeof images[id] === 'string' && images[id] !== '?');
  return found && { image: found.images[id]!, number: found.number };
}

/** `ALLOW_DESTROY` counts as it is now, and not as it was. */
function protectedAs(today: Json, stack: Json): Json {
  const isProtected = Object.values<Json>(today.resource?.docker_service ?? {}).some(
    ({ lifecycle }) => lifecycle?.prevent_destroy,
  );
  const docker_service = Object.fromEntries(
    Object.entries<Json>(stack.resource?.docker_service ?? {}).map(([id, body]) => {
      const { prevent_destroy: _, ...lifecycle } = body.lifecycle ?? {};
      return [
        id,
        { ...body, lifecycle: { ...lifecycle, ...(isProtected ? { prevent_destroy: true } : {}) } },
      ];
    }),
  );
  return { ...stack, resource: { ...stack.resource, docker_service } };
}

function notesOf(release: Release, services: readonly Service[], { settings }: SynthesizedStack): string[] {
  const mounted = services.flatMap(({ Spec }) => Spec.TaskTemplate.ContainerSpec?.Secrets ?? []);
  const now = new Set(mounted.map(({ SecretName = '' }) => SecretName));
  const base = (name: string) => name.slice(0, -11);
  const rotated = release.objects.filter(
    (name) => !now.has(name) && [...now].some((other) => base(other) === base(name)),
  );
  const { stateful = [] } = settings;
  return [
    `recorded ${timeOf(release)} UTC by ${release.who} from ${commitInWords(release)}`,
    ...(hasConverged(release) ? [] : [`its own deploy ${endInWords(release)}`]),
    ...(rotated.length > 0
      ? [`secrets keep today's values: ${rotated.map(base).join(', ')} rotated since`]
      : []),
    ...(stateful.length > 0
      ? [`data stays as it is, migrated schemas included: ${stateful.join(', ')}`]
      : []),
  ];
}
