import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { DatabaseSettings, Phase, ProvisionSettings } from '../../contract/provision';
import {
  type Construct,
  type IConstruct,
  Step,
  type SwarmSecret,
  type SwarmService,
  SwarmStack,
  stackFile,
} from '../swarm';

export interface ProvisionProps {
  readonly script: string;
  readonly service: SwarmService;
  readonly user: string;
  readonly password: SwarmSecret;
  readonly databases: Readonly<Record<string, { readonly schema?: string }>>;
  /** What schema files are relative to. */
  readonly projectFolder: string;
}

/**
 * MariaDB's databases, account, grants and schemas, over its socket. `prepare` makes the new password valid beside the
 * one in force; `finish`, after the applications' gates, drops the old one.
 */
export function provision(
  scope: Construct,
  phase: Phase,
  props: ProvisionProps,
  after: readonly IConstruct[],
  /** For `finish`: the `prepare` that it completes, and that it runs after each time. */
  prepared?: Step,
): Step {
  const { connection } = SwarmStack.of(scope);
  const what = provisionInput(props, (path) => stackFile(scope, path).path);
  const input: ProvisionSettings = {
    host: connection.url,
    sshOptions: connection.sshOptions,
    ...what,
    phase,
  };
  return new Step(scope, `mariadb_${phase}`, {
    script: props.script,
    input: { variable: 'PROVISION', value: input },
    triggers: {
      service: `\${${props.service.address}.id}`,
      user: props.user,
      password: props.password.hash,
      // A state that is older than the database knows the hash of a password that MariaDB has dropped since; the secret is
      // made anew then.
      secret: `\${join(",", ${props.password.idsExpression})}`,
      ...(prepared ? { prepared: `\${${prepared.address}.id}` } : {}),
      ...(phase === 'prepare'
        ? {
            databases: input.databases.map(({ name }) => name).join(','),
            schemas: input.databases
              .flatMap(({ schemaFile }) => (schemaFile ? [`\${filesha256("${schemaFile}")}`] : []))
              .join(','),
          }
        : {}),
    },
    after,
  });
}

type WhatToProvision = Omit<ProvisionSettings, 'host' | 'sshOptions' | 'phase' | 'deadlineSeconds'>;

/**
 * What is provisioned, for the script's input; where, and in which phase, is the caller's.
 *
 * @throws when a schema file is not there
 */
export function provisionInput(
  props: Omit<ProvisionProps, 'script'>,
  /** Where the script finds a schema file, from where it is on this machine. */
  schemaFile: (path: string) => string,
): WhatToProvision {
  return {
    service: props.service.serviceName,
    user: props.user,
    characterSet: 'utf8mb4',
    collation: 'utf8mb4_unicode_ci',
    databases: Object.entries(props.databases).map(([name, { schema }]): DatabaseSettings => {
      if (schema === undefined) return { name };
      const path = resolve(props.projectFolder, schema);
      if (!existsSync(path)) {
        throw new Error(
          `mariadb: the schema of ${name} is not there: ${schema}\n  give the path relative to the project's folder`,
        );
      }
      return { name, schemaFile: schemaFile(path) };
    }),
    password: {
      variable: props.password.node.id,
      hash: props.password.hash,
      hashPrefix: props.password.hashPrefix,
    },
  };
}
