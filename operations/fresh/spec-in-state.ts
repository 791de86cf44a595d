import { isEmpty } from '../rollout/specification/missing';

/** A state has something that is not translated here; the message is where. */
export class UnknownAttribute extends Error {}

// biome-ignore lint/suspicious/noExplicitAny: a document that another program wrote
type Json = any;

/**
 * The specification of which the provider made these attributes, in Docker's words: what it leaves out or writes as empty
 * is left out. Strict on purpose: who does not know an attribute cannot say that it is still so.
 *
 * @throws {UnknownAttribute}
 */
export function specInState(attributes: Json): Json {
  const {
    id: _,
    name,
    labels,
    mode,
    task_spec,
    update_config,
    rollback_config,
    endpoint_spec,
    ...rest
  } = attributes;
  nothingElse('', rest);
  return {
    Name: name,
    Labels: labelsIn(labels),
    Mode: modeIn(mode),
    TaskTemplate: taskIn(one(task_spec)),
    UpdateConfig: updateIn(one(update_config)),
    RollbackConfig: updateIn(one(rollback_config)),
    EndpointSpec: endpointIn(one(endpoint_spec)),
  };
}

function modeIn(modes: Json): Json {
  const { global, replicated, ...rest } = one(modes);
  nothingElse('mode', rest);
  return global ? { Global: {} } : { Replicated: { Replicas: one(replicated).replicas ?? 0 } };
}

function taskIn(task: Json): Json {
  const { container_spec, force_update, log_driver, networks_advanced, placement, resources, ...others } =
    task;
  const { restart_policy, runtime, ...rest } = others;
  nothingElse('task_spec', rest);
  return {
    ContainerSpec: containerIn(one(container_spec)),
    ForceUpdate: force_update,
    LogDriver: logDriverIn(one(log_driver)),
    Networks: list(networks_advanced).map(({ aliases, name, ...more }) => {
      nothingElse('networks_advanced', more);
      return { Target: name, Aliases: aliases };
    }),
    Placement: placementIn(one(placement)),
    Resources: resourcesIn(one(resources)),
    RestartPolicy: restartIn(one(restart_policy)),
    Runtime: runtime,
  };
}

function containerIn(container: Json): Json {
  const { image, command, args, dir, user, groups, hostname, env, labels, mounts, ...others } = container;
  const { secrets, configs, healthcheck, dns_config, isolation, read_only, sysctl, ...more } = others;
  const { cap_add, cap_drop, stop_grace_period, stop_signal, ...rest } = more;
  nothingElse('container_spec', rest);
  const dns = one(dns_config);
  return {
    Image: image,
    Command: command,
    Args: args,
    Dir: dir,
    User: user,
    Groups: groups,
    Hostname: hostname,
    Env: Object.entries(env ?? {}).map(([key, value]) => `${key}=${value}`),
    Labels: labelsIn(labels),
    Mounts: list(mounts).map(mountIn),
    Secrets: list(secrets).map((secret) => objectIn('secret', secret)),
    Configs: list(configs).map((config) => objectIn('config', config)),
    Healthcheck: healthcheckIn(one(healthcheck)),
    DNSConfig: { Nameservers: dns.nameservers, Search: dns.search, Options: dns.options },
    Isolation: isolation,
    ReadOnly: read_only,
    Sysctls: sysctl,
    CapabilityAdd: cap_add,
    CapabilityDrop: cap_drop,
    StopGracePeriod: nanoseconds(stop_grace_period),
    StopSignal: stop_signal,
  };
}

function mountIn({ type, source, target, read_only, bind_options, volume_options, ...rest }: Json): Json {
  nothingElse('mounts', rest);
  const { labels, no_copy, driver_name, driver_options, ...more } = one(volume_options);
  nothingElse('volume_options', more);
  const { propagation, ...bind } = one(bind_options);
  nothingElse('bind_options', bind);
  return {
    Type: type,
    Source: source,
    Target: target,
    ReadOnly: read_only,
    BindOptions: { Propagation: propagation },
    VolumeOptions: {
      Labels: labelsIn(labels),
      NoCopy: no_copy,
      DriverConfig: { Name: driver_name, Options: driver_options },
    },
  };
}

