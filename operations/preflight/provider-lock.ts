import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readIfThere } from '../files/read-if-there';
import { type Finding, ok, warning } from '../terminal/finding';

export const LOCK_FILE = '.terraform.lock.hcl';

/** What a stack asks for: the provider's address, and its version where it is an exact one. */
interface Wanted {
  readonly source: string;
  readonly version?: string;
}

const HOW =
  'run: ./proctor synth && ./proctor providers lock (it calls `terraform providers lock` for every system), then commit the file';

/**
 * Without a lock Terraform believes whatever the registry, a mirror or a proxy gives it, and that program gets every
 * secret. The one that `terraform init` writes beside the stack does not count: it has what came the first time.
 */
export function judgeProviderLock(wanted: readonly Wanted[], lock: string | undefined): Finding[] {
  if (lock === undefined) {
    return [
      warning('providers', `there is no ${LOCK_FILE}: whatever is served as a provider would be run`, HOW),
    ];
  }
  const locked = new Map(
    [...lock.matchAll(/^provider "([^"]+)" \{([\s\S]*?)^\}/gm)].map(([, name, body = '']) => [
      name!.replace(/^registry\.terraform\.io\//, ''),
      { version: /^\s*version\s*=\s*"([^"]+)"/m.exec(body)?.[1], hasSums: /"(h1|zh):/.test(body) },
    ]),
  );
  const open = wanted.filter(({ source, version }) => {
    const entry = locked.get(source);
    return !entry?.hasSums || (version !== undefined && entry.version !== version);
  });
  if (open.length === 0) return [ok('providers', `${LOCK_FILE} has the checksums of all ${wanted.length}`)];
  const names = open.map(({ source, version }) => (version ? `${source} ${version}` : source)).join(', ');
  return [warning('providers', `${LOCK_FILE} has no checksum of ${names}`, HOW)];
}

export function gatherProviderLock(
  stackFolder: string,
  projectFolder: string,
): [wanted: Wanted[], lock: string | undefined] {
  const { terraform } = JSON.parse(readFileSync(join(stackFolder, 'cdk.tf.json'), 'utf8')) as {
    terraform?: { required_providers?: Record<string, { source: string; version?: string }> };
  };
  const wanted = Object.values(terraform?.required_providers ?? {}).map(({ source, version = '' }) => ({
    source,
    ...(/^\d[\w.-]*$/.test(version) ? { version } : {}),
  }));
  return [wanted, readIfThere(join(projectFolder, LOCK_FILE))];
}
