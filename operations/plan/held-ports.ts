import type { Service } from '../docker/answers';
import type { SynthesizedStack } from '../stack/synthesized';
import { actionOf, type PlanDocument } from '../terraform/document';

const NAMESPACE = 'com.docker.stack.namespace';

/**
 * Published ports that a service of this stack has which the catalogue lacks, and which this plan does not remove: the
 * apply would wait for a port that nobody gives up. Those of others are the preflight's.
 */
export function heldPorts(
  running: readonly Service[],
  { services, namespace }: Pick<SynthesizedStack, 'services' | 'namespace'>,
  document: PlanDocument,
): string[] {
  const leaving = (document.resource_changes ?? [])
    .filter((one) => one.type === 'docker_service' && actionOf(one) === 'destroy')
    .map(({ change }) => change.before?.name);
  const staying = running.filter(
    ({ Spec: { Name, Labels } }) =>
      Labels?.[NAMESPACE] === namespace &&
      !leaving.includes(Name) &&
      !services.some(({ name }) => name === Name),
  );
  return services.flatMap(({ id, ports }) =>
    ports.flatMap(({ published, protocol }) => {
      const holder = staying.find(({ Spec }) =>
        Spec.EndpointSpec?.Ports?.some(
          ({ PublishedPort, Protocol = 'tcp' }) => PublishedPort === published && Protocol === protocol,
        ),
      );
      return holder
        ? [
            `${id} publishes ${published}/${protocol}, which ${holder.Spec.Name} has, and neither the catalogue nor the state knows that: docker service rm ${holder.Spec.Name}`,
          ]
        : [];
    }),
  );
}
