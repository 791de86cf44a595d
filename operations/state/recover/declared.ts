import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What Terraform can import. A secret it cannot. */
export const IMPORTABLE = ['docker_network', 'docker_config', 'docker_service'] as const;
export type Importable = (typeof IMPORTABLE)[number];

/** An object of the stack that Terraform can take over. */
export interface DeclaredObject {
  readonly type: Importable;
  /** As in Terraform's commands. */
  readonly address: string;
  /** As in Swarm. */
  readonly name: string;
}

export interface Declared {
  readonly objects: readonly DeclaredObject[];
  /** Ids of secrets, without namespace and hash. */
  readonly secrets: readonly string[];
  readonly configs: readonly string[];
}

/** What a synthesized stack declares in Swarm. */
export function readDeclared(stackFolder: string): Declared {
  const { resource = {} } = JSON.parse(readFileSync(join(stackFolder, 'cdk.tf.json'), 'utf8'));
  const idsOf = (type: string) => Object.keys(resource[type] ?? {});
  const objects = IMPORTABLE.flatMap((type) =>
    Object.entries(resource[type] ?? {}).map(([id, body]) => {
      const { name, for_each: each } = body as { name: string; for_each?: string };
      // The hash at the end of its name is also its key.
      const key = each === undefined ? '' : `["${name.slice(-10)}"]`;
      return { type, address: `${type}.${id}${key}`, name };
    }),
  );
  return { objects, secrets: idsOf('docker_secret'), configs: idsOf('docker_config') };
}
