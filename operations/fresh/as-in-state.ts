import type { Network, Service } from '../docker/answers';
import { canonical } from '../docker/standing';
import { isEmpty, missing } from '../rollout/specification/missing';
import { type Held, isGone, keyOf } from './held';
import { specInState, UnknownAttribute } from './spec-in-state';
import type { StateFacts } from './state-facts';

// biome-ignore lint/suspicious/noExplicitAny: documents that other programs wrote
type Json = any;

/**
 * Why a refresh would find something else than the state has, or nobody but Terraform can tell; empty where it would find
 * exactly that.
 */
export function differencesFromState({ known, attributes, obstacles }: StateFacts, held: Held): string[] {
  return [
    ...obstacles,
    ...known.flatMap((object) => {
      const key = keyOf(object);
      if (isGone(held.objects.get(key))) return [`${key} is gone`];
      const said = attributes.get(object.id);
      const service = held.services.get(object.id);
      const network = held.networks.get(object.id);
      if (service) return ofService(said, service).map((path) => `${path} of ${key} is not as in the state`);
      if (network) return ofNetwork(said, network).map((path) => `${path} of ${key} is not as in the state`);
      return [];
    }),
  ];
}

function ofService(attributes: Json, { Spec }: Service): string[] {
  try {
    const said = specInState(attributes);
    return differingPaths(
      said,
      said.TaskTemplate.Placement.Platforms.length > 0 ? Spec : withoutPlatforms(Spec),
    );
  } catch (error) {
    if (error instanceof UnknownAttribute) return [error.message];
    throw error;
  }
}

/**
 * The engine takes them from the registry when a service is created; the provider keeps what was planned, which is nothing,
 * until it next writes the service.
 */
function withoutPlatforms({ TaskTemplate, ...spec }: Service['Spec']): Json {
  const { Platforms: _, ...Placement } = (TaskTemplate.Placement ?? {}) as Json;
  return { ...spec, TaskTemplate: { ...TaskTemplate, Placement } };
}

function ofNetwork(
  attributes: Json,
  { Name, Driver, Internal, Attachable, Options, Labels }: Network,
): string[] {
  const { name, driver, internal, attachable, options, labels } = attributes;
  const label = (entry: Json) => [entry.label, entry.value];
  return differingPaths(
    {
      Name: name,
      Driver: driver,
      Internal: internal,
      Attachable: attachable,
      Options: options,
      Labels: Object.fromEntries((labels ?? []).map(label)),
    },
    { Name, Driver, Internal, Attachable, Options, Labels },
  );
}

/** Where the two do not say the same; what is empty, zero or left out says the same. */
function differingPaths(expected: Json, actual: Json): string[] {
  const [a, b] = [comparable(expected), comparable(actual)];
  return [...new Set([...missing(a, b), ...missing(b, a)])];
}

/** Kept in another order by Swarm or by the provider. */
const UNORDERED = ['Env', 'Secrets', 'Configs', 'CapabilityAdd', 'CapabilityDrop', 'Groups', 'Platforms'];

function comparable(value: Json, key = ''): Json {
  // Without replicas, or on every node: both would be nothing.
  if (key === 'Mode' && typeof value === 'object' && value !== null) return canonical(value);
  if (Array.isArray(value)) {
    const items = value.map((item) => comparable(item));
    return UNORDERED.includes(key) ? items.sort((x, y) => (canonical(x) < canonical(y) ? -1 : 1)) : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([name, inner]) => name === 'Mode' || !isEmpty(inner));
  return Object.fromEntries(
    entries
      .map(([name, inner]) => [name, comparable(inner, name)] as const)
      .sort(([x], [y]) => (x < y ? -1 : 1)),
  );
}
