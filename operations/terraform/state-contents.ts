import { harmless } from '../terminal/untrusted';
import { TerraformError } from './plan';
import { terraformCommand } from './program';
import { jsonIn, type TerraformRun, terraform } from './run';

/** One object that a state knows. No values: the rest of a state is secret. */
export interface KnownObject {
  /** As in Terraform's commands: `docker_service.users`, `docker_config.launcher["0123456789"]`. */
  readonly address: string;
  readonly type: string;
  readonly id: string;
  /** As in Swarm. */
  readonly name: string;
  /** Of `docker stack`; empty where there is none. */
  readonly namespace: string;
}

// biome-ignore lint/suspicious/noExplicitAny: a document that another program wrote
type Json = any;

/** The Docker objects in the state of an initialised stack; none where there is no state. @throws with Terraform's words */
export const readContents = async (run: TerraformRun): Promise<KnownObject[]> =>
  parseContents(await pullState(run));

/** The state as it is, secrets included; empty where there is none. @throws with Terraform's words */
export async function pullState(run: TerraformRun): Promise<string> {
  const result = await terraform(['state', 'pull', '-no-color'], run);
  if (result.code !== 0) {
    throw new Error(
      `the state cannot be read, nothing was changed\n  ${harmless(result.stderr).trim().replaceAll('\n', '\n  ')}\n  ./proctor state doctor says what is wrong with it`,
    );
  }
  return jsonIn(result.output);
}

/** Makes it the state of an initialised stack, whose own must not be newer, with the same lineage. @throws with Terraform's words */
export async function pushState(run: TerraformRun, text: string): Promise<void> {
  const result = await terraform(['state', 'push', '-no-color', '-'], { ...run, input: text });
  if (result.code !== 0)
    throw new TerraformError(`${terraformCommand()} state push failed, nothing was changed`, result);
}

export function parseContents(text: string): KnownObject[] {
  if (text.trim() === '') return [];
  const { resources = [] } = JSON.parse(text) as { readonly resources?: readonly Json[] };
  return resources
    .filter(({ mode, type }) => mode === 'managed' && type.startsWith('docker_'))
    .flatMap(({ type, name, instances }) =>
      // One that waits for its destruction has left its address.
      instances
        .filter(({ deposed }: Json) => !deposed)
        .map(({ index_key: key, attributes = {} }: Json) => ({
          address: addressOf({ type, name }, key),
          type,
          id: attributes.id ?? '',
          name: attributes.name ?? '',
          namespace: namespaceOf(attributes.labels),
        })),
    );
}

/** As Terraform writes it. @param key of one of several instances */
export const addressOf = ({ type, name }: { readonly type: string; readonly name: string }, key?: string) =>
  `${type}.${name}${key === undefined ? '' : `[${JSON.stringify(key)}]`}`;

const namespaceOf = (labels: Json): string =>
  (Array.isArray(labels) ? labels : []).find(({ label }) => label === 'com.docker.stack.namespace')?.value ??
  '';
