import { randomBytes } from 'node:crypto';
import { restoreGrants, SECRET_FILES } from '../../../contract/backup';
import type { TaskSpec } from '../../docker/answers';
import type { Docker } from '../../docker/client';
import { literal, nativePassword } from '../../provision/auth';
import { createUser, dropUser } from '../../provision/plan';
import { objectOf } from '../../provision/rights';
import { Server } from '../../provision/server';
import { findContainer } from '../../provision/task';

const LABEL = 'proctor.restore-password';

/** An account that may write what is restored, for as long as that takes. */
export interface RestoreAccount {
  /** The job with it in place of the one that only reads. */
  change(template: TaskSpec): TaskSpec;
  remove(): Promise<void>;
}

/**
 * Makes an account with a name and a password of its own, which the job gets as a secret: whoever begins another restore takes
 * nothing from one that is at work. What restores left that were killed goes.
 *
 * @param service that runs MariaDB, by its full name
 */
export async function restoreAccount(
  docker: Docker,
  { namespace, service, databases }: { namespace: string; service: string; databases: readonly string[] },
): Promise<RestoreAccount> {
  const password = randomBytes(24).toString('hex');
  const own = randomBytes(4).toString('hex');
  const user = userOf(namespace, own);
  const secretName = `${namespace}.restore.${own}`;
  // Before the account: one without its secret is a left one.
  const secret = await docker.createSecret({
    Name: secretName,
    Labels: { [LABEL]: namespace },
    Data: Buffer.from(password).toString('base64'),
  });
  const remove = async () => {
    await (await serverOf(docker, service, password)).run(dropUser(user));
    await docker.removeSecret(secret).catch(() => {});
  };
  try {
    const server = await serverOf(docker, service, password);
    await removeLeft(docker, server, namespace);
    const grants = restoreGrants(databases).map(
      ({ privileges, on }) => `GRANT ${privileges.join(', ')} ON ${objectOf(on)} TO '${user}'@'%';\n`,
    );
    await server.run([dropUser(user), createUser(user, [nativePassword(password)]), ...grants].join(''));
  } catch (error) {
    await remove().catch(() => {});
    throw error;
  }
  return {
    change: (template) => withAccount(template, user, { SecretID: secret, SecretName: secretName }),
    remove,
  };
}

/** MariaDB takes 80 characters. */
const userOf = (namespace: string, own: string): string => `${namespace.slice(0, 40)}_restore_${own}`;

const PATIENCE_MS = 60_000;
/** A job that is about to begin has no hold on its secret yet. */
const YOUNG_MS = 10 * 60_000;

async function serverOf(docker: Docker, service: string, password: string): Promise<Server> {
  const containerId = await findContainer(docker, service, { until: Date.now() + PATIENCE_MS });
  return new Server((command, stdin) => docker.exec({ containerId, command, stdin, user: 'root' }), password);
}

async function removeLeft(docker: Docker, server: Server, namespace: string): Promise<void> {
  const now = (await docker.clock()) ?? Date.now();
  const used = new Set<string>();
  for (const { ID, CreatedAt = '', Spec } of await docker.secrets()) {
    if (Spec?.Labels?.[LABEL] !== namespace) continue;
    const isOld = Date.parse(CreatedAt) + YOUNG_MS < now;
    // Docker keeps one that a job uses.
    const gone =
      isOld &&
      (await docker.removeSecret(ID).then(
        () => true,
        () => false,
      ));
    if (!gone) used.add(userOf(namespace, Spec.Name?.split('.').at(-1) ?? ''));
  }
  const prefix = userOf(namespace, '');
  const users = await server.query(
    `SELECT User FROM mysql.global_priv WHERE Host = '%' AND LEFT(User, ${prefix.length}) = ${literal(prefix)};\n`,
  );
  const left = users
    .map(([user = '']) => user)
    // None of an application's.
    .filter((user) => !used.has(user) && /^[0-9a-f]{8}$/.test(user.slice(prefix.length)));
  if (left.length > 0) await server.run(left.map(dropUser).join(''));
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
