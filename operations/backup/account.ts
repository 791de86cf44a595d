import { randomBytes } from 'node:crypto';
import { restoreGrants, SECRET_FILES } from '../../contract/backup';
import type { TaskSpec } from '../docker/answers';
import type { Docker } from '../docker/client';
import { nativePassword } from '../provision/auth';
import { createUser, dropUser } from '../provision/plan';
import { objectOf } from '../provision/rights';
import { Server } from '../provision/server';
import { findContainer } from '../provision/task';

const LABEL = 'proctor.restore-password';

/** An account that may write what is restored, for as long as that takes. */
export interface RestoreAccount {
  /** The job with it in place of the one that only reads. */
  change(template: TaskSpec): TaskSpec;
  remove(): Promise<void>;
}

/**
 * Makes an account with a password of its own, which the job gets as a secret. Both are made again by the next restore and
 * removed at its end, whatever became of this one.
 *
 * @param service that runs MariaDB, by its full name
 */
export async function restoreAccount(
  docker: Docker,
  { namespace, service, databases }: { namespace: string; service: string; databases: readonly string[] },
): Promise<RestoreAccount> {
  const password = randomBytes(24).toString('hex');
  const user = `${namespace.slice(0, 40)}_restore`;
  const server = await serverOf(docker, service, password);
  const grants = restoreGrants(databases).map(
    ({ privileges, on }) => `GRANT ${privileges.join(', ')} ON ${objectOf(on)} TO '${user}'@'%';\n`,
  );
  await server.run([dropUser(user), createUser(user, [nativePassword(password)]), ...grants].join(''));
  await removeSecrets(docker, namespace);
  const name = `${namespace}.restore.${randomBytes(4).toString('hex')}`;
  const id = await docker.createSecret({
    Name: name,
    Labels: { [LABEL]: namespace },
    Data: Buffer.from(password).toString('base64'),
  });
  return {
    change: (template) => withAccount(template, user, { SecretID: id, SecretName: name }),
    remove: async () => {
      await (await serverOf(docker, service, password)).run(dropUser(user));
      await removeSecrets(docker, namespace);
    },
  };
}

const PATIENCE_MS = 60_000;

async function serverOf(docker: Docker, service: string, password: string): Promise<Server> {
  const containerId = await findContainer(docker, service, { until: Date.now() + PATIENCE_MS });
  return new Server((command, stdin) => docker.exec({ containerId, command, stdin, user: 'root' }), password);
}

async function removeSecrets(docker: Docker, namespace: string): Promise<void> {
  const left = (await docker.secrets()).filter(({ Spec }) => Spec?.Labels?.[LABEL] === namespace);
  // One that a task still uses goes with the next.
  for (const { ID } of left) await docker.removeSecret(ID).catch(() => {});
}

function withAccount(
  template: TaskSpec,
  user: string,
  secret: { readonly SecretID: string; readonly SecretName: string },
): TaskSpec {
  const { ContainerSpec } = template;
  if (!ContainerSpec) return template;
  const fileOf = (one: { readonly File?: unknown }) => (one.File as { Name?: string } | undefined)?.Name;
  return {
    ...template,
    ContainerSpec: {
      ...ContainerSpec,
      Args: (ContainerSpec.Args ?? []).map((argument) =>
        argument.startsWith('BACKUP_DB_USER=') ? `BACKUP_DB_USER=${user}` : argument,
      ),
      Secrets: (ContainerSpec.Secrets ?? []).map((one) =>
        fileOf(one) === SECRET_FILES.database ? { ...one, ...secret } : one,
      ),
    },
  };
}
