import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { versionIn } from '../inputs/declared';
import type { NamedService } from '../records/absent';
import type { KnownObject } from '../terraform/state-contents';
import type { ExistingObject } from './existing';

/** What a catalogue declares, by the names in Swarm. */
export interface DeclaredNames {
  readonly namespace: string;
  readonly services: readonly NamedService[];
  /** Services, networks and volumes. */
  readonly names: readonly string[];
  /** Of secrets and configs, whose names end in a hash. */
  readonly ids: readonly string[];
}

// biome-ignore lint/suspicious/noExplicitAny: a document that another program wrote
type Json = any;

/** @param json what Terraform is told */
export function declaredNames({ resource = {} }: Json, namespace: string): DeclaredNames {
  const of = (...types: string[]) => types.flatMap((type) => Object.entries<Json>(resource[type] ?? {}));
  const services = of('docker_service').map(([, service]) => service);
  const volumes = services
    .flatMap(({ task_spec }) => task_spec?.container_spec?.mounts ?? [])
    .filter(({ type, source }) => type === 'volume' && source)
    .map(({ source }) => source);
  const named = [...services, ...of('docker_network', 'docker_volume').map(([, object]) => object)];
  return {
    namespace,
    services: Object.entries<Json>(resource.docker_service ?? {}).map(([id, { name }]) => ({ id, name })),
    names: [...named.map(({ name }) => name), ...volumes],
    ids: of('docker_config', 'docker_secret').map(([id]) => id),
  };
}

export const readDeclaredNames = (stackFolder: string, namespace: string): DeclaredNames =>
  declaredNames(JSON.parse(readFileSync(join(stackFolder, 'cdk.tf.json'), 'utf8')), namespace);

/**
 * What carries the stack's name and is in no catalogue: left by `docker stack deploy`, by an older catalogue, or by hand.
 * Terraform does not see it, and no deploy touches it.
 *
 * @param known what the state has: the plan tells what becomes of that
 */
export function strangersOf(
  existing: readonly ExistingObject[],
  { namespace, names, ids }: DeclaredNames,
  known: readonly Pick<KnownObject, 'id' | 'name'>[] = [],
): ExistingObject[] {
  const isDeclared = ({ type, name }: ExistingObject) =>
    type === 'docker_config' || type === 'docker_secret'
      ? ids.some((id) => versionIn(name, namespace, id))
      : names.includes(name);
  return existing
    .filter((one) => !isDeclared(one))
    .filter((one) => !known.some(({ id, name }) => id === one.id || name === one.name));
}

const KINDS = {
  docker_service: ['service', 'services'],
  docker_volume: ['volume', 'volumes'],
  docker_config: ['config', 'configs'],
  docker_secret: ['secret', 'secrets'],
  docker_network: ['network', 'networks'],
} as const;

/** One line, or none: `not in the catalogue, left alone: services acme_a, acme_b; volume acme_data`. */
export function strangersInWords(strangers: readonly Pick<ExistingObject, 'type' | 'name'>[]): string[] {
  const parts = Object.entries(KINDS).flatMap(([type, [one, many]]) => {
    const names = strangers.filter((stranger) => stranger.type === type).map(({ name }) => name);
    return names.length > 0 ? [`${names.length === 1 ? one : many} ${names.sort().join(', ')}`] : [];
  });
  return parts.length > 0 ? [`not in the catalogue, left alone: ${parts.join('; ')}`] : [];
}
