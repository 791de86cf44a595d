import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { registryHost } from '../../constructs/units';
import type { Shell } from '../../contract/shell';

export type Login =
  | { readonly username: string; readonly password: string }
  | { readonly identityToken: string };

/** A registry of the catalogue, and the Terraform variables that hold its login. */
export interface RegistryLogin {
  readonly address: string;
  readonly username: string;
  readonly password: string;
}

/** What `docker login` leaves behind. */
interface DockerConfig {
  readonly auths?: Record<string, { auth?: string; identitytoken?: string }>;
  readonly credHelpers?: Record<string, string>;
  readonly credsStore?: string;
}

/** Under which Docker keeps a login to Docker Hub, for the sake of its first API. */
const HUB_KEY = 'https://index.docker.io/v1/';

/**
 * The login for a registry: `TF_VAR_…` of the catalogue's, else what `docker login` stored.
 *
 * @returns undefined for anonymous access
 * @throws when Docker's configuration or its credential helper cannot be used
 */
export async function loginFor(
  registry: string,
  shell: Shell,
  registries: readonly RegistryLogin[],
): Promise<Login | undefined> {
  const declared = registries.find(({ address }) => registryHost(address) === registry);
  const username = declared && shell[`TF_VAR_${declared.username}`];
  const password = declared && shell[`TF_VAR_${declared.password}`];
  if (username && password) return { username, password };

  const config = readConfig(
    join(shell.DOCKER_CONFIG || join(shell.HOME || homedir(), '.docker'), 'config.json'),
  );
  const key = registry === 'docker.io' ? HUB_KEY : registry;
  const helper = find(config.credHelpers, registry) ?? config.credsStore;
  const stored = find(config.auths, registry);
  if (helper) return fromHelper(helper, key, shell);
  if (stored?.identitytoken) return { identityToken: stored.identitytoken };
  return stored?.auth ? fromBasic(stored.auth) : undefined;
}

function readConfig(path: string): DockerConfig {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as DockerConfig;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    // The parser's own message would quote the file, which holds passwords.
    throw new Error(`cannot read the logins in ${path}\n  mend the file, or log in again with docker login`);
  }
}

function find<T>(entries: Readonly<Record<string, T>> | undefined, registry: string): T | undefined {
  return Object.entries(entries ?? {}).find(([key]) => registryHost(key) === registry)?.[1];
}

function fromBasic(auth: string): Login | undefined {
  const text = Buffer.from(auth, 'base64').toString();
  const colon = text.indexOf(':');
  return colon > 0 ? { username: text.slice(0, colon), password: text.slice(colon + 1) } : undefined;
}

/** Docker's helper protocol: the registry on stdin, JSON on stdout; no login is an error there with its own text. */
function fromHelper(name: string, key: string, shell: Shell): Promise<Login | undefined> {
  const program = `docker-credential-${name}`;
  return new Promise((done, fail) => {
    const child = execFile(
      program,
      ['get'],
      { timeout: 10_000, env: shell as NodeJS.ProcessEnv },
      (error, stdout) => {
        if (error && /credentials not found/i.test(stdout)) return done(undefined);
        try {
          if (error) throw error;
          const { Username, Secret } = JSON.parse(stdout) as { Username: string; Secret: string };
          done(Username === '<token>' ? { identityToken: Secret } : { username: Username, password: Secret });
        } catch {
          fail(
            new Error(
              `${program}, which keeps Docker's logins, gave none for ${key}\n  log in again with docker login, or remove it from Docker's config.json`,
            ),
          );
        }
      },
    );
    // A helper that cannot be started closes its end, and the callback above tells.
    child.stdin?.on('error', () => {});
    child.stdin?.end(key);
  });
}
