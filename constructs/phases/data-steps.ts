import type { PlaceSettings } from '../../contract/place';
import type { Place } from '../catalogue/spec/backend';
import { type IConstruct, Step, type SwarmService, SwarmStack } from '../swarm';
import { placeLabel } from '../units/place-label';
import type { Site } from './site';

const VARIABLE = 'PLACE';

/**
 * `<service>_place`: before a service with data is made for the first time, or has another placement. Labels the node
 * that has the data where the placement asks for it, and fails where the service could start without it.
 */
export function placeStep(site: Site, { id, scope }: Place, service: () => SwarmService): Step {
  return new Step(scope, `${id}_place`, {
    script: site.scripts.place,
    input: { variable: VARIABLE, value: () => settingsOf(service(), 'before') },
    triggers: { placement: site.spec.backends?.[id]?.spec.placement ?? '' },
  });
}

/**
 * `<service>_data`: remembers that there is data now, and where; and does before each later change of the service what
 * `<service>_place` does before the first. So Terraform alone, too, makes no new database in the place of one that is gone.
 */
export function dataStep(site: Site, service: SwarmService, after: readonly IConstruct[]): Step {
  const stack = SwarmStack.of(service);
  return new Step(stack, `${service.node.id}_data`, {
    script: site.scripts.place,
    input: { variable: VARIABLE, value: () => settingsOf(service, 'after') },
    // Where services may be destroyed, one whose data is gone may be, too.
    ...(stack.allowDestroy ? {} : { beforeChange: () => settingsOf(service, 'before') }),
    triggers: { service: `\${${service.address}.id}` },
    follows: service,
    after,
  });
}

function settingsOf(service: SwarmService, phase: PlaceSettings['phase']): PlaceSettings {
  const { connection, namespace } = SwarmStack.of(service);
  const { mounts = [], constraints = [] } = service.props;
  return {
    host: connection.url,
    sshOptions: connection.sshOptions,
    service: service.serviceName,
    id: service.node.id,
    volumes: mounts.flatMap((mount) =>
      mount.type === 'volume' && !mount.shared && !mount.readOnly ? [`${namespace}_${mount.name}`] : [],
    ),
    constraints,
    label: placeLabel(namespace, service.node.id),
    phase,
  };
}
