import { actionOf, type ResourceChange } from '../../terraform/document';
import { differencesOf } from './differences';
import { replicasOf } from './service-view';

/** What changed since the last deploy without one, and what this deploy makes of it. */
export function driftOf(resource: ResourceChange, drift: ResourceChange | undefined): string[] {
  if (!drift) return [];
  if (actionOf(drift) === 'destroy')
    return ['is gone since the last deploy, removed by hand; it is made again'];
  const { before: deployed, after: found } = drift.change;
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
