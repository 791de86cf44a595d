import type { Shell } from '../../../contract/shell';
import { withDocker } from '../../../operations/docker/client';
import { ConnectionError } from '../../../operations/docker/explain';
import { findTarget } from '../../../operations/docker/target';

/** What a deploy may mend itself, where the catalogue says what the server is to be (`host`). */
const MENDED = ['noDocker', 'noPermission', 'daemonDown'];

/**
 * Why there can be no plan yet: the provider asks Docker, which a bare server does not have.
 *
 * @returns undefined when Docker answers, or when it is something that no deploy repairs
 */
export async function whyNoPlanYet(env: Shell): Promise<string | undefined> {
  const { host, sshOptions } = findTarget(undefined, [], env);
  try {
    await withDocker({ host, sshOptions, name: 'the server' }, (docker) => docker.ping());
    return undefined;
  } catch (error) {
    if (!(error instanceof ConnectionError) || !MENDED.includes(error.problem)) return undefined;
    return error.message.split('\n')[0];
  }
}
