import type { DeploySettings } from '../../contract/deploy-settings';
import type { Release } from '../../contract/release';
import type { ReadablePlan } from '../plan/changes/model';
import { readPlan } from '../plan/changes/read-plan';
import { unpack } from '../records/packed';
import type { ResourceChange } from '../terraform/document';
import { mapTexts } from './place';

// biome-ignore lint/suspicious/noExplicitAny: a document that another program wrote
type Json = any;

/**
 * What a deploy of `to` would do to what `from` left, in the words of a plan: from the two recorded stacks alone.
 *
 * @throws where one of the two has no stack
 */
export function diffOf(from: Release, to: Release): ReadablePlan {
  const [old, next] = [from, to].map(resourcesOf) as [Resources, Resources];
  const addresses = [...new Set([...old.bodies.keys(), ...next.bodies.keys()])].sort();
  const resource_changes = addresses.flatMap((address): ResourceChange[] => {
    const [before, after] = [old.bodies.get(address), next.bodies.get(address)];
    const [type = '', name = '', index] = address.split('.');
    if (before && after && JSON.stringify(before) === JSON.stringify(after)) return [];
    const actions = before && after ? ['update'] : before ? ['delete'] : ['create'];
    const change = { actions, before: before ?? null, after: after ?? null };
    return [{ type, name, mode: 'managed', ...(index ? { index } : {}), change }];
  });
  const { waves = [] } = next.settings;
  const services = [...next.bodies.keys()]
    .filter((address) => address.startsWith('docker_service.'))
    .map((address) => address.slice('docker_service.'.length))
    .map((id) => ({
      id,
      wave: Math.max(
        0,
        waves.findIndex((wave) => wave.includes(id)),
      ),
    }));
  return readPlan({ resource_changes }, { settings: next.settings, services, now: new Date() });
}

interface Resources {
  /** By address, each version of a secret or config one of its own. */
  readonly bodies: ReadonlyMap<string, Json>;
  readonly settings: DeploySettings;
}

const VERSIONED = ['docker_config', 'docker_secret'];

function resourcesOf(release: Release): Resources {
  const stack = unpack(release).stack as Json;
  if (!stack) {
    throw new Error(
      `release ${release.number} has no stack: ${release.leftOut ?? 'it was left out'}\n  ./proctor releases show ${release.number} has its plan in words`,
    );
  }
  const { null_resource: _, ...types } = stack.resource ?? {};
  const entries = Object.entries<Json>(types).flatMap(([type, all]) =>
    Object.entries<Json>(all).flatMap(([id, body]) => {
      if (!VERSIONED.includes(type))
        return [[`${type}.${id}`, asPlanned(withVersions(body, types.docker_secret, release))]];
      const versions = type === 'docker_config' ? [String(body.name).slice(-10)] : versionsOf(body, release);
      return versions.map((version) => [`${type}.${id}.${version}`, { id: version }]);
    }),
  );
  return { bodies: new Map(entries as [string, Json][]), settings: stack['//']?.deploy ?? {} };
}

/** A config's hash is in its name, and a secret's only among what the services had: there `${each.key}` stands for it. */
function versionsOf(secret: Json, { objects }: Release): string[] {
  const [start = ''] = String(secret?.name).split('${');
  const isIts = (object: string) =>
    object.startsWith(start) && /^[0-9a-f]{10}$/.test(object.slice(start.length));
  return objects.filter(isIts).map((object) => object.slice(start.length));
}

/** Expressions that stand for a secret's version, as that version. */
const withVersions = (body: Json, secrets: Json, release: Release): Json =>
  mapTexts(body, (text) => {
    const [, id] = /^\$\{docker_secret\.(\w+)\[/.exec(text) ?? [];
    return id ? `${id}:${versionsOf(secrets?.[id], release).join(',')}` : text;
  });

/** Attributes that are maps; every other object is a block, and a plan has blocks in lists. */
const MAPS = ['env', 'options', 'driver_options', 'driver_opts', 'sysctl'];
/** For Terraform itself. */
const META = ['//', 'lifecycle', 'depends_on', 'provider', 'for_each'];

function asPlanned(body: Json): Json {
  return Object.fromEntries(
    Object.entries<Json>(body)
      .filter(([key]) => !META.includes(key))
      .map(([key, value]) => [key, blocks(key, value)]),
  );
}

function blocks(key: string, value: Json): Json {
  if (Array.isArray(value)) return value.map((item) => (isObject(item) ? asPlanned(item) : item));
  if (!isObject(value) || MAPS.includes(key)) return value;
  return [asPlanned(value)];
}

const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
