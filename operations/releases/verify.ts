import type { Release } from '../../contract/release';
import type { ServiceSpec } from '../docker/answers';
import type { Standing } from '../docker/standing';
import { unpack } from '../records/packed';
import { currentPlan } from '../rollout/current-spec';
import { additions, differences } from '../rollout/specification/differences';

/**
 * What of the server is not as this release left it, one line each; empty when it runs exactly that.
 *
 * @throws where the release has no specifications
 */
export function deviations(release: Release, running: ReadonlyMap<string, Standing>): string[] {
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

function ofService(name: string, recorded: ServiceSpec, standing: Standing | undefined): string[] {
  if (!standing) return [`${name} is gone`];
  // An object that was removed and created again has another id, and the same content under the same name.
  const [planned, now] = [recorded, standing.spec].map(byName) as [ServiceSpec, ServiceSpec];
  const plan = currentPlan({ Spec: planned });
  const found = [...differences(plan, now), ...additions(plan, now)];
  const [wanted, runs] = [plan.replicas ?? undefined, sum([...standing.running.values()])];
  const missing = wanted !== undefined && found.length === 0 && runs < wanted;
  return [
    ...(found.length > 0 ? [`${name}: ${[...new Set(found)].join(', ')}`] : []),
    ...(missing ? [`${name}: ${runs} of ${wanted} tasks run`] : []),
  ];
}

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

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
