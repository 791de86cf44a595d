import type { ServiceSpec } from '../docker/answers';
import type { Hardening } from './options';

/** What marks a trial's service, which is none of the platform's; its value is the service that is tried. */
export const LABEL = 'proctorwise.trial';
/** When it is over, whatever becomes of who started it: in seconds since 1970, by the server's clock. */
export const UNTIL_LABEL = 'proctorwise.trial.until';

// biome-ignore lint/suspicious/noExplicitAny: a specification is given back to the engine as the engine wrote it
type Json = any;

/**
 * The service once more, as one task that is not started again, with little that it may do. It has the same secrets,
 * settings and networks, so it can reach what the real ones reach; nobody finds it, for it has another name and no port. It
 * reserves nothing, so that it also starts where the node is full; its limits hold.
 *
 * @param name of the service that is tried
 * @param until as `UNTIL_LABEL` has it
 */
export function trialOf(name: string, spec: ServiceSpec, hardening: Hardening, until: number): ServiceSpec {
  const { ForceUpdate: _, Resources, ...template } = spec.TaskTemplate as Json;
  const container = template.ContainerSpec;
  const mounted = new Set((container.Mounts ?? []).map(({ Target }: Json) => Target));
  const memory = hardening.readOnlyRoot ? hardening.tmpfs.filter((Target) => !mounted.has(Target)) : [];
  return {
    Name: trialName(name),
    Labels: { [LABEL]: name, [UNTIL_LABEL]: String(until) },
    TaskTemplate: {
      ...template,
      Resources: Resources?.Limits ? { Limits: Resources.Limits } : {},
      ContainerSpec: {
        ...container,
        Labels: { [LABEL]: name },
        ...(hardening.user === undefined ? {} : { User: hardening.user }),
        CapabilityDrop: ['ALL'],
        CapabilityAdd: [...hardening.capAdd],
        ReadOnly: hardening.readOnlyRoot,
        Mounts: [...(container.Mounts ?? []), ...memory.map((Target) => ({ Type: 'tmpfs', Target }))],
      },
      RestartPolicy: { Condition: 'none' },
      Networks: (template.Networks ?? []).map(({ Target }: Json) => ({ Target })),
    },
    Mode: { Replicated: { Replicas: 1 } },
    EndpointSpec: { Mode: 'dnsrr' } as Json,
  };
}

/** Docker's limit for the name of a service is 63. */
export const trialName = (service: string): string => `${service.slice(0, 63 - '-trial'.length)}-trial`;

/** Why a service cannot be run once more beside itself; undefined where it can. */
export function refusalOf({ TaskTemplate, UpdateConfig, EndpointSpec }: ServiceSpec): string | undefined {
  const stopsFirst = (UpdateConfig as Json)?.Order !== 'start-first';
  const volumes = (TaskTemplate.ContainerSpec?.Mounts ?? []).filter(({ Type }) => Type === 'volume');
  if (stopsFirst && volumes.length > 0) {
    return 'it has data of its own, which one task alone may write';
  }
  if ((EndpointSpec?.Ports ?? []).length > 0) {
    return 'it publishes a port, which one task alone can have';
  }
  return undefined;
}
