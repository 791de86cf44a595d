import type { ServiceSpec } from '../../docker/answers';

// biome-ignore lint/suspicious/noExplicitAny: any version of the engine may have written it
type Json = any;

/**
 * The two parts of a specification for which Swarm replaces tasks, and which alone it can therefore roll back, without
 * what no deploy plans. `missing` passes over the rest that differs in writing alone: what is absent, empty or false
 * says the same (`Init`, `Privileges`, `DNSConfig`).
 */
export function normalized({
  TaskTemplate,
  EndpointSpec,
}: Pick<ServiceSpec, 'TaskTemplate' | 'EndpointSpec'>) {
  const {
    ContainerSpec: container,
    // Counts what was restarted by hand; the provider takes it over as it finds it.
    ForceUpdate: _,
    Runtime,
    Placement,
    ...template
  } = TaskTemplate as Json;
  // Labels are anybody's: Terraform ignores them, and so do we.
  const { Labels: _labels, Isolation, Mounts, ...rest } = container ?? {};
  // The engine reads them from the registry.
  const { Platforms: _platforms, ...placement } = Placement ?? {};
  return {
    TaskTemplate: {
      ...template,
      ...(Runtime === 'container' ? {} : { Runtime }),
      Placement: placement,
      ContainerSpec: {
        ...rest,
        ...(Isolation === 'default' ? {} : { Isolation }),
        Mounts: (Mounts ?? []).map(mountWithoutLabels),
      },
    },
    // Where nothing is said, it is a virtual address.
    EndpointSpec: { ...EndpointSpec, Mode: (EndpointSpec as Json)?.Mode || 'vip' },
  };
}

function mountWithoutLabels({ VolumeOptions, ...mount }: Json) {
  const { Labels: _, ...options } = VolumeOptions ?? {};
  return { ...mount, VolumeOptions: options };
}