function objectIn(kind: 'secret' | 'config', object: Json): Json {
  const { file_name, file_uid, file_gid, file_mode, ...others } = object;
  const { [`${kind}_id`]: id, [`${kind}_name`]: name, ...rest } = others;
  nothingElse(kind, rest);
  const [idKey, nameKey] = kind === 'secret' ? ['SecretID', 'SecretName'] : ['ConfigID', 'ConfigName'];
  return {
    [idKey!]: id,
    [nameKey!]: name,
    File: { Name: file_name, UID: file_uid, GID: file_gid, Mode: file_mode },
  };
}

function healthcheckIn({ test, interval, timeout, start_period, retries, ...rest }: Json): Json {
  nothingElse('healthcheck', rest);
  return {
    Test: test,
    Interval: nanoseconds(interval),
    Timeout: nanoseconds(timeout),
    StartPeriod: nanoseconds(start_period),
    Retries: retries,
  };
}

function placementIn({ constraints, max_replicas, platforms, ...rest }: Json): Json {
  nothingElse('placement', rest);
  return {
    Constraints: constraints,
    MaxReplicas: max_replicas,
    Platforms: list(platforms).map(({ architecture, os }) => ({ Architecture: architecture, OS: os })),
  };
}

function resourcesIn({ limits, reservation, ...rest }: Json): Json {
  nothingElse('resources', rest);
  const amount = ({ memory_bytes, nano_cpus, ...more }: Json) => {
    nothingElse('resources', more);
    return { NanoCPUs: nano_cpus, MemoryBytes: memory_bytes };
  };
  return { Limits: amount(one(limits)), Reservations: amount(one(reservation)) };
}

function restartIn({ condition, delay, max_attempts, window, ...rest }: Json): Json {
  nothingElse('restart_policy', rest);
  return {
    Condition: condition,
    Delay: nanoseconds(delay),
    MaxAttempts: max_attempts,
    Window: nanoseconds(window),
  };
}

function logDriverIn({ name, options, ...rest }: Json): Json {
  nothingElse('log_driver', rest);
  return { Name: name, Options: options };
}

function updateIn({ parallelism, delay, failure_action, monitor, order, ...others }: Json): Json {
  const { max_failure_ratio, ...rest } = others;
  nothingElse('update_config', rest);
  return {
    Parallelism: parallelism,
    Delay: nanoseconds(delay),
    FailureAction: failure_action,
    Monitor: nanoseconds(monitor),
    MaxFailureRatio: max_failure_ratio === undefined ? undefined : Number(max_failure_ratio),
    Order: order,
  };
}

function endpointIn({ mode, ports, ...rest }: Json): Json {
  nothingElse('endpoint_spec', rest);
  return {
    Mode: mode,
    Ports: list(ports).map(({ name, protocol, publish_mode, published_port, target_port, ...more }) => {
      nothingElse('ports', more);
      return {
        Name: name,
        Protocol: protocol,
        PublishMode: publish_mode,
        PublishedPort: published_port,
        TargetPort: target_port,
      };
    }),
  };
}

const labelsIn = (labels: Json): Json =>
  Object.fromEntries(list(labels).map(({ label, value }) => [label, value]));

const list = (value: Json): Json[] => value ?? [];
/** Terraform's nested blocks are lists of at most one. */
const one = (value: Json): Json => list(value)[0] ?? {};

function nothingElse(where: string, rest: Json): void {
  for (const [key, value] of Object.entries(rest)) {
    if (!isEmpty(value)) throw new UnknownAttribute(where ? `${where}.${key}` : key);
  }
}

const UNITS: Readonly<Record<string, number>> = {
  h: 3.6e12,
  m: 6e10,
  s: 1e9,
  ms: 1e6,
  µs: 1e3,
  us: 1e3,
  ns: 1,
};

/** `1m30s`, as Go writes a duration. */
function nanoseconds(text: string | undefined | null): number | undefined {
  if (!text) return undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s|µs|us|ns)/g)];
  if (parts.map(([part]) => part).join('') !== text) throw new UnknownAttribute(`the duration ${text}`);
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * UNITS[unit!]!, 0);
}
