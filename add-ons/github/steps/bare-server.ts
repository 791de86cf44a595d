import type { Shell } from '../../../contract/shell';
import { connect } from '../../../operations/docker/connect';
import { explain } from '../../../operations/docker/explain';
import { findTarget } from '../../../operations/docker/target';
import { within } from '../../../operations/docker/within';

/** What a deploy may mend itself, where the catalogue says what the server is to be (`host`). */
const MENDED = ['noDocker', 'noPermission', 'daemonDown'];

/**
 * Why there can be no plan yet: the provider asks Docker, which a bare server does not have.
 *
 * @returns undefined when Docker answers, or when it is something that no deploy mends
 */
export async function whyNoPlanYet(env: Shell): Promise<string | undefined> {
  const { host, sshOptions } = findTarget(undefined, [], env);
  const connection = connect({ host, sshOptions });
  try {
    await within(connection.docker.ping());
    return undefined;
  } catch (error) {
    const words = explain(error, 'the server');
    return words && MENDED.includes(words.problem) ? words.message.split('\n')[0] : undefined;
  } finally {
    connection.close();
  }
}
