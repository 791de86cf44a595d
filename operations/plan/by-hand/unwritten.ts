import type { TaskSpec } from '../../docker/answers';
import { isEmpty } from '../../rollout/specification/missing';

/** All of it, or these parts of it; of a list, of each of its items. */
type Fields = 'whole' | { readonly [name: string]: Fields };

const FILE: Fields = { Name: 'whole', UID: 'whole', GID: 'whole', Mode: 'whole' };

/**
 * What provider 3.6.2 reads of a task and writes to it, in Docker's words (`resource_docker_service_structures.go` of
 * kreuzwerker/terraform-provider-docker, whose `flatten…` and `create…` know the same).
 */
const TASK: Fields = {
  ContainerSpec: {
    ...all('Image', 'Labels', 'Command', 'Args', 'Hostname', 'Env', 'Dir', 'User', 'Groups', 'ReadOnly'),
    ...all(
      'StopSignal',
      'StopGracePeriod',
      'Hosts',
      'Isolation',
      'Sysctls',
      'CapabilityAdd',
      'CapabilityDrop',
    ),
    Privileges: all('CredentialSpec', 'SELinuxContext'),
    Mounts: {
      ...all('Type', 'Source', 'Target', 'ReadOnly'),
      BindOptions: all('Propagation'),
      VolumeOptions: all('NoCopy', 'Labels', 'DriverConfig'),
      TmpfsOptions: all('SizeBytes', 'Mode'),
    },
    Healthcheck: all('Test', 'Interval', 'Timeout', 'StartPeriod', 'Retries'),
    DNSConfig: all('Nameservers', 'Search', 'Options'),
    Secrets: { ...all('SecretID', 'SecretName'), File: FILE },
    Configs: { ...all('ConfigID', 'ConfigName'), File: FILE },
  },
  Resources: {
    Limits: all('NanoCPUs', 'MemoryBytes'),
    Reservations: all('NanoCPUs', 'MemoryBytes', 'GenericResources'),
  },
  RestartPolicy: all('Condition', 'Delay', 'MaxAttempts', 'Window'),
  Placement: all('Constraints', 'Preferences', 'MaxReplicas', 'Platforms'),
  Networks: all('Target', 'Aliases', 'DriverOpts'),
  LogDriver: all('Name', 'Options'),
  ...all('ForceUpdate', 'Runtime'),
};

function all(...names: readonly string[]): Readonly<Record<string, 'whole'>> {
  return Object.fromEntries(names.map((name) => [name, 'whole']));
}

/**
 * What tasks have that the provider does not know, by Docker's names: `ContainerSpec.Ulimits`. A refresh finds no difference
 * there, and each of its updates, which write the whole specification, takes it away: for Swarm that is a change of
 * the tasks. What is empty, zero or false counts as nothing, as it does for Docker.
 */
export const unwrittenIn = (task: TaskSpec): string[] => [...new Set(unknownIn(task, TASK))];

function unknownIn(value: unknown, fields: Fields | undefined, path = ''): string[] {
  if (fields === 'whole' || isEmpty(value)) return [];
  if (fields === undefined) return [path];
  if (Array.isArray(value)) return value.flatMap((item) => unknownIn(item, fields, path));
  return Object.entries(value as object).flatMap(([name, inner]) =>
    unknownIn(inner, fields[name], path ? `${path}.${name}` : name),
  );
}
