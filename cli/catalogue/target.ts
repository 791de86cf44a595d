import { join } from 'node:path';
import type { Shell } from '../../contract/shell';
import { findTarget, serverUrl, type Target } from '../../operations/docker/target';
import { envFileOf, readEnvFile } from '../../operations/inputs/env-file';
import { UsageError } from '../../operations/terminal/usage-error';
import { environmentOf } from '../read/environment';
import type { Call } from '../table/verb';
import type { EnvironmentNames } from './names';
import { refuseAnother } from './same-server';

/** What is typed of a server. */
interface Asked extends Pick<Call, 'shell' | 'projectFolder'> {
  readonly values: {
    readonly environment: string | undefined;
    readonly host: string | undefined;
    readonly stack?: string | undefined;
    readonly 'ssh-option': readonly string[];
  };
}

type Names = Partial<Pick<EnvironmentNames, 'address' | 'stack' | 'derived'>>;

/**
 * `--host`, else `DOCKER_HOST`, else the server that the environment is deployed to: `VPS_HOST` and its like of the shell or
 * of the environment's `.env` file, else the catalogue's address. The local daemon only where none of these is there.
 *
 * @throws {UsageError} also where an environment is typed, and `DOCKER_HOST` is another one's server
 */
export function targetOf(asked: Asked, names: Names): Target {
  const stack = asked.values.stack ?? names.stack;
  const derived = stack === undefined ? [] : (names.derived?.(stack) ?? []);
  return { ...serverOf(asked, names), ...(derived.length > 0 ? { derived } : {}) };
}

function serverOf(asked: Asked, names: Names): Target {
  const { values, shell } = asked;
  const { environment, host, 'ssh-option': sshOptions } = values;
  // What the file says is said of the environment's server, and of no other.
  if (host !== undefined) return findTarget(host, sshOptions, shell);
  if (!shell.DOCKER_HOST) return findTarget(undefined, sshOptions, deployedTo(asked, names));
  if (environment !== undefined) refuseAnother(environment, shell, knownServer(asked, names));
  return findTarget(undefined, sshOptions, shell);
}

/** The shell, with what else says where the environment's server is. @throws {UsageError} */
function deployedTo({ values, shell, projectFolder }: Asked, { address }: Names): Shell {
  const here = withFile(shell, join(projectFolder, envFileOf(environmentOf(values.environment, shell))));
  return { ...here, VPS_HOST: here.VPS_HOST || address };
}

/** As far as it can be told: a file that cannot be understood keeps nobody from a server that the shell names. */
function knownServer(asked: Asked, names: Names): string | undefined {
  try {
    return serverUrl(deployedTo(asked, names));
  } catch {
    return undefined;
  }
}

/** The ways to a server that the file has; what the shell says wins, unless it says nothing, as in a deploy. */
function withFile(shell: Shell, path: string): Shell {
  try {
    const written = Object.entries(readEnvFile(path));
    const added = written.filter(([name]) => name.startsWith('VPS_') && !shell[name]);
    return { ...shell, ...Object.fromEntries(added) };
  } catch (error) {
    // It may be another program's, written in another way: whoever says the server here is not kept from it.
    if (shell.VPS_HOST) return shell;
    throw new UsageError((error as Error).message.replace(/\n +/, '\n'));
  }
}
