import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { DatabaseSettings, Phase, ProvisionSettings } from '../../../contract/provision';
import type { Place, Provisioning } from '../../catalogue/spec/backend';
import { type IConstruct, Step, type SwarmService, SwarmStack, stackFile } from '../../swarm';
import { accountsOf } from './accounts';
import { backupAccount } from './backup';
import type { MariadbSpec } from './spec';

/**
 * MariaDB's databases, account, grants and schemas, over its socket. `prepare` makes the new password valid beside the
 * one in force; `finish`, after the applications' gates, drops the old one.
 */
export function provisioning(at: Place, service: SwarmService, spec: MariadbSpec): Provisioning {
  const { scope, id } = at;
  const password = at.secret(spec.password);
  const { connection } = SwarmStack.of(scope);
  const step = (
    phase: Phase,
    script: string,
    triggers: Readonly<Record<string, string>>,
    after: readonly IConstruct[],
  ) =>
    new Step(scope, `${id}_${phase}`, {
      script,
      input: {
        variable: 'PROVISION',
        value: (): ProvisionSettings => ({
          host: connection.url,
          sshOptions: connection.sshOptions,
          ...provisionInput(at, service, spec, (path) => stackFile(scope, path).path),
          phase,
        }),
      },
      triggers: {
        service: `\${${service.address}.id}`,
        user: spec.user,
        password: password.hash,
        // A state that is older than the database knows the hash of a password that MariaDB has dropped since; the secret
        // is recreated then.
        secret: `\${join(",", ${password.idsExpression})}`,
        ...triggers,
        ...accountTriggers(at, spec),
      },
      after,
    });
  return {
    prepare: (script, after) => {
      const { databases } = provisionInput(at, service, spec, (path) => stackFile(scope, path).path);
      const triggers = {
        databases: databases.map(({ name }) => name).join(','),
        schemas: databases
          .flatMap(({ schemaFile }) => (schemaFile ? [`\${filesha256("${schemaFile}")}`] : []))
          .join(','),
      };
      return step('prepare', script, triggers, after);
    },
    // Runs after each time that `prepare` did.
    finish: (script, after, prepared) =>
      step('finish', script, { prepared: `\${${prepared.address}.id}` }, after),
    files: Object.fromEntries(
      Object.entries(spec.databases).flatMap(([name, { schema }]) => (schema ? [[name, schema]] : [])),
    ),
    sharedAccount: {
      service: service.serviceName,
      user: spec.user,
      databases: Object.keys(spec.databases),
      otherRights: spec.otherRights ?? 'kept',
      ...(spec.sharedAccount === 'dropped' ? { dropped: true } : {}),
    },
    manualInput: () => provisionInput(at, service, spec, (path) => path),
  };
}

/** Nothing where the catalogue says nothing of it. */
const accountTriggers = (at: Place, spec: MariadbSpec): Record<string, string> => ({
  ...(spec.accounts === 'per-service' ? { accounts: JSON.stringify(accountsOf(at, spec)) } : {}),
  ...(spec.sharedAccount ? { sharedAccount: spec.sharedAccount } : {}),
  ...(spec.otherRights ? { otherRights: spec.otherRights } : {}),
  ...Object.fromEntries(
    Object.entries(backupAccount(at, spec)).flatMap(([name, account]) => [
      [name, JSON.stringify(account)],
      // Another version may want other tables of its own: `mariadb-upgrade`.
      ['image', at.image.tagged],
    ]),
  ),
});

type WhatToProvision = Omit<ProvisionSettings, 'host' | 'sshOptions' | 'phase' | 'deadlineSeconds'>;

/** What is provisioned; where, and in which phase, is the caller's. @throws when a schema file is not there, or words contradict */
function provisionInput(
  at: Place,
  service: SwarmService,
  spec: MariadbSpec,
  /** Where the script finds a schema file, from where it is on this machine. */
  schemaFile: (path: string) => string,
): WhatToProvision {
  const { user, databases, password, sharedAccount, otherRights } = spec;
  const secret = at.secret(password);
  const accounts = accountsOf(at, spec);
  if (!accounts && sharedAccount === 'dropped') {
    throw new Error(
      `${at.id}: sharedAccount is 'dropped', and all applications log in with ${user}\n  say accounts: 'per-service' first, and deploy that; or leave sharedAccount out`,
    );
  }
  return {
    service: service.serviceName,
    user,
    characterSet: 'utf8mb4',
    collation: 'utf8mb4_unicode_ci',
    databases: Object.entries(databases).map(([name, { schema }]): DatabaseSettings => {
      if (schema === undefined) return { name };
      const path = resolve(at.projectFolder, schema);
      if (!existsSync(path)) {
        throw new Error(
          `${at.id}: the schema of ${name} is not there: ${schema}\n  give the path relative to the project's folder`,
        );
      }
      return { name, schemaFile: schemaFile(path) };
    }),
    ...(accounts ? { accounts } : {}),
    ...(accounts && sharedAccount ? { sharedAccount } : {}),
    ...(otherRights ? { otherRights } : {}),
    ...backupAccount(at, spec),
    password: { variable: secret.node.id, hash: secret.hash, hashPrefix: secret.hashPrefix },
  };
}
