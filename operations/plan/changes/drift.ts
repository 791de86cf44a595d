import { actionOf, type Json, type ResourceChange } from '../../terraform/document';
import { differencesOf } from './differences';
import { replicasOf } from './service-view';

/** What changed since the last deploy without one, and what this deploy makes of it. */
export function driftOf(resource: ResourceChange, drift: ResourceChange | undefined): string[] {
  if (!drift) return [];
  if (actionOf(drift) === 'destroy')
    return ['is gone since the last deploy, removed by hand; it is made again'];
  const { before: deployed } = drift.change;
  const found = withoutPlatforms(drift.change.after, deployed);
  const { after: planned } = resource.change;
  const { image, replicas, others } = differencesOf(deployed, found);
  const will = replicasOf(planned);
  return [
    ...(replicas
      ? [
          `scaled by hand to ${replicas.to}, ${will === replicas.from ? `returns to ${will}` : `becomes ${will}`}`,
        ]
      : []),
    ...(image ? [`runs ${image.to} in place of ${image.from}, by hand or rolled back by Swarm`] : []),
    ...(others.length > 0 ? [`changed by hand or rolled back by Swarm: ${others.join(', ')}`] : []),
  ];
}

/** Nobody's change: the engine takes them from the registry when it creates a service that was planned without any. */
function withoutPlatforms(found: Json, deployed: Json): Json {
  const [placement, planned] = [found, deployed].map((service) => service?.task_spec?.[0]?.placement?.[0]);
  if (!placement?.platforms?.length || planned?.platforms?.length) return found;
  const [task] = found.task_spec;
  const { platforms } = planned ?? {};
  return { ...found, task_spec: [{ ...task, placement: [{ ...placement, platforms }] }] };
}
