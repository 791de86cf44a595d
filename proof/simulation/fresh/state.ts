import { replicasOf, type ServiceRecord, type Spec } from '../swarm/records';

/** The state that Terraform writes when its provider has read this service, as far as the model has fields. */
export function stateOf({ id, spec }: ServiceRecord): string {
  const instance = { attributes: attributesOf(id, spec) };
  const resource = { mode: 'managed', type: 'docker_service', name: 'web', provider: 'docker' };
  return JSON.stringify({
    serial: 1,
    lineage: 'lineage',
    resources: [{ ...resource, instances: [instance] }],
  });
}

/** resource_docker_service_structures.go of the provider. */
function attributesOf(id: string, { Name, Labels, TaskTemplate, Mode, ...spec }: Spec) {
  const { ContainerSpec: container, RestartPolicy: restart, Placement: place, Resources } = TaskTemplate;
  const { Healthcheck: health } = container;
  const reserved = Resources?.Reservations;
  return {
    id,
    name: Name,
    labels: labelsOf(Labels),
    mode: Mode?.Replicated
      ? [{ replicated: [{ replicas: replicasOf({ Mode } as Spec) }] }]
      : [{ global: true }],
    task_spec: [
      {
        container_spec: [
          {
            image: container.Image,
            env: Object.fromEntries((container.Env ?? []).map((entry) => entry.split('='))),
            stop_grace_period: durationOf(container.StopGracePeriod),
            configs: (container.Configs ?? []).map(({ ConfigID, ConfigName }) => ({
              config_id: ConfigID,
              config_name: ConfigName,
            })),
            healthcheck: health
              ? [
                  {
                    interval: durationOf(health.Interval),
                    timeout: durationOf(health.Timeout),
                    start_period: durationOf(health.StartPeriod),
                    retries: health.Retries,
                  },
                ]
              : [],
          },
        ],
        restart_policy: restart
          ? [
              {
                condition: restart.Condition,
                delay: durationOf(restart.Delay),
                max_attempts: restart.MaxAttempts,
              },
            ]
          : [],
        resources: reserved
          ? [{ reservation: [{ nano_cpus: reserved.NanoCPUs, memory_bytes: reserved.MemoryBytes }] }]
          : [],
        placement: place
          ? [
              {
                constraints: place.Constraints,
                max_replicas: place.MaxReplicas,
                platforms: (place.Platforms ?? []).map(({ Architecture, OS }) => ({
                  architecture: Architecture,
                  os: OS,
                })),
              },
            ]
          : [],
      },
    ],
    update_config: configOf(spec.UpdateConfig),
    rollback_config: configOf(spec.RollbackConfig),
    endpoint_spec: [
      {
        ports: (spec.EndpointSpec?.Ports ?? []).map(({ PublishedPort, PublishMode }) => ({
          published_port: PublishedPort,
          publish_mode: PublishMode,
        })),
      },
    ],
  };
}

const configOf = (config: Spec['UpdateConfig']) =>
  config
    ? [
        {
          parallelism: config.Parallelism,
          delay: durationOf(config.Delay),
          monitor: durationOf(config.Monitor),
          failure_action: config.FailureAction,
          max_failure_ratio: String(config.MaxFailureRatio ?? 0),
          order: config.Order,
        },
      ]
    : [];

const labelsOf = (labels: Spec['Labels'] = {}) =>
  Object.entries(labels).map(([label, value]) => ({ label, value }));

const durationOf = (nanoseconds = 0): string => `${nanoseconds}ns`;
