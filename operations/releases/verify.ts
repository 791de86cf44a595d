import type { Release } from '../../contract/release';
import type { Service, ServiceSpec } from '../docker/answers';
import type { Snapshot } from '../docker/snapshot';
import { unpack } from '../records/packed';
import { currentPlan } from '../rollout/current-spec';
import { slotsOf } from '../rollout/slots';
import { additions, differences } from '../rollout/specification/differences';
import { missing } from '../rollout/specification/missing';

/**
 * What of the server is not as this release left it, one line each; empty when it runs exactly that.
 *
 * @throws where the release has no specifications
 */
export function deviations(release: Release, running: ReadonlyMap<string, Snapshot>): string[] {
  const specs = Object.entries(unpack(release).specs) as [string, ServiceSpec][];
  if (specs.length === 0) {
    throw new Error(
      `release ${release.number} has no specifications to compare with: ${release.leftOut ?? 'they were left out'}`,
    );
  }
  const known = new Set(specs.map(([name]) => name));
  const more = [...running.keys()].filter((name) => !known.has(name)).sort();
  return [
    ...specs.flatMap(([name, spec]) => ofService(name, spec, running.get(name))),
    ...more.map((name) => `${name} runs, and the release has none such`),
  ];
}

/**
 * Names of services whose tasks are made of something else than this release left, those that are gone included; how many
 * there are of each does not count. Empty where the release has no specifications.
 */
export function otherTasks(release: Release, services: readonly Service[]): string[] {
  return Object.entries(unpack(release).specs as Record<string, ServiceSpec>).flatMap(([name, spec]) => {
    const now = services.find(({ Spec }) => Spec.Name === name);
    if (!now) return [name];
    const plan = { ...currentPlan({ Spec: byName(spec) }), replicas: null };
    const running = byName(now.Spec);
    return [...differences(plan, running), ...additions(plan, running)].length > 0 ? [name] : [];
  });
}

function ofService(name: string, recorded: ServiceSpec, snapshot: Snapshot | undefined): string[] {
  if (!snapshot) return [`${name} is gone`];
  const { service } = snapshot;
  // An object that was removed and created again has another id, and the same content under the same name.
  const [planned, now] = [recorded, service.Spec].map(byName) as [ServiceSpec, ServiceSpec];
  const plan = currentPlan({ Spec: planned });
  const found = [...differences(plan, now), ...additions(plan, now), ...differencesOfUpdates(planned, now)];
  return [
    ...(found.length > 0 ? [`${name}: ${[...new Set(found)].join(', ')}`] : []),
    ...(found.length === 0 ? tasksOf(snapshot) : []).map((line) => `${name}: ${line}`),
    ...statusOf(service).map((line) => `${name}: ${line}`),
  ];
}

/** What tasks are not made of, and the gate therefore does not look at. */
function differencesOfUpdates(planned: ServiceSpec, now: ServiceSpec): string[] {
  const kind = ({ Mode = {} }: ServiceSpec) => Object.keys(Mode).sort().join();
  const [before, after] = [planned, now].map(({ UpdateConfig = {}, RollbackConfig = {} }) => ({
    UpdateConfig,
    RollbackConfig,
  }));
  return [
    ...(kind(planned) === kind(now) ? [] : ['another Mode']),
    ...[...missing(before, after), ...missing(after, before)].map((path) => `another ${path}`),
  ];
}

function tasksOf(snapshot: Snapshot): string[] {
  const { Replicated, Global } = snapshot.service.Spec.Mode ?? {};
  // A job's tasks end.
  if (!Replicated && !Global) return [];
  const { wanted, running, allRunning } = slotsOf(snapshot);
  if (running < wanted) return [`${running} of ${wanted} tasks run it`];
  return allRunning ? [] : ['tasks of another specification run, too'];
}

const UNDER_WAY: Readonly<Record<string, string>> = {
  updating: 'an update is under way',
  paused: 'its update is paused',
  rollback_started: 'a rollback is under way',
  rollback_paused: 'its rollback is paused',
};

const statusOf = ({ UpdateStatus }: Snapshot['service']): string[] => {
  const words = UNDER_WAY[UpdateStatus?.State ?? ''];
  return words === undefined ? [] : [words];
};

function byName(spec: ServiceSpec): ServiceSpec {
  const container = spec.TaskTemplate.ContainerSpec;
  if (!container) return spec;
  const { Secrets, Configs } = container;
  const ContainerSpec = {
    ...container,
    ...(Secrets
      ? { Secrets: Secrets.map((one) => ({ ...one, SecretID: one.SecretName ?? one.SecretID })) }
      : {}),
    ...(Configs
      ? { Configs: Configs.map((one) => ({ ...one, ConfigID: one.ConfigName ?? one.ConfigID })) }
      : {}),
  };
  return { ...spec, TaskTemplate: { ...spec.TaskTemplate, ContainerSpec } };
}
