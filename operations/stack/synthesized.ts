import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rolling } from '../../constructs/units/capacity';
import type { DeploySettings } from '../../contract/deploy-settings';
import type { DerivedSecret } from '../../contract/derived-secret';
import { derivedSecretsIn } from './derived';
import { isHost } from './synthesized-host';

/** A service as the synthesized stack declares it. */
export interface DeclaredService {
  /** As in the catalogue, and in the address `docker_service.<id>`. */
  readonly id: string;
  /** As in Swarm. */
  readonly name: string;
  readonly image: string;
  readonly replicas: number;
  /** What one task reserves. */
  readonly nanoCpus: number;
  readonly memoryBytes: number;
  readonly startFirst: boolean;
  readonly parallelism: number;
  readonly ports: readonly {
    readonly published: number;
    readonly target: number;
    readonly protocol: string;
  }[];
  /** Names of the volumes that it mounts. */
  readonly volumes: readonly string[];
  /** Where its tasks may run. */
  readonly constraints: readonly string[];
  /** Services of one wave roll at the same time, the waves one after the other. */
  readonly wave: number;
}

/** The same, as far as its rolls need room. */
export const rollingOf = ({ nanoCpus, memoryBytes, ...service }: DeclaredService): Rolling => ({
  ...service,
  task: { cpus: nanoCpus, memory: memoryBytes },
});

export interface RegistryLogin {
  readonly address: string;
  /** Names of the variables that hold the login. */
  readonly username: string | undefined;
  readonly password: string | undefined;
}

/** What a deploy needs to know of a synthesized stack. */
export interface SynthesizedStack {
  readonly id: string;
  /** Where Terraform runs. */
  readonly folder: string;
  /** The Swarm namespace. */
  readonly namespace: string;
  readonly host: string;
  readonly sshOptions: readonly string[];
  readonly registries: readonly RegistryLogin[];
  readonly services: readonly DeclaredService[];
  /** Names of variables that have no default. */
  readonly requiredVariables: readonly string[];
  readonly usesVariables: readonly string[];
  /** Names of variables whose value must never be shown. */
  readonly secretVariables: readonly string[];
  /** Secrets that are made from the value of a variable, one for each application for example. @default none */
  readonly derived?: readonly DerivedSecret[];
  /** The local state's file, relative to `folder`; absent where the state is remote. */
  readonly localState?: string;
  /** The state is in a bucket, so the shell's AWS keys are the state's. @default false */
  readonly stateInBucket?: boolean;
  readonly settings: DeploySettings;
}

// biome-ignore lint/suspicious/noExplicitAny: a document that another program wrote
type Json = any;

/** @throws when there is not exactly one stack of this environment, or it is not one that this project synthesizes */
export function readStack(out: string): SynthesizedStack {
  const manifest = read(join(out, 'manifest.json'));
  const stacks = (Object.values(manifest.stacks ?? {}) as Json[]).filter(({ name }) => !isHost(name));
  const [stack] = stacks;
  if (!stack || stacks.length > 1) {
    throw new Error(
      `${join(out, 'manifest.json')} has ${stacks.length} stacks\n  ./proctor deploy takes one; use \`npx cdktf deploy <stack>\``,
    );
  }
  const json = read(join(out, stack.synthesizedStackPath));
  const [provider] = json.provider?.docker ?? [];
  if (!provider?.host) {
    throw new Error(`stack ${stack.name} has no Docker provider\n  synthesize it with \`./proctor synth\``);
  }
  const settings: DeploySettings = json['//']?.deploy ?? {};
  const { waves = [] } = settings;
  const variables = Object.entries(json.variable ?? {}) as [string, Json][];
  const services = Object.entries(json.resource?.docker_service ?? {}).map(([id, body]) =>
    readService(id, body, waves),
  );
  const registries: RegistryLogin[] = (provider.dynamic?.registry_auth ?? []).map(
    ({ content: login }: Json) => ({
      address: login.address,
      username: variableOf(login.username),
      password: variableOf(login.password),
    }),
  );
  // A registry's user is most often the owner of the images, whose name is in each of them.
  const secret = ([name, body]: [string, Json]) =>
    body.sensitive === true && !registries.some(({ username }) => username === name);
  const localState = json.terraform?.backend?.local?.path;
  const derived = derivedSecretsIn(json);
  return {
    id: stack.name,
    folder: join(out, stack.workingDirectory),
    namespace: namespaceOf(json),
    host: provider.host,
    sshOptions: provider.ssh_opts ?? [],
    registries,
    services,
    requiredVariables: variables.filter(([, body]) => body.default === undefined).map(([name]) => name),
    usesVariables: variables.map(([name]) => name),
    secretVariables: variables.filter(secret).map(([name]) => name),
    ...(derived.length > 0 ? { derived } : {}),
    ...(localState ? { localState } : {}),
    ...(json.terraform?.backend?.s3 ? { stateInBucket: true } : {}),
    settings,
  };
}

function readService(id: string, body: Json, waves: readonly (readonly string[])[]): DeclaredService {
  const task = body.task_spec;
  const reservation = task.resources?.reservation ?? {};
  const update = body.update_config ?? {};
  return {
    id,
    name: body.name,
    image: task.container_spec.image,
    replicas: body.mode?.replicated?.replicas ?? 1,
    nanoCpus: reservation.nano_cpus ?? 0,
    memoryBytes: reservation.memory_bytes ?? 0,
    startFirst: update.order === 'start-first',
    parallelism: update.parallelism ?? 1,
    ports: (body.endpoint_spec?.ports ?? []).map((port: Json) => ({
      published: port.published_port,
      target: port.target_port,
      protocol: port.protocol ?? 'tcp',
    })),
    volumes: (task.container_spec.mounts ?? []).flatMap(({ type, source }: Json) =>
      type === 'volume' && source ? [source] : [],
    ),
    constraints: task.placement?.constraints ?? [],
    wave: Math.max(
      0,
      waves.findIndex((wave) => wave.includes(id)),
    ),
  };
}

function namespaceOf(json: Json): string {
  const [service] = Object.values(json.resource?.docker_service ?? {}) as Json[];
  const label = service?.labels?.find((entry: Json) => entry.label === 'com.docker.stack.namespace');
  return label?.value ?? '';
}

const variableOf = (expression: unknown): string | undefined =>
  /^\$\{var\.(\w+)\}$/.exec(String(expression))?.[1];

function read(path: string): Json {
  return JSON.parse(readFileSync(path, 'utf8'));
}
